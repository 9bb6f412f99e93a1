# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option to keep what is wanted in files, too."""

from __future__ import annotations


class ModuleDocFragment:
    """The option O(persist)."""

    DOCUMENTATION = r"""
options:
  persist:
    description:
      - Whether to keep what is wanted in files below C(/etc/ipsec.strongswan), too, from which it
        can be made again where nothing is, as after a restart of the host.
      - Each O(owner) has its own files, C(OWNER.tunnels) for devices, C(OWNER.guards) for guards and
        underlay exceptions with their rules, C(OWNER.routes) for all other routes.
      - They hold lines for C(ip -batch) and, as comments for C(ip), those for C(sysctl) and for
        C(ip -6 -batch). The head of each file says how to replay it. Guards need no device, so they
        can be replayed before the network is up; routes come after the devices.
      - The objects of the call are replaced in the files, absent ones are removed from them, others
        of this owner stay there, unless O(purge=true). A call without O(persist=true) leaves the
        files as they are.
      - What the call leaves as it is on the host, such as an MTU that is not given, is not in the
        files.
      - It cannot be had together with a network namespace, as that would not survive a restart.
    type: bool
    default: false
"""
