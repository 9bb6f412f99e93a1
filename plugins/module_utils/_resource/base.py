# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A kind of object, as the runner sees it: spec, model, plan and rooms tied together."""

from __future__ import annotations

import typing as t
from abc import ABC, abstractmethod

from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Change, Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec.fields import Field

Params = t.Mapping[str, t.Any]
Wanted = t.TypeVar("Wanted")
Found = t.TypeVar("Found")
Step = t.TypeVar("Step")

Done = t.Callable[[Change[t.Any]], None]
"""Called after each change that was applied, so that a failure half-way can be reported."""


class Resource(ABC, t.Generic[Wanted, Found, Step]):
    """A kind of object that a module holds in a declared state.

    The runner calls the methods in this order: M(parse) for each entry, M(check), M(read),
    M(plan), M(apply). Up to M(plan) nothing may change on the host.
    """

    list_option: t.ClassVar[str]
    fields: t.ClassVar[t.Tuple[Field, ...]]
    call: t.ClassVar[t.Tuple[Field, ...]]
    quiet: t.ClassVar[bool] = False
    """Whether the call must not be logged: Ansible's log quotes a list, and a quoted secret
    may escape its filter."""
    long: t.ClassVar[t.FrozenSet[str]] = frozenset()
    """Options that the result does not repeat, as they are long."""

    @abstractmethod
    def parse(self, entry: Params) -> Wanted:
        """Return the object that an entry wants.

        :raises InputError: the entry is wrong.
        """

    @abstractmethod
    def check(self, wanted: t.Sequence[Wanted]) -> None:
        """Check the entries against each other.

        :raises InputError: two entries cannot both be had.
        """

    @abstractmethod
    def read(self, host: Host, params: Params, wanted: t.Sequence[Wanted]) -> Found:
        """Read what is on the host.

        :raises DependencyError: it cannot be read as something is not installed or running.
        """

    @abstractmethod
    def nothing(self) -> Found:
        """Return what M(read) returns on an empty host; check mode assumes it."""

    @abstractmethod
    def plan(self, wanted: t.Sequence[Wanted], found: Found, params: Params) -> Plan[Step]:
        """Return what to change (pure).

        :raises ConflictError: what is wanted cannot be had beside what was found.
        """

    @abstractmethod
    def apply(self, host: Host, params: Params, plan: Plan[Step], done: Done) -> None:
        """Change the host as planned; call O(done) after each change."""

    @abstractmethod
    def result(self, wanted: t.Sequence[Wanted]) -> t.List[t.Dict[str, t.Any]]:
        """Return the objects for the module's result, without secrets."""


class Info(ABC):
    """A report, as the runner sees it: it reads, and changes nothing."""

    fields: t.ClassVar[t.Tuple[Field, ...]]

    @abstractmethod
    def read(self, host: Host, params: Params) -> t.Dict[str, t.Any]:
        """Return the module's result.

        :raises DependencyError: it cannot be read as something is not installed or running.
        """

    @abstractmethod
    def nothing(self) -> t.Dict[str, t.Any]:
        """Return what M(read) returns on an empty host; check mode assumes it."""
