# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who has a tunnel with whom (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.member import sorted_ends
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.site import (
    HUB,
    PAIRS,
    Site,
)


def peers_of(site: Site, name: str) -> t.Tuple[str, ...]:
    """Return the members that a member has a tunnel with, sorted; of hubs the first one first."""
    if site.topology == PAIRS:
        found = {end for ends in site.pairs if name in ends for end in ends if end != name}
    elif site.topology == HUB and name not in site.hubs:
        found = set(site.hubs)
    else:
        found = set(site.members) - {name}
    wanted = [peer for peer in found if not site.pair(sorted_ends(name, peer)).exclude]
    if site.topology == HUB:
        order = {hub: position for position, hub in enumerate(site.hubs)}
        return tuple(sorted(wanted, key=lambda peer: (order.get(peer, len(order)), peer)))
    return tuple(sorted(wanted))


def check_member(site: Site, name: str) -> None:
    """See that a host is a member.

    :raises InputError: it is not.
    """
    if name not in site.members:
        raise InputError(
            f"site {site.name}: host {name} is no member of it: add it to members, or take it out"
            " of the play"
        )
