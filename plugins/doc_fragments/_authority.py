# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a certification authority, once for both levels."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of M(ipsec.strongswan.strongswan_authority)."""

    DOCUMENTATION = r"""
options:
  name: &name
    description:
      - The name of the authority, 1 to 64 letters, digits, C(_) or C(-).
      - Its file is C(authority-NAME.conf).
    type: str
  authorities:
    description:
      - The authorities, if there are several; excludes O(name).
      - What an entry leaves out comes from the option of the same name at the top level.
    type: list
    elements: dict
    suboptions:
      name: {<<: *name, required: true}
      cacert: &cacert
        description:
          - The authority's certificate, as the name of a file in C(x509ca) under swanctl's
            directory or an absolute path. Its content goes to charon.
          - One of O(cacert), O(file) and O(handle) is required if O(state=present).
        type: str
      file: &file
        description:
          - The absolute path of the certificate, for charon to read it by itself.
        type: str
      handle: &handle
        description:
          - The CKA_ID of the certificate on a token (PKCS#11), as hexadecimal digits.
        type: str
      slot: &slot
        description:
          - The number of the token's slot; goes with O(handle).
        type: int
      module: &module
        description:
          - The name of the PKCS#11 module; goes with O(handle).
        type: str
      crl_uris: &crl_uris
        description:
          - Where revocation lists (CRL) are fetched from, as C(http), C(ldap) or C(file) URIs.
        type: list
        elements: str
      ocsp_uris: &ocsp_uris
        description:
          - URIs of OCSP servers.
        type: list
        elements: str
      cert_uri_base: &cert_uri_base
        description:
          - The base URI for certificates that are sent as hash and URL (version 2 of IKE).
        type: str
      state: &state
        description:
          - Whether the authority exists, in its file and in the running charon.
        type: str
        choices: [present, absent]
  cacert: *cacert
  file: *file
  handle: *handle
  slot: *slot
  module: *module
  crl_uris: *crl_uris
  ocsp_uris: *ocsp_uris
  cert_uri_base: *cert_uri_base
  state: {<<: *state, default: present}
"""
