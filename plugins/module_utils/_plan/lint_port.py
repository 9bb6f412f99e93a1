# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Warn of a peer's port that charon does not send to (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

IKE = "500"
NAT_T = "4500"


def lint_ports(connections: t.Iterable[Section]) -> t.List[str]:
    """Return a warning for each connection with a port of the peer that needs a local one.

    What does not go to port 500 is for the peer's UDP encapsulation, which must not come from port
    500: charon 6.0.1 and newer take port 4500 on both ends then, whatever O(remote_port) says.
    """
    return [
        f"connection {one.name}: remote_port {one.settings['remote_port']} with local_port {IKE}:"
        f" strongSwan from 6.0.1 on sends to port {NAT_T} instead; give local_port {NAT_T}, too"
        for one in connections
        if one.settings.get("remote_port", IKE) not in {IKE, NAT_T}
        and one.settings.get("local_port", IKE) == IKE
    ]
