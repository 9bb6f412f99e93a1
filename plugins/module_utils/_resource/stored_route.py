# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes with their files, for the runner."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.persist import GUARDS, ROUTES
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import WantedRoute
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.guard_order import GuardedStep
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.persist import FileChange
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.persist_route import (
    plan_route_files,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.route_steps import Routes
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import Params
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.persistent import (
    Files,
    Persistent,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.route import RouteTable


class StoredRoutes(Persistent[WantedRoute, Routes, GuardedStep]):
    """The routes of a host, and their files: guards in one of their own, for an earlier time."""

    inner = RouteTable()
    list_option, fields, call = RouteTable.list_option, RouteTable.fields, RouteTable.call
    kinds = (GUARDS, ROUTES)

    def plan_files(
        self, wanted: t.Sequence[WantedRoute], found: Routes, files: Files, params: Params
    ) -> t.Sequence[FileChange]:
        return plan_route_files(
            wanted, found, files[GUARDS], files[ROUTES], Policy.of(params), params["protocol"]
        )
