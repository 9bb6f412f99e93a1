#!/usr/bin/python
# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: strongswan_secret
short_description: Hold strongSwan's secrets, keys and certificates in a declared state
version_added: 0.1.0
description:
  - Writes shared secrets, private keys and certificates as files for swanctl, secret ones readable
    by root alone, and loads them into the running charon through its vici socket, one or many in a
    call.
  - The files survive a restart of charon. Only what changed is loaded, and what charon lacks; the
    daemon is never restarted.
  - A secret or private key never appears in the diff, in the returned values, in a log or on a
    command line. The diff says that it is another one, without showing it.
  - Whatever changed counts from the next authentication; running SAs are not touched. But a
    connection that names a changed certificate is loaded again, as charon holds a copy of it, and
    charon ends its SAs if a child has C(start_action=start), and initiates them again.
extends_documentation_fragment:
  - ipsec.strongswan._attributes
  - ipsec.strongswan._vici
  - ipsec.strongswan._secret
requirements:
  - strongSwan with the vici plugin (packages C(charon-systemd) and C(strongswan-swanctl))
  - openssl on the host, if a private key has a passphrase
  - root, so usually C(become=true)
notes:
  - charon does not tell the shared secrets that it holds, only their names. So a secret that
    another program changed in charon's memory, under the same name, is not noticed.
seealso:
  - module: ipsec.strongswan.strongswan_conn
author:
  - The ipsec.strongswan authors (@ipsec-strongswan)
"""

EXAMPLES = r"""
- name: The preshared key of moon and sun
  ipsec.strongswan.strongswan_secret:
    name: sun
    secret: "{{ sun_psk }}"
    ids: [moon.example.org, sun.example.org]

- name: Several secrets, and no others of this owner
  ipsec.strongswan.strongswan_secret:
    owner: hub
    purge: true
    secrets:
      - name: branch1
        secret: "{{ branch1_psk }}"
        ids: [hub.example.org, branch1.example.org]
      - name: alice
        type: eap
        secret: "{{ alice_password }}"
        ids: [alice@example.org]

- name: The host's key and certificate, which must go together, and the authority's certificate
  ipsec.strongswan.strongswan_secret:
    warn_days: 14
    secrets:
      - name: moon
        type: private
        content: "{{ moon_key }}"
      - name: moon
        type: x509
        src: moon-cert.pem
      - name: example-ca
        type: x509ca
        src: example-ca.pem

- name: A private key with a passphrase, which swanctl reads from a file when the host starts
  ipsec.strongswan.strongswan_secret:
    name: gateway
    type: private
    content: "{{ gateway_encrypted_key }}"
    secret: "{{ gateway_passphrase }}"

- name: A certificate of a peer whose clock is wrong, taken over from a file by hand
  ipsec.strongswan.strongswan_secret:
    name: lab
    type: x509
    src: lab-cert.pem
    allow_expired: true
    adopt: true

- name: No such secret, in a second charon
  ipsec.strongswan.strongswan_secret:
    name: sun
    state: absent
    directory: /etc/swanctl/conf.d
    socket: /run/charon.vici
    timeout: 10
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, and why.
  returned: always
  type: list
  elements: dict
  contains:
    object:
      description: The object.
      type: str
    action:
      description: One of V(create), V(change), V(adopt), V(load), V(remove).
      type: str
    reason:
      description: Why it was needed.
      type: str
  sample:
    - action: change
      object: secret sun
      reason: secret differs
    - action: create
      object: x509 moon
      reason: it does not exist
secrets:
  description: What was asked for, without secrets and private keys.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
    type:
      description: The type.
      type: str
    state:
      description: The state.
      type: str
    ids:
      description: The identities that use a shared secret.
      returned: for shared secrets
      type: list
      elements: str
    file:
      description: The file of a key or certificate, below swanctl's directory.
      returned: for keys and certificates
      type: str
    key_id:
      description: The id that charon gives to the key, or to the certificate's key.
      returned: for keys and certificates where it can be told
      type: str
    not_after:
      description: When the certificate expires.
      returned: for certificates
      type: str
  sample:
    - ids: [moon.example.org, sun.example.org]
      name: sun
      state: present
      type: ike
    - file: x509/moon.pem
      key_id: 44a6b600c6c17b375a8a5b94765fa8c34bbac638
      name: moon
      not_after: "2027-02-22T02:29:21Z"
      state: present
      type: x509
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.secret import SecretFiles
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run


def main() -> None:
    run(SecretFiles())


if __name__ == "__main__":
    main()
