#!/usr/bin/python
# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vti_tunnel
short_description: Hold tunnel devices (VTI, XFRM interfaces) in a declared state
version_added: 0.1.0
description:
  - Creates, changes and removes the tunnel devices of a Linux host for route-based IPsec, VTIs over
    IPv4 and IPv6 and XFRM interfaces, with their addresses, MTU and sysctls, one or many in a call.
  - What the kernel can change is changed in place; a device that is as it should be is not
    touched. All entries are checked before anything is changed.
  - A device is made anew only where the kernel cannot change it, and then it keeps its index;
    what that flushes (routes of anybody, IPv6 addresses, sysctls) is put back. In
    O(target_netns) it has a new index, and gets back the rest.
  - A change of addresses leaves the routes through the device as they are, those of others too,
    which the kernel would take away with its last IPv4 address. A route whose source address is
    gone stays without one.
  - A VTI is refused between endpoints that a policy-based tunnel without marks already uses, as it
    would take that tunnel's packets.
  - Devices are marked in their C(ifalias) with C(ipsec.strongswan:<owner>).
  - The devices live until the host restarts.
extends_documentation_fragment:
  - ipsec.strongswan._attributes
  - ipsec.strongswan._netns
  - ipsec.strongswan._persist
  - ipsec.strongswan._tunnel
options:
  recreate:
    description:
      - Whether a device may be removed and made anew where the kernel cannot change it in place,
        V(when_needed) or V(never).
      - It is needed for another O(kind), where O(remote) of a V(vti) changes between V(any) and an
        address, where O(dev) or O(external) of an XFRM interface changes, and where devices
        exchange their endpoints or if_ids.
    type: str
    choices: [when_needed, never]
    default: when_needed
requirements:
  - pyroute2 >= 0.7.2 (package C(python3-pyroute2))
  - a kernel with C(ip_vti), C(ip6_vti) or C(xfrm_interface), as the kind wants
  - CAP_NET_ADMIN, so usually C(become=true)
seealso:
  - module: ipsec.strongswan.vti_route
  - module: ipsec.strongswan.vti_info
  - module: ipsec.strongswan.strongswan_conn
author:
  - The ipsec.strongswan authors (@ipsec-strongswan)
"""

EXAMPLES = r"""
- name: A tunnel to one peer
  ipsec.strongswan.vti_tunnel:
    name: vti42
    local: 192.0.2.1
    remote: 192.0.2.2
    key: 42
    mtu: 1400
    addresses:
      - 10.99.0.0/31
      - fd99::/127

- name: Different keys in both directions, bound to an underlay device, set down
  ipsec.strongswan.vti_tunnel:
    name: vti43
    kind: vti
    local: 192.0.2.1
    remote: 192.0.2.3
    ikey: 0x2b
    okey: 44
    dev: eth0
    fwmark: 0x10
    disable_policy: false
    up: false

- name: All road warriors behind one device, with the peer's address on the inside
  ipsec.strongswan.vti_tunnel:
    name: vti-roaming
    local: 192.0.2.1
    remote: any
    key: 50
    mtu: 1400
    addresses: [10.98.0.1 peer 10.98.0.2/32]
    forwarding: true
    rp_filter: 2

- name: Over an IPv6 underlay
  ipsec.strongswan.vti_tunnel:
    name: vti6-oslo
    local: 2001:db8::1
    remote: 2001:db8::2
    key: 6
    mtu: 1380
    addresses: [10.99.6.0/31]

- name: An XFRM interface in a VRF
  ipsec.strongswan.vti_tunnel:
    name: xfrm7
    if_id: 7
    dev: eth0
    mtu: 1400
    addresses: [10.99.7.0/31]
    master: customers
    group: 10
    description: Customer seven, ticket 4711

- name: An XFRM interface whose routes name the if_id
  ipsec.strongswan.vti_tunnel:
    name: xfrm-all
    external: true
    mtu: 1400

- name: The cleartext side in a namespace without an underlay, the SAs stay here
  ipsec.strongswan.vti_tunnel:
    name: xfrm8
    kind: xfrm
    if_id: 8
    mtu: 1400
    addresses: [10.99.8.0/31]
    target_netns: inside

- name: All tunnels of a site, and no other tunnels of this owner
  ipsec.strongswan.vti_tunnel:
    owner: site
    purge: true
    local: 192.0.2.1
    mtu: 1400
    tunnels:
      - name: vti-berlin
        remote: 192.0.2.4
        key: 4
        addresses: [10.99.4.0/31]
      - name: vti-paris
        remote: 192.0.2.5
        key: 5
        addresses: [10.99.5.0/31]

- name: Take over a device that was made by hand, without ever removing it
  ipsec.strongswan.vti_tunnel:
    name: vti9
    local: 192.0.2.1
    remote: 192.0.2.9
    key: 9
    adopt: true
    recreate: never
    addresses: [10.99.9.1/30]
    addresses_exclusive: false

- name: No tunnel of that name, in another network namespace
  ipsec.strongswan.vti_tunnel:
    name: vti42
    netns: blue
    state: absent

- name: A tunnel that can be made again when the host starts
  ipsec.strongswan.vti_tunnel:
    name: vti45
    local: 192.0.2.1
    remote: 192.0.2.45
    key: 45
    mtu: 1400
    addresses: [10.99.45.0/31]
    persist: true
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
      description: One of V(create), V(change), V(adopt), V(recreate), V(remove).
      type: str
    reason:
      description: Why it was needed.
      type: str
  sample:
    - action: change
      object: tunnel vti42
      reason: mtu is 1500, wanted 1400
tunnels:
  description:
    - The tunnel devices as they were asked for, normalised. What is null is left as it is.
    - A VTI has C(local), C(remote), C(ikey), C(okey) and C(fwmark), an XFRM interface C(if_id) and
      C(external).
  returned: success
  type: list
  elements: dict
  sample:
    - addresses: [10.99.0.0/31, "fd99::/127"]
      description: null
      dev: ""
      disable_policy: true
      forwarding: null
      fwmark: 0
      group: null
      ikey: 42
      kind: vti
      local: 192.0.2.1
      master: null
      mtu: 1400
      name: vti42
      okey: 42
      remote: 192.0.2.2
      rp_filter: null
      state: present
      target_netns: ""
      up: true
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.stored_tunnel import (
    StoredTunnels,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run


def main() -> None:
    run(StoredTunnels())


if __name__ == "__main__":
    main()
