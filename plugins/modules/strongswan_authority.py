#!/usr/bin/python
# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: strongswan_authority
short_description: Hold what strongSwan knows of certification authorities in a declared state
version_added: 0.1.0
description:
  - Writes attributes of certification authorities, like where their revocation lists are, as files
    for swanctl and loads them into the running charon through its vici socket, one or many in a
    call. The options have swanctl.conf's own names.
  - The files survive a restart of charon. Only what changed is loaded, and what charon lacks; the
    daemon is never restarted, and SAs are not touched.
  - An authority without such attributes needs none of this; its certificate in C(x509ca) is enough.
extends_documentation_fragment:
  - ipsec.strongswan._attributes
  - ipsec.strongswan._vici
  - ipsec.strongswan._authority
requirements:
  - strongSwan with the vici plugin (packages C(charon-systemd) and C(strongswan-swanctl))
  - root, so usually C(become=true)
notes:
  - The file of a certificate must be there before; check mode only warns if it is not. Another
    certificate in a file of the same name is taken when charon loads the authority the next time.
seealso:
  - module: ipsec.strongswan.strongswan_conn
author:
  - The ipsec.strongswan authors (@ipsec-strongswan)
"""

EXAMPLES = r"""
- name: Where the revocation list of our own authority is
  ipsec.strongswan.strongswan_authority:
    name: ours
    cacert: ca.pem
    crl_uris: [http://crl.example.org/ca.crl]

- name: Several authorities, and no others of this owner
  ipsec.strongswan.strongswan_authority:
    owner: hub
    purge: true
    authorities:
      - name: partner
        file: /etc/swanctl/x509ca/partner.pem
        ocsp_uris: ["http://ocsp.example.net:8888"]
      - name: users
        cacert: users.pem
        cert_uri_base: http://certs.example.net/hash/

- name: An authority whose certificate is on a token
  ipsec.strongswan.strongswan_authority:
    name: token
    handle: 0a1b2c
    slot: 1
    module: opensc
    crl_uris: [http://crl.example.org/token.crl]

- name: No such authority, whoever made it
  ipsec.strongswan.strongswan_authority:
    name: ours
    state: absent
    adopt: true
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
    - action: create
      object: authority ours
      reason: it does not exist
authorities:
  description:
    - The authorities as they were asked for, as in their files. Values are texts as charon gets them, or
      lists of these.
  returned: success
  type: list
  elements: dict
  sample:
    - name: ours
      state: present
      cacert: ca.pem
      crl_uris: [http://crl.example.org/ca.crl]
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.authority import (
    AuthorityFiles,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run


def main() -> None:
    run(AuthorityFiles())


if __name__ == "__main__":
    main()
