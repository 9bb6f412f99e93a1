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
      - What an entry leaves out comes from the option of the same name at the top level.
    type: list
    elements: dict
    suboptions:
      dst: {<<: *dst, required: true}
      dev: &dev
        description:
          - The device to route through. Required if O(state=present). It must exist and be up.
          - An IPv6 route that is to be absent is removed only from this device, if one is given.
        type: str
      table: &table
        description:
          - The routing table, V(main), V(default), V(local) or a number from 1 to 4294967295.
        type: str
      metric: &metric
        description:
          - The metric, from 0 to 4294967295; the route with the lowest one wins.
          - Left out, it is 0 for IPv4 and 1024 for IPv6, as the kernel does it.
        type: int
      src: &src
        description:
          - The source address that the host prefers for this destination; it must be an address
            of the host.
        type: str
      state: &state
        description:
          - Whether the route exists.
        type: str
        choices: [present, absent]
  dev: *dev
  table: {<<: *table, default: main}
  metric: *metric
  src: *src
  state: {<<: *state, default: present}
"""
