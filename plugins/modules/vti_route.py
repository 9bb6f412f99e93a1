#!/usr/bin/python
# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vti_route
short_description: Hold routes through tunnel devices in a declared state
version_added: 0.1.0
description:
  - Adds, changes and removes unicast routes through a device, IPv4 and IPv6, one or many in a
    call.
  - A route is identified by table, destination and metric. IPv6 allows several next hops for one
    of these; a foreign route through another device is left alone.
  - A route is ours when it carries our routing-protocol number (O(protocol)). Its owner is the
    owner of the device that it goes through, or V(default) for a device without a mark.
  - The routes live until their device goes down or the host restarts.
extends_documentation_fragment:
  - ipsec.strongswan._attributes
  - ipsec.strongswan._netns
  - ipsec.strongswan._route
options:
  protocol:
    description:
      - The routing-protocol number that marks our routes, from 5 to 255; C(ip route) shows it as
        C(proto). It must differ from that of any routing daemon on the host.
    type: int
    default: 157
requirements:
  - pyroute2 >= 0.7.2 (package C(python3-pyroute2))
  - CAP_NET_ADMIN, so usually C(become=true)
seealso:
  - module: ipsec.strongswan.vti_tunnel
author:
  - The ipsec.strongswan authors (@ipsec-strongswan)
"""

EXAMPLES = r"""
- name: Reach the peer's site through the tunnel
  ipsec.strongswan.vti_route:
    dst: 10.2.0.0/24
    dev: vti42
    src: 10.1.0.1

- name: Several routes, and no other routes of this owner
  ipsec.strongswan.vti_route:
    purge: true
    dev: vti42
    routes:
      - dst: 10.2.0.0/24
      - dst: fd02::/64
        metric: 50
      - dst: 10.3.0.0/16
        table: 100

- name: Take over a route that was made by hand, with a protocol number of one's own
  ipsec.strongswan.vti_route:
    dst: 10.4.0.0/24
    dev: vti42
    adopt: true
    protocol: 201

- name: No such route, in another network namespace
  ipsec.strongswan.vti_route:
    dst: 10.2.0.0/24
    netns: blue
    owner: default
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
      description: One of V(create), V(change), V(adopt), V(remove).
      type: str
    reason:
      description: Why it was needed.
      type: str
  sample:
    - action: create
      object: route 10.2.0.0/24 table main metric 0
      reason: it does not exist
routes:
  description: The routes as they were asked for, normalised.
  returned: success
  type: list
  elements: dict
  sample:
    - dev: vti42
      dst: 10.2.0.0/24
      metric: 0
      src: 10.1.0.1
      state: present
      table: 254
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.route import RouteTable
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run


def main() -> None:
    run(RouteTable())


if __name__ == "__main__":
    main()
