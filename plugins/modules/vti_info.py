#!/usr/bin/python
# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vti_info
short_description: Report tunnel devices, with their routes, policies and SAs
version_added: 0.1.0
description:
  - Returns the tunnel devices (VTIs and XFRM interfaces) as data, with addresses, routes, sysctls
    and counters, and with the IPsec policies and states (SAs) that match the key or if_id of each.
  - RV(tunnels[].sa) and RV(tunnels[].problems) tell at a glance whether a device that is up has
    an SA.
  - The keys of SAs are never read from the kernel's answer, and never returned.
  - It needs no privilege, except for policies and states, for which the kernel wants
    C(CAP_NET_ADMIN). Without it V(policies) and V(states) are null, and a warning says so.
  - For a device that was made in another network namespace V(policies) and V(states) are null, as
    they are in that namespace.
extends_documentation_fragment:
  - ipsec.strongswan._attributes.info_module
  - ipsec.strongswan._netns
options:
  names:
    description:
      - The devices to report, all of them if left out. The result has no entry for a name that is
        no tunnel device.
      - The fallback devices C(ip_vti0) and C(ip6_vti0) are reported only if they are named.
    type: list
    elements: str
  owner:
    description:
      - Report only the devices of this owner; V(updown) are those of the updown hook.
    type: str
requirements:
  - pyroute2 >= 0.7.2 (package C(python3-pyroute2))
  - CAP_NET_ADMIN for policies and states, CAP_SYS_ADMIN for O(netns), so usually C(become=true)
seealso:
  - module: ipsec.strongswan.vti_tunnel
  - module: ipsec.strongswan.vti_route
author:
  - The ipsec.strongswan authors (@ipsec-strongswan)
"""

EXAMPLES = r"""
- name: Read all tunnel devices
  ipsec.strongswan.vti_info:
  register: found

- name: Fail where a tunnel cannot pass traffic
  ansible.builtin.assert:
    that: item.problems == []
    fail_msg: "{{ item.name }}: {{ item.problems | join('; ') }}"
  loop: "{{ found.tunnels }}"
  loop_control:
    label: "{{ item.name }}"

- name: Wait until both SAs of a tunnel are installed
  ipsec.strongswan.vti_info:
    names:
      - vti42
  register: vti42
  until: vti42.tunnels | selectattr('sa', 'eq', 'installed') | length == 1
  retries: 10
  delay: 3

- name: Read the devices of an owner in another network namespace
  ipsec.strongswan.vti_info:
    owner: site-a
    netns: blue
"""

RETURN = r"""
tunnels:
  description:
    - The tunnel devices, sorted by name.
    - What a kind of device has not is null.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      type: str
    kind:
      description: One of V(vti), V(vti6), V(xfrm).
      type: str
    index:
      description: Its interface index.
      type: int
    owner:
      description: The owner that its mark names, null for a device that is not ours.
      type: str
    description:
      description: What follows the mark in its C(ifalias), or all of it without a mark.
      type: str
    local:
      description: A VTI's own endpoint, V(0.0.0.0) or V(::) for any.
      type: str
    remote:
      description: A VTI's other endpoint, V(0.0.0.0) or V(::) for any.
      type: str
    ikey:
      description: A VTI's key for inbound packets, 0 for none.
      type: int
    okey:
      description: A VTI's key for outbound packets, 0 for none.
      type: int
    fwmark:
      description: A VTI's mark for the routing of its encrypted packets, 0 for none.
      type: int
    if_id:
      description: An XFRM interface's if_id, null for an external one.
      type: int
    external:
      description: Whether an XFRM interface takes the if_id from the route (collect metadata).
      type: bool
    dev:
      description: Its underlay device; C(if12) for the device 12 of another network namespace.
      type: str
    mtu:
      description: Its MTU in bytes.
      type: int
    up:
      description: Its administrative state.
      type: bool
    lower_up:
      description: Whether the kernel calls its lower layer up. A VTI is, with and without an SA.
      type: bool
    operstate:
      description: Its operational state (RFC 2863); V(unknown) is usual for tunnel devices.
      type: str
    master:
      description: The VRF that it belongs to, or an empty string.
      type: str
    group:
      description: Its link group.
      type: int
    sysctls:
      description:
        - Its sysctls, by V(ipv4) and V(ipv6); null for a family that the device has not.
        - V(rp_filter_effective) is what the kernel applies, the larger of the device's and that of
          C(all).
      type: dict
    counters:
      description: Packets, bytes, errors and drops in both directions.
      type: dict
    addresses:
      description: Its addresses, without the IPv6 link-local one that the kernel makes.
      type: list
      elements: str
    routes:
      description:
        - The routes through it in all tables, also those of others and of the kernel.
        - V(protocol), V(table) and V(metric) are numbers. V(nexthops) has more than one entry for a
          multipath route.
      type: list
      elements: dict
    policies:
      description:
        - The IPsec policies that match its key or if_id; null where they cannot be read.
        - V(protocol), V(sport) and V(dport) are 0 for any; V(mark) has its mask.
      type: list
      elements: dict
    states:
      description:
        - The SAs that match its key or if_id, or that a matching policy names; null where they
          cannot be read.
        - V(direction) is V(in), V(out) or V(unknown). V(larval) is an SA that the kernel has asked
          for and that is not there yet. V(added) and V(used) are times in seconds since 1970.
        - V(algorithms) are names; keys are never read.
      type: list
      elements: dict
    sa:
      description:
        - V(installed) when SAs of both directions are there, V(in_only), V(out_only), V(none).
        - V(unknown) when the SAs cannot be read, or their directions cannot be told.
      type: str
    problems:
      description: What keeps the device from passing traffic, as sentences; empty if nothing does.
      type: list
      elements: str
  sample:
    - name: vti42
      kind: vti
      index: 7
      owner: default
      description: ""
      local: 192.0.2.1
      remote: 192.0.2.2
      ikey: 42
      okey: 42
      fwmark: 0
      if_id: null
      external: null
      dev: ""
      mtu: 1400
      up: true
      lower_up: true
      operstate: unknown
      master: ""
      group: 0
      sysctls:
        ipv4:
          disable_policy: true
          disable_xfrm: false
          forwarding: true
          rp_filter: 0
          rp_filter_effective: 0
        ipv6:
          disable_policy: true
          forwarding: false
      counters:
        rx_packets: 0
        tx_packets: 0
        rx_bytes: 0
        tx_bytes: 0
        rx_errors: 0
        tx_errors: 0
        rx_dropped: 0
        tx_dropped: 0
      addresses: [10.99.0.1/30]
      routes:
        - dst: 10.2.0.0/24
          type: unicast
          table: 254
          tos: 0
          metric: 0
          protocol: 157
          src: 10.99.0.1
          scope: link
          mtu: 0
          advmss: 0
          nexthops:
            - dev: vti42
              gateway: ""
              weight: 1
              onlink: false
              encap: null
      policies:
        - direction: out
          src: 0.0.0.0/0
          dst: 0.0.0.0/0
          protocol: 0
          sport: 0
          dport: 0
          dev: ""
          priority: 399999
          action: allow
          mark: "0x2a/0xffffffff"
          if_id: 0
          templates:
            - src: 192.0.2.1
              dst: 192.0.2.2
              protocol: esp
              mode: tunnel
              reqid: 9
              spi: "0x00000000"
              optional: false
      states:
        - direction: out
          src: 192.0.2.1
          dst: 192.0.2.2
          protocol: esp
          spi: "0xc3d5b1e7"
          larval: false
          mode: tunnel
          reqid: 9
          mark: "0x2a/0xffffffff"
          if_id: 0
          output_mark: null
          encap: ""
          algorithms: ["rfc4106(gcm(aes))"]
          packets: 0
          bytes: 0
          added: 1795475559
          used: 0
          replay_errors: 0
          integrity_errors: 0
      sa: out_only
      problems:
        - no IPsec policy of direction in has mark 42
        - an SA is installed for outbound traffic only
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.tunnel_info import (
    TunnelInfo,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(TunnelInfo())


if __name__ == "__main__":
    main()
