#!/usr/bin/python
# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: strongswan_pool
short_description: Hold strongSwan's pools of virtual addresses in a declared state
version_added: 0.1.0
description:
  - Writes pools as files for swanctl and loads them into the running charon through its vici
    socket, one or many in a call. The options have swanctl.conf's own names.
  - The files survive a restart of charon. Only what changed is loaded, and what charon lacks or
    holds with other addresses; the daemon is never restarted, and other pools are not touched.
  - Other attributes than the addresses can be changed at any time; clients get them the next time
    that they ask for an address. Leases are kept.
  - As long as a client has an address of a pool, charon neither changes the pool's addresses nor
    unloads it. Such a change is refused before anything is changed, in check mode, too. Without
    clients the new addresses take effect at once, and charon forgets who had which address before.
extends_documentation_fragment:
  - ipsec.strongswan._attributes
  - ipsec.strongswan._vici
  - ipsec.strongswan._pool
requirements:
  - strongSwan with the vici plugin (packages C(charon-systemd) and C(strongswan-swanctl))
  - root, so usually C(become=true)
notes:
  - charon tells of its pools only the addresses and the leases. So another attribute that another
    program changed in charon's memory is not noticed.
seealso:
  - module: ipsec.strongswan.strongswan_conn
author:
  - The ipsec.strongswan authors (@ipsec-strongswan)
"""

EXAMPLES = r"""
- name: Addresses for clients, and the name server that they are to use
  ipsec.strongswan.strongswan_pool:
    name: road
    addrs: 10.3.0.0/24
    dns: [10.1.0.53, 10.1.1.53]
    subnet: [10.1.0.0/16]

- name: Several pools, and no others of this owner
  ipsec.strongswan.strongswan_pool:
    owner: road
    purge: true
    dns: [10.1.0.53]
    pools:
      - name: road4
        addrs: 10.4.0.10-10.4.0.99
        netmask: [255.255.255.0]
        nbns: [10.1.0.54]
        dhcp: [10.1.0.67]
        server: [10.1.0.80]
        split_include: [10.1.0.0/16]
        split_exclude: [10.1.99.0/24]
      - name: road6
        addrs: fd04::/112
        settings:
          "25": example.org # INTERNAL_DNS_DOMAIN

- name: No such pool, whoever made it
  ipsec.strongswan.strongswan_pool:
    name: road
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
    - action: change
      object: pool road
      reason: dns is 10.1.0.53, wanted 10.1.0.53, 10.1.1.53
pools:
  description:
    - The pools as they were asked for, as in their files. Values are texts as charon gets them, or
      lists of these.
  returned: success
  type: list
  elements: dict
  sample:
    - name: road
      state: present
      addrs: 10.3.0.0/24
      dns: [10.1.0.53, 10.1.1.53]
      subnet: [10.1.0.0/16]
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.pool import PoolFiles
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run


def main() -> None:
    run(PoolFiles())


if __name__ == "__main__":
    main()
