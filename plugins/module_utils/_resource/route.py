# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes, for the runner."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.route import (
    apply_step,
    read_routes,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import open_session
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    Route,
    check_protocol,
    check_routes,
    parse_route,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route import (
    Routes,
    RouteStep,
    plan_routes,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import (
    Done,
    Params,
    Resource,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import route as spec


class RouteTable(Resource[Route, Routes, RouteStep]):
    """The routes of a host."""

    list_option = spec.LIST
    fields = spec.FIELDS
    call = spec.CALL

    def parse(self, entry: Params) -> Route:
        return parse_route(entry)

    def check(self, wanted: t.Sequence[Route]) -> None:
        check_routes(wanted)

    def read(self, host: Host, params: Params, wanted: t.Sequence[Route]) -> Routes:
        check_protocol(params["protocol"])
        versions = {4, 6} if params["purge"] else {route.version for route in wanted}
        with open_session(params["netns"]) as ipr:
            return read_routes(ipr, versions)

    def nothing(self) -> Routes:
        return Routes(links={}, routes=())

    def plan(self, wanted: t.Sequence[Route], found: Routes, params: Params) -> Plan[RouteStep]:
        return plan_routes(wanted, found, Policy.of(params), params["protocol"])

    def apply(self, host: Host, params: Params, plan: Plan[RouteStep], done: Done) -> None:
        with open_session(params["netns"]) as ipr:
            for change in plan.changes:
                for step in change.steps:
                    apply_step(ipr, step)
                done(change)

    def result(self, wanted: t.Sequence[Route]) -> t.List[t.Dict[str, t.Any]]:
        return [
            {
                "dst": route.dst,
                "table": route.table,
                "metric": route.metric,
                "state": "present" if route.present else "absent",
                **({"dev": route.dev, "src": route.src} if route.present else {}),
            }
            for route in wanted
        ]
