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
          - The kind of device. V(vti) is a virtual tunnel interface over an IPv4 underlay.
        type: str
        choices: [vti]
      local: &local
        description:
          - The IPv4 address of this host on the underlay. Required if O(state=present).
        type: str
      remote: &remote
        description:
          - The IPv4 address of the peer on the underlay. Required if O(state=present).
          - The kernel holds one VTI for each combination of local, remote and dev, whatever the
            keys.
        type: str
      key: &key
        description:
          - The key in both directions, from 1 to 4294967295, in decimal, hexadecimal (V(0x2a)) or
            dotted form. It equals the mark of the child.
          - Required if O(state=present), unless both O(ikey) and O(okey) are given; excludes them.
        type: str
      ikey: &ikey
        description:
          - The key of what comes in, equal to the child's C(mark_in). Written like O(key).
        type: str
      okey: &okey
        description:
          - The key of what goes out, equal to the child's C(mark_out). Written like O(key).
        type: str
      dev: &dev
        description:
          - The underlay's device that the tunnel is bound to. Left out, the tunnel is bound to
            none, and the routing table chooses.
        type: str
      mtu: &mtu
        description:
          - The MTU of the device in bytes, from 68 to 65515, and at least 1280 with an IPv6
            address (RFC 8200).
          - Left out, it stays as it is. The kernel's own default is the underlay's MTU less 20,
            which leaves no room for ESP, so give one; V(1400) fits an underlay of 1500 bytes with
            the usual ciphers.
        type: int
      addresses: &addresses
        description:
          - The addresses of the device with their prefix lengths, IPv4 or IPv6.
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
        type: bool
      up: &up
        description:
          - Whether the device is administratively up.
          - Setting a device down flushes its routes.
        type: bool
      state: &state
        description:
          - Whether the device exists.
        type: str
        choices: [present, absent]
  kind: {<<: *kind, default: vti}
  local: *local
  remote: *remote
  key: *key
  ikey: *ikey
  okey: *okey
  dev: *dev
  mtu: *mtu
  addresses: *addresses
  addresses_exclusive: {<<: *addresses_exclusive, default: true}
  disable_policy: {<<: *disable_policy, default: true}
  up: {<<: *up, default: true}
  state: {<<: *state, default: present}
"""
