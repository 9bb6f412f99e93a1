# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections, for the runner."""

from __future__ import annotations

import time
import typing as t
from dataclasses import replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.connection import (
    check_connections,
    connection_result,
    parse_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import (
    IkeSa,
    parse_ike_sa,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import (
    FileStep,
    Found,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.connection import (
    plan_connections,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.formers import remaining
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.in_force import Formers
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.live_connection import (
    Outlooks,
    by_connection,
    live_result,
    outlook_of,
    plan_live,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.shared_ike import (
    holders_in,
    shared_out,
    strangers,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import Done, Params
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.config_file import (
    FileResource,
    Message,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.former_connections import (
    read_formers,
    write_formers,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.surroundings import (
    read_surroundings,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import connection as spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.message import (
    connection_message,
    files_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    CONNECTION,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.store import read_blob
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import (
    Client,
    RefusedError,
)


class ConnectionFiles(FileResource):
    """The connections of a host."""

    list_option = spec.LIST
    fields = spec.FIELDS
    call = spec.CALL

    def parse(self, entry: Params) -> ConfigObject:
        return parse_connection(entry)

    def check(self, wanted: t.Sequence[ConfigObject]) -> None:
        check_connections(wanted)

    def __init__(self) -> None:
        """Begin a run: what it finds and forecasts is needed until its result."""
        self._found = Found()
        self._outlooks: Outlooks = {}

    def read(self, host: Host, params: Params, wanted: t.Sequence[ConfigObject]) -> Found:
        found = super().read(host, params, wanted)
        noted = read_formers(host, params["socket"])
        found = _shared(replace(found, formers=noted, now=time.monotonic()), wanted)
        found = replace(found, surroundings=read_surroundings(params, wanted))
        if not host.check_mode:
            self._note(host, params, remaining(found, params["directory"]), noted)
        return found

    def plan(
        self, wanted: t.Sequence[ConfigObject], found: Found, params: Params
    ) -> Plan[FileStep]:
        plan = plan_connections(wanted, found, Policy.of(params), params["directory"])
        plan, self._outlooks = plan_live(plan, found, params["allow_disruption"])
        self._found = found
        return plan

    def apply(self, host: Host, params: Params, plan: Plan[FileStep], done: Done) -> None:
        formers = remaining(self._found, params["directory"])
        formers.update({name: one.formers for name, one in self._outlooks.items()})
        formers = {name: noted for name, noted in formers.items() if noted}
        self._note(host, params, formers, self._found.formers)  # first, as a run may end any time
        super().apply(host, params, plan, done)

    @staticmethod
    def _note(
        host: Host,
        params: Params,
        formers: t.Mapping[str, Formers],
        noted: t.Mapping[str, Formers],
    ) -> None:
        """Note which configurations live SAs may still have; those without an SA are forgotten."""
        if formers != noted:
            write_formers(host, params["socket"], formers)

    def result(self, wanted: t.Sequence[ConfigObject]) -> t.List[t.Dict[str, t.Any]]:
        return [
            {
                **connection_result(one),
                **live_result(one, outlook_of(one, self._found, self._outlooks), self._found),
            }
            for one in wanted
        ]

    def loaded(self, client: Client) -> t.FrozenSet[str]:
        return charon.loaded_connections(client)

    def sas(self, client: Client) -> t.Dict[str, t.Tuple[IkeSa, ...]]:
        return by_connection(parse_ike_sa(told) for told in charon.live_sas(client))

    def version(self, client: Client) -> str:
        return charon.daemon_version(client)

    def files_of(self, section: Section, swanctl: str) -> t.List[str]:
        return files_of(section, swanctl)

    def message(self, section: Section, swanctl: str) -> Message:
        return connection_message(section, swanctl, read_blob)

    def load(self, client: Client, name: str, message: Message) -> None:
        charon.load_connection(client, name, message)
        if name in self._outlooks and self._outlooks[name].unnoticed:
            charon.unload_connection(client, name)
            charon.load_connection(client, name, message)

    def load_all(
        self, client: Client, items: t.Sequence[t.Tuple[str, Message]]
    ) -> t.Iterator[t.Optional[RefusedError]]:
        if any(
            self._outlooks[name].unnoticed for name, _message in items if name in self._outlooks
        ):
            return super().load_all(client, items)
        return charon.load_connections(client, items)

    def unload(self, client: Client, name: str) -> None:
        charon.unload_connection(client, name)


def _shared(found: Found, wanted: t.Sequence[ConfigObject]) -> Found:
    """Return what was found with the SAs that connections have in IKE SAs of others.

    Files are parsed for it only if there are SAs of children that are not wanted.
    """
    if not found.sas:
        return found
    holders = holders_in(one.section for one in wanted)
    if strangers(found.sas, holders):
        held = holders_in(
            section
            for file in found.files.values()
            for section in file.root.children(CONNECTION.group).values()
        )
        holders = {**held, **holders}
    return replace(found, sas=shared_out(found.sas, holders), holders=holders)
