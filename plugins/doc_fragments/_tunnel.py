# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a tunnel device, once for both levels."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of M(ipsec.strongswan.vti_tunnel)."""

    DOCUMENTATION = r"""
options:
  name: &name
    description:
      - The name of the device, 1 to 15 bytes without C(/), C(:) or white space.
      - V(all), V(default), V(ip_vti0) and V(ip6_vti0) belong to the kernel.
    type: str
  tunnels:
    description:
      - The tunnel devices, if there are several; excludes O(name).
      - What an entry leaves out comes from the option of the same name at the top level.
      - The number of netlink dumps does not grow with the list.
    type: list
    elements: dict
    suboptions:
      name: {<<: *name, required: true}
      kind: &kind
        description:
          - The kind of device. V(vti) is a virtual tunnel interface over an IPv4 underlay, V(vti6)
            one over an IPv6 underlay, V(xfrm) an XFRM interface, which has no endpoints and works
            over both. IPv4 and IPv6 work inside all of them.
          - Left out, it is V(xfrm) if O(if_id) or O(external=true) is given, else O(local) and
            O(remote) tell it.
          - A device of another kind is made anew.
        type: str
        choices: [vti, vti6, xfrm]
      local: &local
        description:
          - For kinds V(vti) and V(vti6), the address of this host on the underlay, or V(any).
            Required for them if O(state=present).
          - V(any) for both O(local) and O(remote) needs O(kind=vti) and O(dev), as the kernel's own
            fallback device holds that place otherwise.
        type: str
      remote: &remote
        description:
          - For kinds V(vti) and V(vti6), the address of the peer on the underlay, or V(any).
            Required for them if O(state=present).
          - With V(any) the device takes all ESP to O(local) that no other VTI takes, and the kernel
            makes it anew to change between V(any) and an address (kind V(vti)).
          - The kernel holds one V(vti) for each combination of local, remote and dev, and one
            V(vti6) for each combination of local and remote, whatever the keys.
        type: str
      key: &key
        description:
          - For kinds V(vti) and V(vti6), the key in both directions, from 1 to 4294967295, in
            decimal, hexadecimal (V(0x2a)) or dotted form. It equals the mark of the child.
          - Required for them if O(state=present), unless both O(ikey) and O(okey) are given;
            excludes them.
        type: str
      ikey: &ikey
        description:
          - The key of what comes in, equal to the child's C(mark_in). Written like O(key).
        type: str
      okey: &okey
        description:
          - The key of what goes out, equal to the child's C(mark_out). Written like O(key).
        type: str
      fwmark: &fwmark
        description:
          - For kinds V(vti) and V(vti6), the mark with which the route to the peer on the underlay
            is looked up, from 0 (none) to 4294967295, in decimal or hexadecimal.
          - Left out, it is none.
        type: str
      if_id: &if_id
        description:
          - For kind V(xfrm), the interface identifier, from 1 to 4294967295, in decimal or
            hexadecimal. It equals the child's C(if_id_in) and C(if_id_out).
          - Required for kind V(xfrm) if O(state=present), unless O(external=true).
          - The kernel holds one XFRM interface for each if_id in a namespace, also after it was
            moved to another one.
        type: str
      external: &external
        description:
          - For kind V(xfrm), whether the device collects metadata, so that each route through it
            names its own if_id (C(encap) of M(ipsec.strongswan.vti_route)). The kernel holds one
            such device in a namespace, binds it to no O(dev), and cannot change it.
        type: bool
      dev: &dev
        description:
          - The underlay's device that the tunnel is bound to. Left out, the tunnel is bound to
            none, and the routing table chooses.
          - The kernel cannot change it on an XFRM interface, which is made anew.
        type: str
      mtu: &mtu
        description:
          - The MTU of the device in bytes, from 68 to 65515 (V(vti)), 65495 (V(vti6)) or 65535
            (V(xfrm)), and at least 1280 with an IPv6 address (RFC 8200).
          - Left out, it stays as it is. The kernel's own default is the underlay's MTU less 20
            (V(vti)) or 40 (V(vti6)), which leaves no room for ESP, and 1500 (V(xfrm)), so give one;
            V(1400) fits an underlay of 1500 bytes with the usual ciphers.
        type: int
      addresses: &addresses
        description:
          - The addresses of the device with their prefix lengths, IPv4 or IPv6, like
            V(10.99.0.1/30), or with the peer's, like V(10.99.0.1 peer 10.99.0.2/32).
          - Left out, addresses stay as they are.
        type: list
        elements: str
      addresses_exclusive: &addresses_exclusive
        description:
          - Whether addresses that O(addresses) does not name are removed. IPv6 link-local
            addresses stay.
        type: bool
      disable_policy: &disable_policy
        description:
          - The sysctl C(disable_policy) of the device, for IPv4 and IPv6 inside the tunnel. With
            V(true) the kernel does not look up further IPsec policies for what leaves the tunnel
            (Documentation/networking/ip-sysctl.rst).
          - Left out, it is V(true) for kinds V(vti) and V(vti6), and stays as it is for V(xfrm),
            where the kernel compares each packet with the policies of the if_id.
        type: bool
      forwarding: &forwarding
        description:
          - The sysctl C(forwarding) of the device, for IPv4 and IPv6. Left out, it stays as it is.
        type: bool
      rp_filter: &rp_filter
        description:
          - The sysctl C(rp_filter) of the device (IPv4 only), V(0) no check, V(1) strict, V(2)
            loose (RFC 3704). The kernel takes the higher one of this and C(all).
          - Left out, it stays as it is.
        type: int
        choices: [0, 1, 2]
      master: &master
        description:
          - The VRF that the device is enslaved to, V("") for none. Left out, it stays as it is.
          - A bridge takes Ethernet devices only, and is refused.
          - The kernel flushes routes and IPv6 addresses when this changes; they are put back.
        type: str
      group: &group
        description:
          - The link group of the device, from 0 to 4294967295. Left out, it stays as it is.
        type: int
      description: &description
        description:
          - A text of up to 160 bytes that follows the mark in the device's C(ifalias); V("") for
            none. Left out, it stays as it is.
        type: str
      target_netns: &target_netns
        description:
          - For kind V(xfrm), the namespace that the device is moved to, by a name that
            C(ip netns list) shows. Its SAs and policies stay where it was made, so that the
            cleartext side is in a namespace that has no underlay.
          - Addresses, O(master) and sysctls are those of the namespace that it is moved to.
          - With O(purge=true) the namespaces that the entries and the top level name are searched.
        type: str
      up: &up
        description:
          - Whether the device is administratively up. An XFRM interface must be up to receive.
          - Setting a device down flushes its routes.
        type: bool
      state: &state
        description:
          - Whether the device exists.
        type: str
        choices: [present, absent]
  kind: *kind
  local: *local
  remote: *remote
  key: *key
  ikey: *ikey
  okey: *okey
  fwmark: *fwmark
  if_id: *if_id
  external: *external
  dev: *dev
  mtu: *mtu
  addresses: *addresses
  addresses_exclusive: {<<: *addresses_exclusive, default: true}
  disable_policy: *disable_policy
  forwarding: *forwarding
  rp_filter: *rp_filter
  master: *master
  group: *group
  description: *description
  target_netns: *target_netns
  up: {<<: *up, default: true}
  state: {<<: *state, default: present}
"""
