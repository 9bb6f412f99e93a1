# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the route that the kernel would take, by rules and tables that are planned (pure)."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.guard import prefix_length
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.rule import LOOKUP, Rule

THROW = "throw"


@dataclass(frozen=True)
class Way:
    """A route as far as a lookup cares; O(devices) are several for a multipath route."""

    version: int
    table: int
    dst: str
    metric: int
    type: str
    devices: t.Tuple[str, ...] = ()


class Lookup:
    """Rules and tables of a host."""

    def __init__(self, rules: t.Sequence[Rule], ways: t.Iterable[Way]) -> None:
        self._rules = sorted(rules, key=lambda rule: rule.priority)
        self._tables: t.Dict[t.Tuple[int, int], t.List[t.Tuple[t.Any, Way]]] = {}
        for way in ways:
            entry = (ipaddress.ip_network(way.dst), way)
            self._tables.setdefault((way.version, way.table), []).append(entry)

    def way(self, source: str, destination: str) -> t.Optional[Way]:
        """Return the route of a packet that the host itself sends, without a mark.

        Rules that match by more than addresses are passed over: they are meant for other packets.
        """
        address = ipaddress.ip_address(destination)
        for rule in self._rules:
            if rule.version != address.version or not rule.matches(source, destination):
                continue
            if rule.action != LOOKUP:
                return None
            way = self._longest(address, rule.table)
            if way is None or way.type == THROW or prefix_length(way.dst) <= rule.suppress:
                continue
            return way
        return None

    def _longest(self, address: t.Any, table: int) -> t.Optional[Way]:
        matching = [
            way
            for network, way in self._tables.get((address.version, table), ())
            if address in network
        ]
        return min(matching, key=lambda way: (-prefix_length(way.dst), way.metric), default=None)
