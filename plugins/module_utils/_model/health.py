# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of a host whose health is looked at (pure)."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import FoundRoute
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import XfrmPolicy

Facts = t.Mapping[str, t.Any]

_PINGED = re.compile(r"^(\d+) packets transmitted, (\d+) (?:packets )?received", re.MULTILINE)


@dataclass(frozen=True)
class Pinged:
    """An address that was pinged through a device."""

    device: str
    address: str
    sent: int
    received: int


def read_ping(device: str, address: str, output: str) -> Pinged:
    """Return what ping(8) says at its end."""
    found = _PINGED.search(output)
    sent, received = (int(found[1]), int(found[2])) if found else (0, 0)
    return Pinged(device, address, sent, received)


@dataclass(frozen=True)
class Health:
    """What a host is, in the words of strongswan_info and vti_info, before and after the pings.

    O(charon) is empty where it is not asked. O(drift) are the changes that a run would make:
    (object, action, reason). O(charon_routes) are those of table 220. O(policies) is None where
    they cannot be read.
    """

    charon: Facts = field(default_factory=dict)
    before: t.Sequence[Facts] = ()
    after: t.Sequence[Facts] = ()
    pinged: t.Sequence[Pinged] = ()
    drift: t.Sequence[t.Mapping[str, str]] = ()
    charon_routes: t.Sequence[FoundRoute] = ()
    policies: t.Optional[t.Sequence[XfrmPolicy]] = ()
