# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is done to SAs: the steps of a plan (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Change


@dataclass(frozen=True)
class Initiate:
    """Initiate children of a connection, or its IKE SA if it has none."""

    connection: str
    children: t.Tuple[str, ...]


@dataclass(frozen=True)
class Terminate:
    """End SAs by their unique ids."""

    connection: str
    ikes: t.Tuple[int, ...] = ()
    children: t.Tuple[int, ...] = ()


@dataclass(frozen=True)
class Reestablish:
    """Make children anew and end their former SAs.

    With O(first) the new ones are made first. charon makes none beside one that has the same
    configuration, nor an IKE SA beside such a one. With O(reauthenticate) charon makes IKE SAs that
    have the present configuration anew by itself: first, if its make_before_break is on. O(settled)
    are the levels all of whose SAs have the present configuration afterwards.
    """

    connection: str
    children: t.Tuple[str, ...]
    former: Terminate
    first: bool
    settled: t.FrozenSet[str] = frozenset()
    reauthenticate: bool = False


SaStep = t.Union[Initiate, Terminate, Reestablish]
SaChange = Change[SaStep]
