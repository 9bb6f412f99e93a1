# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes with their guards, for the runner."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.guarded import apply_guarded
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.read import read_links
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.route import read_routes
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import open_session
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.rule import read_rules
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.guard import check_guards
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    WantedRoute,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route_parse import (
    check_protocol,
    check_routes,
    parse_route,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.guard_order import (
    GuardedStep,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.guarded import (
    plan_guarded,
    tables_to_read,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_state import route_state
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_steps import Routes
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import (
    Done,
    Params,
    Resource,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import route as spec


class RouteTable(Resource[WantedRoute, Routes, GuardedStep]):
    """The routes of a host."""

    list_option = spec.LIST
    fields = spec.FIELDS
    call = spec.CALL

    def parse(self, entry: Params) -> WantedRoute:
        return parse_route(entry)

    def check(self, wanted: t.Sequence[WantedRoute]) -> None:
        check_routes(wanted)
        check_guards(wanted)

    def read(self, host: Host, params: Params, wanted: t.Sequence[WantedRoute]) -> Routes:
        protocol = check_protocol(params["protocol"])
        versions = {4, 6} if params["purge"] else {one.route.identity.version for one in wanted}
        with open_session(params["netns"]) as session:
            netlink = session.netlink
            links = read_links(netlink)
            routes = [
                route
                for version in sorted(versions)
                for route in read_routes(netlink, links, version, protocol)
            ]
            rules = [rule for version in sorted(versions) for rule in read_rules(netlink, version)]
            found = Routes(links, tuple(routes), tuple(rules))
            tables = tables_to_read(wanted, found, Policy.of(params), protocol)
            routes = [one for one in routes if one.route.identity[:2] not in tables]
            for version, table in sorted(tables):
                routes += read_routes(netlink, links, version, table=table)
        return replace(found, routes=tuple(routes))

    def nothing(self) -> Routes:
        return Routes(links={}, routes=())

    def plan(
        self, wanted: t.Sequence[WantedRoute], found: Routes, params: Params
    ) -> Plan[GuardedStep]:
        return plan_guarded(wanted, found, Policy.of(params), params["protocol"])

    def apply(self, host: Host, params: Params, plan: Plan[GuardedStep], done: Done) -> None:
        with open_session(params["netns"]) as session:
            apply_guarded(session, plan.changes, done)

    def result(self, wanted: t.Sequence[WantedRoute]) -> t.List[t.Dict[str, t.Any]]:
        return [_shown(one) for one in wanted]


def _shown(wanted: WantedRoute) -> t.Dict[str, t.Any]:
    identity = wanted.route.identity
    shown: t.Dict[str, t.Any] = {
        "dst": identity.dst,
        "table": identity.table,
        "metric": identity.metric,
        "state": "present" if wanted.present else "absent",
    }
    if identity.tos:
        shown["tos"] = identity.tos
    return {**shown, **route_state(wanted.route)} if wanted.present else shown
