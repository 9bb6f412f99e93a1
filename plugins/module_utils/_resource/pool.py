# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pools of virtual addresses, for the runner."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.pool import (
    check_pools,
    parse_pool,
    pool_result,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import (
    FileStep,
    Found,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.pool import (
    FoundPools,
    LoadedPool,
    plan_pools,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import Params
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.config_file import (
    FileResource,
    Message,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import pool as spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.pool_message import (
    pool_message,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import Client


class PoolFiles(FileResource):
    """The pools of a host."""

    list_option = spec.LIST
    fields = spec.FIELDS
    call = spec.CALL

    def __init__(self) -> None:
        self._pools: t.Dict[str, LoadedPool] = {}

    def parse(self, entry: Params) -> ConfigObject:
        return parse_pool(entry)

    def check(self, wanted: t.Sequence[ConfigObject]) -> None:
        check_pools(wanted)

    def read(self, host: Host, params: Params, wanted: t.Sequence[ConfigObject]) -> FoundPools:
        found = super().read(host, params, wanted)
        return FoundPools(**{**vars(found), "pools": self._pools})

    def nothing(self) -> FoundPools:
        return FoundPools()

    def plan(
        self, wanted: t.Sequence[ConfigObject], found: Found, params: Params
    ) -> Plan[FileStep]:
        pools = found if isinstance(found, FoundPools) else FoundPools()
        return plan_pools(wanted, pools, Policy.of(params), params["directory"])

    def result(self, wanted: t.Sequence[ConfigObject]) -> t.List[t.Dict[str, t.Any]]:
        return [pool_result(one) for one in wanted]

    def loaded(self, client: Client) -> t.FrozenSet[str]:
        self._pools = {
            name: LoadedPool(pool.base, pool.size, pool.online)
            for name, pool in charon.loaded_pools(client).items()
        }
        return frozenset(self._pools)

    def message(self, section: Section, _swanctl: str) -> Message:
        return pool_message(section)

    def load(self, client: Client, name: str, message: Message) -> None:
        charon.load_pool(client, name, message)

    def unload(self, client: Client, name: str) -> None:
        charon.unload_pool(client, name)
