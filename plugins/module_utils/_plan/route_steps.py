# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the plan of routes starts from, and what it consists of (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    FoundRoute,
    Route,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.rule import Rule
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Change

ADD, APPEND, REPLACE = "add", "append", "replace"
"""What may be in a new route's place: nothing, other next hops (IPv6), the route to replace."""


@dataclass(frozen=True)
class AddRoute:
    """Add a route, with the owner's number as O(mark), 0 for none."""

    route: Route
    protocol: int
    mark: int = 0
    mode: str = ADD


@dataclass(frozen=True)
class DeleteRoute:
    """Remove exactly this route."""

    route: Route
    protocol: int


RouteStep = t.Union[AddRoute, DeleteRoute]
RouteChange = Change[RouteStep]


@dataclass(frozen=True)
class Routes:
    """What the kernel holds: all links by name, and routes in the order in which they count.

    All routes with our protocol number are here, and all others of those tables that the plan
    needs (M(tables_to_read)).
    """

    links: t.Mapping[str, Link]
    routes: t.Tuple[FoundRoute, ...] = ()
    rules: t.Tuple[Rule, ...] = ()
