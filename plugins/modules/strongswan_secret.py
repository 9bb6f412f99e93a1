#!/usr/bin/python
# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: strongswan_secret
short_description: Hold strongSwan's shared secrets in a declared state
version_added: 0.1.0
description:
  - Writes secrets as files for swanctl, readable by root alone, and loads them into the running
    charon through its vici socket, one or many in a call.
  - The files survive a restart of charon. Only what changed is loaded, and what charon lacks; the
    daemon is never restarted.
  - A secret never appears in the diff, in the returned values, in a log or on a command line. Its
    diff says that it is another one, without showing it.
  - A changed secret counts from the next authentication; running SAs are not touched.
extends_documentation_fragment:
  - ipsec.strongswan._attributes
  - ipsec.strongswan._vici
  - ipsec.strongswan._secret
requirements:
  - strongSwan with the vici plugin (packages C(charon-systemd) and C(strongswan-swanctl))
  - root, so usually C(become=true)
notes:
  - charon does not tell the secrets that it holds, only their names. So a secret that another
    program changed in charon's memory, under the same name, is not noticed.
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
      - name: branch2
        secret: "{{ branch2_psk }}"
        ids: [hub.example.org, branch2.example.org]

- name: No such secret
  ipsec.strongswan.strongswan_secret:
    name: sun
    state: absent
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
secrets:
  description: The secrets as they were asked for, without the secret itself.
  returned: success
  type: list
  elements: dict
  sample:
    - name: sun
      type: ike
      ids: [moon.example.org, sun.example.org]
      state: present
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.secret import SecretFiles
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run


def main() -> None:
    run(SecretFiles())


if __name__ == "__main__":
    main()
