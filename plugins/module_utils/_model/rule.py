# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rule of the policy routing database, as ip-rule(8) shows it (pure)."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass

LOOKUP = 1  # FR_ACT_TO_TBL, include/uapi/linux/fib_rules.h
NOTHING_SUPPRESSED = -1


@dataclass(frozen=True)
class Rule:
    """A rule; O(dst) and O(src) are V("") where it matches any address.

    O(suppress) is the longest prefix that is not taken from the table (suppress_prefixlength).
    O(narrow) says that it matches by more than addresses and mark (interface, ports, user, tos),
    or inverts its match.
    """

    version: int
    priority: int
    table: int
    dst: str = ""
    src: str = ""
    suppress: int = NOTHING_SUPPRESSED
    protocol: int = 0
    action: int = LOOKUP
    mark: int = 0
    mask: int = 0
    narrow: bool = False

    @property
    def object(self) -> str:
        """How messages name it."""
        words = [f"IPv{self.version} rule {self.priority}"]
        words += [f"from {self.src}"] if self.src else []
        words += [f"to {self.dst}"] if self.dst else []
        return " ".join(words)

    def matches(self, source: str, destination: str) -> bool:
        """Whether it is sure to match a packet that the host itself sends, without a mark."""
        if self.narrow or self.mark & self.mask:
            return False
        return _within(source, self.src) and _within(destination, self.dst)


def rule_state(rule: Rule) -> t.Dict[str, t.Any]:
    """Return a rule as a user reads it."""
    state: t.Dict[str, t.Any] = {
        "priority": rule.priority,
        "to": rule.dst or "all",
        "table": rule.table,
        "protocol": rule.protocol,
    }
    if rule.suppress != NOTHING_SUPPRESSED:
        state["suppress_prefixlength"] = rule.suppress
    return state


def _within(address: str, network: str) -> bool:
    return not network or ipaddress.ip_address(address) in ipaddress.ip_network(network)
