# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options by which a call that changes nothing is told what a play wants."""

from __future__ import annotations


class ModuleDocFragment:
    """What is wanted, of which owner."""

    DOCUMENTATION = r"""
options:
  tunnels:
    description:
      - The tunnel devices that are wanted, as C(tunnels) of M(ipsec.strongswan.vti_tunnel).
    type: list
    elements: dict
    default: []
  routes:
    description:
      - The routes that are wanted, as C(routes) of M(ipsec.strongswan.vti_route).
    type: list
    elements: dict
    default: []
  connections:
    description:
      - The connections that are wanted, as C(connections) of M(ipsec.strongswan.strongswan_conn).
    type: list
    elements: dict
    default: []
  owner:
    description:
      - The owner of what is wanted.
    type: str
    default: default
"""
