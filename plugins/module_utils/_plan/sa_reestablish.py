# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan how SAs are established anew: which end, and whether the new ones can be made before (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import (
    ESTABLISHED,
    IkeSa,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa_wanted import (
    WantedSa,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.connection_difference import (
    difference,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.formers import (
    level_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.in_force import (
    IKE,
    Verdict,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa_found import (
    FoundSas,
    child_sas,
    meant,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa_steps import (
    Reestablish,
    Terminate,
)


def reestablish(
    one: WantedSa, stale: t.Sequence[Verdict], sas: t.Sequence[IkeSa], found: FoundSas
) -> Reestablish:
    """Return the step for what is meant and not in force, or for all that is meant by force.

    An IKE SA that is not in force takes all its children along: they cannot change over to another.
    """
    mine = meant(one, stale)
    ids = {verdict.child.uniqueid for verdict in mine if verdict.child}
    if not mine:
        ids = {child.uniqueid for child in child_sas(one, found)}
    unfit = {verdict.ike.uniqueid for verdict in stale if not verdict.child}
    whole = {
        ike.uniqueid
        for ike in sas
        if (not mine and not one.child)
        or (not one.child and ike.uniqueid in unfit)
        or (ike.uniqueid in unfit and any(child.uniqueid in ids for child in ike.children))
    }
    shared = {ike.uniqueid for ike in sas if ike.name != one.connection} & whole
    ids |= {child.uniqueid for ike in sas if ike.uniqueid in shared for child in ike.children}
    whole -= shared  # these are other connections' as well
    old = [(ike, child) for ike in sas for child in ike.children]
    ending = [(ike, child) for ike, child in old if ike.uniqueid in whole or child.uniqueid in ids]
    former = Terminate(
        one.connection,
        tuple(sorted(whole)),
        tuple(child.uniqueid for ike, child in ending if ike.uniqueid not in whole),
    )
    configured = found.children.get(one.connection, ())
    names = [child.name for _ike, child in ending if child.name in configured]
    if not one.child:
        up = {child.name for child in child_sas(one, found)}
        names += [name for name in configured if name not in up]
    left = [
        verdict
        for verdict in stale
        if verdict.ike.uniqueid not in whole
        and not (verdict.child and verdict.child.uniqueid in former.children)
    ]
    noted = found.formers.get(one.connection, {})
    return Reestablish(
        one.connection,
        tuple(dict.fromkeys(names)),
        former,
        first=bool(mine and names) and not _in_the_way(one, former, found),
        settled=frozenset(noted) - {level_of(verdict) for verdict in left},
        reauthenticate=not stale and not one.child and _can_reauthenticate(one, sas, found),
    )


def _can_reauthenticate(one: WantedSa, sas: t.Sequence[IkeSa], found: FoundSas) -> bool:
    """Return whether charon can make IKE SAs anew that are known to be in force.

    It would keep a former configuration; and with virtual addresses the peer may give others to the
    new SA while the old one is there.
    """
    section = found.sections.get(one.connection)
    return (
        section is not None
        and "vips" not in section.settings
        and all(ike.version == 2 and ike.state == ESTABLISHED for ike in sas)
    )


def _in_the_way(one: WantedSa, former: Terminate, found: FoundSas) -> bool:
    """Return whether an IKE SA must end before its successor is made.

    Otherwise charon would use it instead of making one, or the peer give other virtual addresses.
    """
    section = found.sections[one.connection]
    formers = found.formers.get(one.connection, {}).get(IKE, ())
    return bool(former.ikes) and (
        "vips" in section.settings
        or any(
            other.section is not None and difference(other.section, section).unnoticed
            for other in formers
        )
    )
