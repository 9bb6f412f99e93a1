# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a route, once for both levels."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of M(ipsec.strongswan.vti_route)."""

    DOCUMENTATION = r"""
options:
  dst: &dst
    description:
      - The destination, an IPv4 or IPv6 network without host bits, like V(10.2.0.0/24) or
        V(fd02::/64). An address without prefix length is a single host.
      - The default routes are V(0.0.0.0/0) and V(::/0).
    type: str
  routes:
    description:
      - The routes, if there are several; excludes O(dst).
      - What an entry leaves out comes from the option of the same name at the top level. An empty
        value, like V("") for O(dev) or V([]) for O(nexthops), takes nothing from there.
      - The number of netlink dumps does not grow with the list, and changes go in batches. Their
        order is made here, that of the list does not matter. First come routes that go nowhere,
        then those through a device, then those whose gateway needs the former; routes are removed
        after that, in the reverse order.
    type: list
    elements: dict
    suboptions:
      dst: {<<: *dst, required: true}
      type: &type
        description:
          - What the route does. V(unicast) goes to a next hop.
          - V(blackhole) drops silently, V(unreachable) answers that the destination cannot be
            reached, V(prohibit) that it is forbidden. V(throw) ends the lookup in this table, and
            the next rule is tried. These have no next hop, and only O(dst), O(table), O(metric) and
            O(tos).
        type: str
        choices: [unicast, blackhole, unreachable, prohibit, throw]
      dev: &dev
        description:
          - The device to route through. It must exist and be up.
          - If O(state=present) and O(type=unicast), one of O(dev), O(gateway) and O(nexthops) is
            required.
          - An IPv6 route that is to be absent is removed only from this device, if one is given.
        type: str
      gateway: &gateway
        description:
          - The router to send to. Without O(dev) the kernel finds the device when the route is
            added. A link-local gateway needs O(dev).
          - An IPv4 route may have an IPv6 gateway (Linux 5.2 or newer).
        type: str
      onlink: &onlink
        description:
          - Whether the gateway is reached through the device, although none of its networks holds
            the gateway. Needs O(gateway) and O(dev).
        type: bool
      encap: &encap
        description:
          - For a device that is an external XFRM interface (O(ipsec.strongswan.vti_tunnel#module:external)),
            what it does with the packets of this route, C(encap xfrm) of C(ip route). Such a device
            drops what has no if_id.
          - Needs O(dev), and Linux 6.2 or newer.
        type: dict
        suboptions: &encap_options
          if_id:
            description:
              - The interface identifier, from 1 to 4294967295, in decimal or hexadecimal. It equals
                the child's C(if_id_out).
            type: str
            required: true
          dev:
            description:
              - The device of the underlay that the policy lookup is bound to. Left out, it is
                bound to none.
            type: str
      nexthops: &nexthops
        description:
          - The next hops of a multipath route, two or more, instead of O(dev), O(gateway), O(onlink)
            and O(encap). The kernel spreads flows over them by their weights.
          - In an IPv6 route each needs a gateway, as the kernel takes no device alone there.
        type: list
        elements: dict
        suboptions:
          dev:
            description: The device of this next hop. One of it and the gateway is required.
            type: str
          gateway:
            description: The router of this next hop.
            type: str
          weight:
            description: Its share, from 1 to 256. Left out, it is 1.
            type: int
          onlink:
            description: Whether its gateway is reached through its device whatever the addresses.
            type: bool
          encap:
            description: What an external XFRM interface does with the packets of this next hop.
            type: dict
            suboptions: *encap_options
      table: &table
        description:
          - The routing table, V(main), V(default), V(local) or a number from 1 to 4294967295.
        type: str
      metric: &metric
        description:
          - The metric, from 0 to 4294967295; the route with the lowest one wins.
          - Left out, it is 0 for IPv4 and 1024 for IPv6, as the kernel does it.
        type: int
      tos: &tos
        description:
          - For IPv4, the type of service of the packets that the route is for, a multiple of 4 up
            to 252, in decimal or hexadecimal (the DSCP times 4; note that C(ip route) reads it as
            hexadecimal). Left out, the route is for all packets that no other one takes.
        type: str
      src: &src
        description:
          - The source address that the host prefers for this destination; it must be an address
            of the host.
        type: str
      scope: &scope
        description:
          - For IPv4, how far away the destination is (ip-route(8)).
          - Left out, it is V(link) for a device without a gateway, else V(global).
        type: str
        choices: [global, link, host]
      mtu: &mtu
        description:
          - The MTU towards the destination in bytes, from 68 (IPv4) or 1280 (IPv6) to 65520.
          - Left out or V(0), it is the device's.
        type: int
      advmss: &advmss
        description:
          - The largest TCP segment that is announced to the destination, from 1 to 65495 bytes.
          - Left out or V(0), the kernel derives it from the MTU.
        type: int
      guard: &guard
        description:
          - Whether traffic for O(dst) must never leave by another route for it, also when the
            device or the route is gone. More specific routes of the host stay in use.
          - This adds an unreachable route for O(dst) to the table, at a metric from 4278190080 to
            4294967294 that depends on the owner.
          - In the main table that is not enough for a default route, or where somebody else has
            a route for O(dst). There the route itself and the unreachable one go into
            table 15700, and two rules with preferences from 32000 to 32257 look up there what the
            main table has no more specific route for.
          - The guard stays until the route is V(absent), purged, or listed without it. If the
            owner has several routes for O(dst), it stays until the last one goes.
        type: bool
      underlay_exception: &underlay_exception
        description:
          - Whether the peer of the route's device is still reached by the underlay where O(dst)
            covers it. Otherwise the tunnel's own packets would go into the tunnel, and the route
            is refused.
          - This adds a route of type C(throw) for the peer, so that the other tables decide on it,
            and follows changes of the underlay by itself. In the main table that would end the
            lookup, so the route goes into table 15700, as for O(guard).
          - The peer is known of VTIs only, from their remote. For XFRM interfaces, and VTIs for any
            remote, add more specific routes for the peers.
        type: bool
      state: &state
        description:
          - Whether the route exists. For V(absent) only O(dst), O(table), O(tos) and O(metric)
            count, and O(dev) for IPv6.
        type: str
        choices: [present, absent]
  type: {<<: *type, default: unicast}
  dev: *dev
  gateway: *gateway
  onlink: *onlink
  encap: *encap
  nexthops: *nexthops
  table: {<<: *table, default: main}
  metric: *metric
  tos: *tos
  src: *src
  scope: *scope
  mtu: *mtu
  advmss: *advmss
  guard: {<<: *guard, default: false}
  underlay_exception: {<<: *underlay_exception, default: false}
  state: {<<: *state, default: present}
"""
