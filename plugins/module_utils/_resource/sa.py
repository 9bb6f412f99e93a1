# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SAs that are brought up, down or established anew, for the runner."""

from __future__ import annotations

import time
import typing as t
from dataclasses import replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._host import (
    Host,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import (
    IkeSa,
    parse_ike_sa,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa_wanted import (
    WantedSa,
    check_sas,
    parse_sa,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Plan,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.formers import (
    remaining_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.live_connection import (
    by_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa import (
    plan_sas,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa_found import (
    FoundSas,
    child_sas,
    meant,
    verdicts,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa_steps import (
    Initiate,
    Reestablish,
    SaStep,
    Terminate,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.shared_ike import (
    shared_out,
    strangers,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import (
    Done,
    Params,
    Resource,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.former_connections import (
    read_formers,
    write_formers,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.sa_control import (
    SaControl,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import sa as spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    CONNECTION,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import (
    Section,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.store import (
    read_files,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import (
    charon,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import (
    Client,
)


class Sas(Resource[WantedSa, FoundSas, SaStep]):
    """The SAs of a host's connections."""

    list_option = spec.LIST
    fields = spec.FIELDS
    call = spec.CALL

    def __init__(self) -> None:
        """Begin a run: its result tells of the SAs as they are at its end."""
        self._found = FoundSas()

    def parse(self, entry: Params) -> WantedSa:
        return parse_sa(entry)

    def check(self, wanted: t.Sequence[WantedSa]) -> None:
        check_sas(wanted)

    def read(self, host: Host, params: Params, wanted: t.Sequence[WantedSa]) -> FoundSas:
        names = sorted({one.connection for one in wanted})
        noted = read_formers(host, params["socket"])
        with Client(params["socket"], float(params["timeout"])) as client:
            children = {name: charon.children(client, name) for name in names}
            holders = {child: name for name in names for child in children[name] or ()}
            sas = by_connection(parse_ike_sa(told) for told in charon.live_sas(client))
            if strangers(sas, holders):
                holders = {**charon.connections_of_children(client), **holders}
        found = FoundSas(
            {name: held for name, held in children.items() if held is not None},
            shared_out(sas, holders),
            _sections(params["directory"], names),
            noted,
            time.monotonic(),
            holders,
        )
        left = {
            name: remaining_of(
                noted[name],
                found.of(name),
                found.sections.get(name) if name in found.children else None,
                found.now,
            )
            for name in names
            if name in noted
        }
        found = replace(found, formers={**noted, **left})
        if not host.check_mode:
            self._note(host, params, noted, found.formers)
        self._found = found
        return found

    def nothing(self) -> FoundSas:
        return FoundSas()

    def plan(self, wanted: t.Sequence[WantedSa], found: FoundSas, params: Params) -> Plan[SaStep]:
        return plan_sas(wanted, found, bool(params.get("check_mode")))

    def apply(self, host: Host, params: Params, plan: Plan[SaStep], done: Done) -> None:
        for change in plan.changes:
            for step in change.steps:
                control = self._control(params, step.connection, change.object)
                if isinstance(step, Initiate):
                    for child in step.children or ("",):
                        control.initiate(child)
                elif isinstance(step, Terminate):
                    control.terminate(step)
                else:
                    self._reestablish(host, params, control, step)
            done(change)
        names = {step.connection for change in plan.changes for step in change.steps}
        sas = {name: self._control(params, name, name).alive() for name in names}
        self._found = replace(self._found, sas={**self._found.sas, **sas}, now=time.monotonic())

    def _control(self, params: Params, connection: str, what: str) -> SaControl:
        return SaControl(params["socket"], params["timeout"], connection, what, self._found.holders)

    def _reestablish(
        self, host: Host, params: Params, control: SaControl, step: Reestablish
    ) -> None:
        """Make SAs anew; one that charon itself takes for the present one is left."""
        if step.first:
            before = control.alive()
            names = {child.uniqueid: child.name for ike in before for child in ike.children}
            present = set()
            for child in step.children:
                there = control.initiate(child)
                if names.get(there, child) == child:
                    present.add(there)
                else:  # charon compares without names
                    control.terminate(Terminate(step.connection, children=(there,)))
                    control.initiate(child)
            control.terminate(_without(step.former, present, before))
        elif step.reauthenticate:
            control.reauthenticate(step.former.ikes, step.children)
        else:
            control.terminate(step.former)
            for child in step.children or (("",) if step.former.ikes else ()):
                control.initiate(child)
        noted = self._found.formers.get(step.connection, {})
        left = {level: formers for level, formers in noted.items() if level not in step.settled}
        formers = {**self._found.formers, step.connection: left}
        self._note(host, params, self._found.formers, formers)
        self._found = replace(self._found, formers=formers)

    @staticmethod
    def _note(host: Host, params: Params, before: t.Any, after: t.Any) -> None:
        if before != after:
            write_formers(
                host, params["socket"], {name: noted for name, noted in after.items() if noted}
            )

    def result(self, wanted: t.Sequence[WantedSa]) -> t.List[t.Dict[str, t.Any]]:
        return [_result(one, self._found) for one in wanted]


def _without(former: Terminate, present: t.Set[int], sas: t.Sequence[IkeSa]) -> Terminate:
    """Return what is to end without the children that have the present configuration.

    The IKE SA of such a one has it, too, and stays; of its children only those end that were made
    anew.
    """
    kept = {ike.uniqueid for ike in sas for child in ike.children if child.uniqueid in present}
    return Terminate(
        former.connection,
        tuple(one for one in former.ikes if one not in kept),
        tuple(
            child.uniqueid
            for ike in sas
            for child in ike.children
            if child.uniqueid not in present
            and (child.uniqueid in former.children or ike.uniqueid in kept & set(former.ikes))
        ),
    )


def _sections(directory: str, names: t.Sequence[str]) -> t.Dict[str, Section]:
    """Return the connections of these names as files have them."""
    files = read_files(directory)
    own = {CONNECTION.path(directory, name) for name in names}
    sections: t.Dict[str, Section] = {}
    for _path, file in sorted(files.items(), key=lambda item: item[0] not in own):
        if set(names) <= set(sections):
            break
        for name, section in file.root.children(CONNECTION.group).items():
            if name in names:
                sections.setdefault(name, section)
    return sections


def _result(one: WantedSa, found: FoundSas) -> t.Dict[str, t.Any]:
    stale = meant(one, verdicts(one.connection, found))
    return {
        "connection": one.connection,
        "child": one.child or None,
        "in_force": not stale,
        "in_force_reason": "; ".join(verdict.reason for verdict in stale),
        "ike_sas": [
            {"uniqueid": ike.uniqueid, "state": ike.state} for ike in found.of(one.connection)
        ],
        "children": [
            {"name": child.name, "uniqueid": child.uniqueid, "state": child.state}
            for child in child_sas(one, found)
        ],
    }
