# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The network namespace to work in."""

from __future__ import annotations


class ModuleDocFragment:
    """The option O(netns)."""

    DOCUMENTATION = r"""
options:
  netns:
    description:
      - The network namespace to work in, by a name that C(ip netns list) shows.
      - Left out, the module works where Ansible runs it.
    type: str
"""
