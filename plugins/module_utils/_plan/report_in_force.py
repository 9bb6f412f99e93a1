# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which live SAs do not have what the files say, for a report (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import IkeSa
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.disruption import live
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.in_force import (
    Formers,
    not_in_force,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.live_connection import (
    by_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.shared_ike import (
    holders_in,
    part_of,
    shared_out,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section


@dataclass(frozen=True)
class Noted:
    """What SAs may have of former configurations, by connection, and the host's monotonic time."""

    formers: t.Mapping[str, Formers] = field(default_factory=dict)
    now: float = 0.0


def reasons_not_in_force(
    sections: t.Mapping[str, Section], sas: t.Iterable[IkeSa], noted: Noted
) -> t.Dict[str, t.List[str]]:
    """Return by connection why live SAs do not have its configuration; nothing where all have it."""
    holders = holders_in(sections.values())
    mine = shared_out(by_connection(sas), holders)
    return {
        name: [
            verdict.reason
            for verdict in not_in_force(
                section,
                noted.formers.get(name, {}),
                [part_of(name, ike, holders) for ike in live(mine.get(name, ()))],
                noted.now,
            )
        ]
        for name, section in sections.items()
    }
