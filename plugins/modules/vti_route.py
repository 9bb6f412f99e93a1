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
  - Adds, changes and removes routes, IPv4 and IPv6, through devices, gateways or several next hops,
    or to nowhere, one or many in a call.
  - An IPv4 route is identified by table, destination, type of service and metric, an IPv6 route by
    table, destination, metric and next hop. So a foreign IPv6 route through another device is left
    alone beside ours, but not one with a gateway beside ours with a gateway, as the kernel makes one
    multipath route of them.
  - A route is ours when it carries our routing-protocol number (O(protocol)). Its owner is the
    owner of the device that it goes through (the first that has one, of several next hops). Where
    no device tells the owner, as the route goes nowhere, its device is left to the kernel, or the
    device has no mark and the owner is not V(default), a number made from the owner's name is kept
    in the route's C(cwnd), which has no effect unless it is locked (ip-route(8)). All others are
    V(default)'s.
  - A route that is as wanted is not touched. A change replaces the route by one message, so that
    packets always find the old one or the new one. Only an IPv6 route that has a foreign route of
    the same table, destination and metric before it cannot be replaced in this way. Then the new
    next hop is added before the old one goes, or, if only attributes of the same next hop change,
    it is removed first, with a short gap.
  - The routes live until their device goes down or the host restarts; O(persist=true) keeps them
    in files, too.
extends_documentation_fragment:
  - ipsec.strongswan._attributes
  - ipsec.strongswan._netns
  - ipsec.strongswan._persist
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

- name: Smaller packets through the tunnel, and segments that fit
  ipsec.strongswan.vti_route:
    dst: 10.5.0.0/24
    dev: vti42
    mtu: 1380
    advmss: 1340
    scope: link

- name: Through a router behind the tunnel, for one class of service
  ipsec.strongswan.vti_route:
    dst: 10.6.0.0/24
    gateway: 10.99.0.2
    dev: vti42
    onlink: true
    tos: "0x10"

- name: Over two tunnels, the first takes three of four flows
  ipsec.strongswan.vti_route:
    dst: 10.7.0.0/24
    nexthops:
      - dev: vti42
        weight: 3
      - dev: vti43
        gateway: 10.99.1.2
        onlink: true

- name: Nowhere, if no better route is there
  ipsec.strongswan.vti_route:
    dst: 10.0.0.0/8
    type: unreachable
    metric: 4294967294

- name: Through an external XFRM interface, each site by its own if_id
  ipsec.strongswan.vti_route:
    dev: ipsec0
    routes:
      - dst: 10.8.1.0/24
        encap:
          if_id: "101"
      - dst: 10.8.2.0/24
        encap:
          if_id: "102"
          dev: eth0

- name: Through the tunnel or not at all
  ipsec.strongswan.vti_route:
    dst: 10.9.0.0/16
    dev: vti42
    guard: true

- name: All through the tunnel or not at all, but the tunnel's own packets by the underlay
  ipsec.strongswan.vti_route:
    dev: vti42
    guard: true
    underlay_exception: true
    routes:
      - dst: 0.0.0.0/0
      - dst: ::/0

- name: Routes that can be made again when the host starts
  ipsec.strongswan.vti_route:
    persist: true
    dev: vti42
    guard: true
    routes:
      - dst: 10.11.0.0/16
      - dst: fd11::/48
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
    - dst: 10.0.0.0/8
      metric: 4294967294
      state: present
      table: 254
      type: unreachable
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.stored_route import (
    StoredRoutes,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run


def main() -> None:
    run(StoredRoutes())


if __name__ == "__main__":
    main()
