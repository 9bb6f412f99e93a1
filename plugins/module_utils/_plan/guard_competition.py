# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find what would take the traffic of a guarded route when that is gone (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    BLACKHOLE,
    PROHIBIT,
    UNREACHABLE,
    Route,
    RouteIdentity,
    WantedRoute,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_steps import Routes

SAFE_TYPES = (UNREACHABLE, BLACKHOLE, PROHIBIT)
"""What no packet leaves by."""


Traffic = t.Tuple[int, int, str]
"""IP version, table and destination: what routes of different metrics compete for."""


def traffic(identity: RouteIdentity) -> Traffic:
    """Return what a route competes for."""
    return (identity.version, identity.table, identity.dst)


def competition(
    wanted: t.Sequence[WantedRoute], kernel: Routes, protocol: int, adopt: bool
) -> t.Set[Traffic]:
    """Return what has a route that takes the traffic elsewhere when the guarded one is gone.

    Routes of ours through tunnels do not, nor do those that are guarded, too, or taken over.
    """
    guarded = {one.route.identity: one.route for one in wanted if one.present and one.guard}
    routes = [one.route for one in wanted if one.present and not one.guard]
    routes = [route for route in routes if not _through_tunnels(route, kernel.links)]
    for found in kernel.routes:
        ours = found.protocol == protocol
        if ours and _through_tunnels(found.route, kernel.links):
            continue
        mine = guarded.get(found.route.identity)
        if mine is not None and (ours or _gives_way(found.route, mine, adopt)):
            continue
        routes.append(found.route)
    return {traffic(route.identity) for route in routes if route.type not in SAFE_TYPES}


def _gives_way(found: Route, wanted: Route, adopt: bool) -> bool:
    """Whether somebody else's route in the place of a wanted one is taken over or replaced.

    IPv6 keeps another's next hop beside ours.
    """
    return found.devices == wanted.devices or (adopt and wanted.identity.version == 4)


def _through_tunnels(route: Route, links: t.Mapping[str, Link]) -> bool:
    found = [links.get(device) for device in route.devices]
    return bool(found) and all(link is not None and link.data is not None for link in found)
