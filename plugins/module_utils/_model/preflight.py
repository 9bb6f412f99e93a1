# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a look at a host before a run knows, and what it finds (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import asdict, dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import Link
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.rule import Rule
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import XfrmPolicy

ERROR, WARNING = "error", "warning"

CHECKS = (
    "adoption",
    "daemons",
    "endpoints",
    "forwarding",
    "input",
    "kernel",
    "marks",
    "networkd",
    "networks",
    "packages",
    "policy_based",
    "rp_filter",
    "wildcards",
)
"""What is looked for, by the names that O(tolerate) takes."""


@dataclass(frozen=True)
class Problem:
    """Something that stands in the way: of which object, what is, what should be, what to do."""

    check: str
    object: str
    found: str
    expected: str = ""
    remedy: str = ""
    severity: str = ERROR

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        words = f"{self.object}: {self.found}"
        words += f"; expected {self.expected}" if self.expected else ""
        return words + (f"; {self.remedy}" if self.remedy else "")

    def facts(self) -> t.Dict[str, str]:
        """Return it as a module's result."""
        return asdict(self)


@dataclass(frozen=True)
class Process:
    """A daemon that runs in this network namespace, and the unit of systemd that it belongs to."""

    name: str
    pid: int
    unit: str = ""


@dataclass(frozen=True)
class Networkd:
    """Whether systemd-networkd runs or starts at boot, and what it does with what is not its own."""

    used: bool = False
    foreign_routes: bool = True
    foreign_rules: bool = True


@dataclass(frozen=True)
class HostFacts:
    """What a host is before the run.

    O(addresses) are by the name of their device, O(kinds) says of each kind of tunnel device
    whether the kernel can make it, O(forwarding) is by IP version. O(policies) is None where they
    cannot be read, O(ipsec) is False where the kernel has none.
    """

    links: t.Mapping[str, Link] = field(default_factory=dict)
    addresses: t.Mapping[str, t.Tuple[str, ...]] = field(default_factory=dict)
    rules: t.Tuple[Rule, ...] = ()
    policies: t.Optional[t.Tuple[XfrmPolicy, ...]] = ()
    kinds: t.Mapping[str, bool] = field(default_factory=dict)
    ipsec: bool = True
    rp_filter: t.Mapping[str, int] = field(default_factory=dict)
    forwarding: t.Mapping[int, bool] = field(default_factory=dict)
    processes: t.Tuple[Process, ...] = ()
    networkd: Networkd = field(default_factory=Networkd)
