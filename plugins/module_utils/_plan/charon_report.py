# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report on charon from its answers and its files, part by part (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.certificate_facts import (
    certificate_facts,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.daemon_connection import (
    daemon_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.daemon_facts import (
    algorithm_facts,
    authority_facts,
    counter_facts,
    daemon_facts,
    plugin_facts,
    policy_facts,
    pool_facts,
    stats_facts,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.moment import Moment
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import IkeSa, parse_ike_sa
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa_facts import ike_facts
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.subset import SUBSETS
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.charon_connections import (
    report_connections,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.charon_objects import (
    Facts,
    Sources,
    report_objects,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.charon_problems import (
    all_problems,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.charon_secrets import (
    report_secrets,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.report_in_force import Noted
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    AUTHORITY,
    POOL,
    ObjectKind,
)

Message = t.Mapping[str, t.Any]
Events = t.Sequence[Message]


@dataclass(frozen=True)
class Told:
    """What charon answered; None is what it was not asked, or could not be."""

    version: t.Optional[Message] = None
    stats: t.Optional[Message] = None
    algorithms: t.Optional[Message] = None
    connections: t.Optional[Events] = None
    over_vici: t.Optional[t.FrozenSet[str]] = None
    ike_sas: t.Optional[Events] = None
    policies: t.Optional[Events] = None
    pools: t.Optional[Message] = None
    certificates: t.Optional[Events] = None
    authorities: t.Optional[Events] = None
    secrets: t.Optional[t.FrozenSet[str]] = None
    private_keys: t.Optional[t.FrozenSet[str]] = None
    counters: t.Optional[Message] = None


NOTHING = Told(
    connections=(),
    over_vici=frozenset(),
    ike_sas=(),
    policies=(),
    pools={},
    certificates=(),
    authorities=(),
    secrets=frozenset(),
    private_keys=frozenset(),
)
"""What a charon holds that does not run."""


@dataclass(frozen=True)
class Wanted:
    """What the report is to tell: its parts, of which connections, and what it warns of."""

    parts: t.FrozenSet[str]
    names: t.Optional[t.Sequence[str]] = None
    certificate_days: int = 0


def report(
    wanted: Wanted, sources: Sources, told: Told, now: Moment, noted: t.Optional[Noted] = None
) -> Facts:
    """Return the module's result; null is what charon could not be asked."""
    builder = _Builder(wanted, sources, told, now, noted or Noted())
    facts: Facts = {"running": sources.running}
    for part in SUBSETS:
        if part in wanted.parts:
            facts[part] = getattr(builder, part)()
    facts["problems"] = all_problems(facts, sources.about(wanted.names), wanted.certificate_days)
    return facts


class _Builder:
    """Makes the parts of a report; a method for each."""

    def __init__(
        self, wanted: Wanted, sources: Sources, told: Told, now: Moment, noted: Noted
    ) -> None:
        self._wanted = wanted
        self._sources = sources
        self._told = told
        self._now = now
        self._noted = noted
        self._sas: t.Optional[t.List[IkeSa]] = None
        if told.ike_sas is not None and "ike_sas" in wanted.parts:
            self._sas = [parse_ike_sa(event) for event in told.ike_sas]

    def daemon(self) -> t.Optional[Facts]:
        return None if self._told.version is None else daemon_facts(self._told.version)

    def stats(self) -> t.Optional[Facts]:
        return None if self._told.stats is None else stats_facts(self._told.stats, self._now)

    def plugins(self) -> t.Optional[t.List[str]]:
        return None if self._told.stats is None else plugin_facts(self._told.stats)

    def algorithms(self) -> t.Optional[t.List[Facts]]:
        told = self._told.algorithms
        return None if told is None else algorithm_facts(told)

    def connections(self) -> t.List[Facts]:
        held = None
        if self._told.connections is not None:
            held = dict(
                pair for event in self._told.connections for pair in daemon_connection(event)
            )
        policies = self.policies() if "policies" in self._wanted.parts else None
        return report_connections(
            self._sources,
            held,
            self._told.over_vici,
            self._sas,
            policies,
            self._noted,
            self._wanted.names,
        )

    def ike_sas(self) -> t.Optional[t.List[Facts]]:
        if self._sas is None:
            return None
        return [ike_facts(ike, self._now) for ike in self._sas]

    def policies(self) -> t.Optional[t.List[Facts]]:
        if self._told.policies is None:
            return None
        return [facts for event in self._told.policies for facts in policy_facts(event)]

    def pools(self) -> t.List[Facts]:
        told = self._told.pools
        held = None if told is None else pool_facts(told)
        return self._objects(POOL, held, ("base", "size", "online", "offline", "leases"))

    def authorities(self) -> t.List[Facts]:
        told = self._told.authorities
        held = None if told is None else authority_facts(told)
        return self._objects(AUTHORITY, held, ("cacert", "crl_uris", "ocsp_uris", "cert_uri_base"))

    def certificates(self) -> t.Optional[t.List[Facts]]:
        told = self._told.certificates
        return None if told is None else [certificate_facts(event, self._now) for event in told]

    def secrets(self) -> t.List[Facts]:
        return report_secrets(self._sources, self._told.secrets)

    def private_keys(self) -> t.Optional[t.List[Facts]]:
        told = self._told.private_keys
        return None if told is None else [{"name": name} for name in sorted(told)]

    def counters(self) -> t.Optional[t.List[Facts]]:
        return None if self._told.counters is None else counter_facts(self._told.counters)

    def _objects(
        self, kind: ObjectKind, held: t.Optional[t.Dict[str, Facts]], names: t.Sequence[str]
    ) -> t.List[Facts]:
        """Return objects, with what charon tells of each beside the rest of it."""
        found = []
        for one in report_objects(kind, self._sources, held):
            told = one.pop("daemon_settings") or dict.fromkeys(names)
            found.append({**one, **told})
        return found
