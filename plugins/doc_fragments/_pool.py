# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a pool, once for both levels."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of M(ipsec.strongswan.strongswan_pool)."""

    DOCUMENTATION = r"""
options:
  name: &name
    description:
      - The name of the pool, 1 to 64 letters, digits, C(_) or C(-). Connections name it in their
        option C(pools).
      - Its file is C(pool-NAME.conf).
    type: str
  pools:
    description:
      - The pools, if there are several; excludes O(name).
      - What an entry leaves out comes from the option of the same name at the top level.
    type: list
    elements: dict
    suboptions:
      name: {<<: *name, required: true}
      addrs: &addrs
        description:
          - The addresses to give to clients, a network like V(10.3.0.0/24) or a range like
            V(10.3.0.10-10.3.0.99), IPv4 or IPv6. Required if O(state=present).
          - Of a network the first and the last address are left out, and with V(10.3.0.20/24) those
            below the given one.
          - No address may be in two pools.
        type: str
      dns: &dns
        description:
          - Addresses of name servers.
        type: list
        elements: str
      nbns: &nbns
        description:
          - Addresses of NetBIOS name servers (WINS).
        type: list
        elements: str
      dhcp: &dhcp
        description:
          - Addresses of DHCP servers.
        type: list
        elements: str
      netmask: &netmask
        description:
          - The netmask of the client's network, like V(255.255.255.0).
        type: list
        elements: str
      server: &server
        description:
          - Addresses of servers of the provider's own use.
        type: list
        elements: str
      subnet: &subnet
        description:
          - Networks that this gateway protects, like V(10.1.0.0/16).
        type: list
        elements: str
      split_include: &split_include
        description:
          - Networks that a Cisco client sends through the tunnel (Unity).
        type: list
        elements: str
      split_exclude: &split_exclude
        description:
          - Networks that a Cisco client does not send through the tunnel (Unity).
        type: list
        elements: str
      settings: &settings
        description:
          - Further attributes by the number of their type, from 1 to 32767, each a text or a list
            of texts. charon sends an address or a network as such, all else as text.
          - strongSwan 6.0.3 and newer also know V(p_cscf), addresses of P-CSCF servers (IMS).
        type: dict
      state: &state
        description:
          - Whether the pool exists, in its file and in the running charon.
        type: str
        choices: [present, absent]
  addrs: *addrs
  dns: *dns
  nbns: *nbns
  dhcp: *dhcp
  netmask: *netmask
  server: *server
  subnet: *subnet
  split_include: *split_include
  split_exclude: *split_exclude
  settings: *settings
  state: {<<: *state, default: present}
"""
