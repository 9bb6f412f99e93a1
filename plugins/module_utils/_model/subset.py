# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which parts of a report are asked for (pure)."""

from __future__ import annotations

import difflib
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError

SUBSETS = (
    "daemon",
    "stats",
    "plugins",
    "algorithms",
    "connections",
    "ike_sas",
    "policies",
    "pools",
    "certificates",
    "authorities",
    "secrets",
    "private_keys",
    "counters",
)
"""All parts, in the order of the report."""

MINIMUM = frozenset({"daemon"})
ALL, MIN = "all", "min"


def chosen(asked: t.Sequence[str]) -> t.FrozenSet[str]:
    """Return the parts that a list like V(!all,ike_sas) asks for.

    It is as for M(ansible.builtin.setup): the minimum is always there unless V(!min) takes it away,
    and what is named itself is there in any case. A list that only takes away begins with all.

    :raises InputError: there is no such part.
    """
    named = {_known(item) for item in asked if not item.startswith("!")}
    dropped = {_known(item[1:]) for item in asked if item.startswith("!")}
    wanted = set(SUBSETS) if ALL in named or not (named or ALL in dropped) else set(MINIMUM)
    for item in dropped - {ALL, MIN}:
        wanted.discard(item)
    if ALL in dropped:
        wanted &= MINIMUM
    if MIN in dropped:
        wanted -= MINIMUM
    return frozenset(wanted | (named - {ALL, MIN}))


def _known(item: str) -> str:
    known = (ALL, MIN, *SUBSETS)
    if item not in known:
        near = difflib.get_close_matches(item, known, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise InputError(
            f"gather_subset '{item}': expected one of {', '.join(known)}, or one of them with a"
            f" '!' before it{hint}"
        )
    return item
