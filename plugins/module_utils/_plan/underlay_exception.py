# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell which peers must stay on the underlay (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.guard import (
    GUARD_TABLE,
    is_default,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    Route,
    WantedRoute,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.loop import (
    Covered,
    endpoints_of,
)


def excepts(links: t.Mapping[str, Link], route: Route) -> t.List[str]:
    """Return the peers of a route's own devices, as far as the route covers them."""
    ends = [endpoints_of(links.get(device)) for device in route.devices]
    covered = Covered([route.identity.dst])
    return sorted({end.remote for end in ends if end and end.remote in covered})


def unknown_peers(wanted: t.Iterable[WantedRoute], links: t.Mapping[str, Link]) -> t.Iterator[str]:
    """Warn of exceptions that cannot be made: only charon knows the peers of these devices."""
    for one in wanted:
        if not (one.present and one.underlay_exception and is_default(one.route.identity.dst)):
            continue
        for name in one.route.devices:
            link = links.get(name)
            if link is not None and link.data is not None and endpoints_of(link) is None:
                yield (
                    f"{one.route.object}: underlay_exception: dev '{name}' does not tell its peer"
                    " (an XFRM interface, a VTI for any remote or with a fwmark): add more"
                    " specific routes for its peers, or routes of type throw in table"
                    f" {GUARD_TABLE}, if nothing else keeps their packets out of the tunnel"
                )
