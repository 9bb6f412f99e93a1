# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections of ipsec.conf, for the runner."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    DependencyError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.files import Place
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.starter import Starter
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.store import read_files
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.wanted import (
    WantedConn,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.ipsec_conf import (
    check_conns,
    conn_result,
    parse_conn,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.ipsec_conf import (
    FoundConns,
    Step,
    plan_conns,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import (
    Done,
    Params,
    Resource,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.ipsec_load import Loading
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import ipsec_conf as spec


class IpsecConf(Resource[WantedConn, FoundConns, Step]):
    """The connections of a host whose charon is run by starter."""

    list_option = spec.LIST
    fields = spec.FIELDS
    call = spec.CALL
    quiet = True

    def parse(self, entry: Params) -> WantedConn:
        return parse_conn(entry)

    def check(self, wanted: t.Sequence[WantedConn]) -> None:
        check_conns(wanted)

    def read(self, host: Host, params: Params, wanted: t.Sequence[WantedConn]) -> FoundConns:
        place = _place(params)
        if not host.check_mode:  # the directory above ours, as ours is not there at first
            host.hold(place.directory.rpartition("/")[0], float(params["timeout"]))
        files = read_files(place)
        try:
            loaded = _starter(host, params).loaded()
        except DependencyError as error:
            if not host.check_mode:
                raise
            host.warn(f"{error}. Check mode goes on as if charon held nothing yet.")
            loaded = frozenset()
        return FoundConns(files, loaded)

    def nothing(self) -> FoundConns:
        return FoundConns()

    def plan(self, wanted: t.Sequence[WantedConn], found: FoundConns, params: Params) -> Plan[Step]:
        return plan_conns(wanted, found, Policy.of(params), _place(params))

    def result(self, wanted: t.Sequence[WantedConn]) -> t.List[t.Dict[str, t.Any]]:
        return [conn_result(one) for one in wanted]

    def apply(self, host: Host, params: Params, plan: Plan[Step], done: Done) -> None:
        steps = [step for change in plan.changes for step in change.steps]
        Loading(host, _starter(host, params), _place(params), steps).run()
        for change in plan.changes:
            done(change)


def _place(params: Params) -> Place:
    return Place(params["config_file"], params["secrets_file"], params["directory"].rstrip("/"))


def _starter(host: Host, params: Params) -> Starter:
    return Starter(host, params["command"], float(params["timeout"]))
