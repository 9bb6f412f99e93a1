# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a secret, key or certificate, once for both levels."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of M(ipsec.strongswan.strongswan_secret)."""

    DOCUMENTATION = r"""
options:
  name: &name
    description:
      - The name, 1 to 64 letters, digits, C(_) or C(-). A key and a certificate may have the same
        name, and must go together then.
      - The file of a shared secret is C(secret-NAME.conf) in O(directory), its section in it
        C(secrets.TYPE-NAME). The file of a key or certificate is C(TYPE/NAME.pem) in the directory
        above, that of a PKCS#12 container C(pkcs12/NAME.p12).
    type: str
  secrets:
    description:
      - The secrets, keys and certificates, if there are several; excludes O(name).
      - What an entry leaves out comes from the option of the same name at the top level.
    type: list
    elements: dict
    suboptions:
      name: {<<: *name, required: true}
      type: &type
        description:
          - What it is, in swanctl's words.
          - V(ike) is a preshared key (PSK) of IKE, V(eap) a password for EAP and XAuth (V(xauth) is
            another word for it), V(ntlm) the NT hash of a password for EAP-MSCHAPv2, V(ppk) a
            postquantum preshared key.
          - V(private) is a private key of any kind. V(rsa), V(ecdsa) and V(pkcs8) are the same in
            folders of their own; V(pkcs12) is a container of a key and certificates.
          - V(x509) is a certificate of this host or of a peer, V(x509ca) one of an authority,
            V(x509ocsp) that of an OCSP signer, V(x509aa) that of an attribute authority, V(x509ac)
            an attribute certificate, V(x509crl) a list of revoked certificates, V(pubkey) a public
            key without a certificate.
        type: str
        choices:
          - ike
          - eap
          - xauth
          - ntlm
          - ppk
          - private
          - rsa
          - ecdsa
          - pkcs8
          - pkcs12
          - x509
          - x509ca
          - x509ocsp
          - x509aa
          - x509ac
          - x509crl
          - pubkey
      secret: &secret
        description:
          - The shared secret. Required if O(state=present). As in swanctl.conf, it may be given as
            hexadecimal digits after C(0x), or in Base64 after C(0s).
          - It is written to the file and sent to charon, and appears nowhere else. A preshared
            key under 20 characters gives a warning, and so does a postquantum one under 32 bytes.
          - For a private key or a container it is the passphrase. The passphrase is written to
            C(passphrase-TYPE-NAME.conf) in O(directory), as swanctl needs it when it loads the
            key, so it protects the key on its way only.
        type: str
      ids: &ids
        description:
          - The identities that use this shared secret, normally those of both ends. Without any it
            is for all identities.
        type: list
        elements: str
      content: &content
        description:
          - The key or certificate as PEM text, or its DER bytes in Base64 after C(0s). A container
            is always given as bytes. O(content) or O(src) is required if O(state=present).
          - It must be one key or certificate. Give those of a chain in an entry each.
          - A private key must be one that charon can read, and a certificate of type V(x509) must
            go with the private key of the same name, if there is one. Nothing is written before.
        type: str
      src: &src
        description:
          - A file of the controller to take O(content) from, PEM or DER, found as
            M(ansible.builtin.copy) finds it. Files that Ansible Vault encrypted are decrypted.
        type: path
      allow_expired: &allow_expired
        description:
          - Whether a new certificate may have expired already.
        type: bool
      warn_days: &warn_days
        description:
          - The days before a certificate expires from which on there is a warning.
        type: int
      state: &state
        description:
          - Whether it exists, in its file and in the running charon.
          - charon forgets secrets and private keys at once. It has no command to forget a
            certificate, which it keeps until it is restarted; there is a warning of this.
        type: str
        choices: [present, absent]
  type: {<<: *type, default: ike}
  secret: *secret
  ids: *ids
  content: *content
  src: *src
  allow_expired: {<<: *allow_expired, default: false}
  warn_days: {<<: *warn_days, default: 30}
  state: {<<: *state, default: present}
"""
