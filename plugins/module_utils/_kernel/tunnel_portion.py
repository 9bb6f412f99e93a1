# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of tunnel devices that are applied together, and what became of each."""

from __future__ import annotations

import contextlib
import errno
import itertools
import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import KernelError
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import refusal
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import Netlink
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import VTI, VTI6, XFRM
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Change
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import (
    AddAddress,
    CreateLink,
    DeleteLink,
    MoveLink,
    RemoveAddress,
    TunnelStep,
)

SHOWN = 10
MODULES = {
    VTI: "no VTI: module ip_vti cannot be loaded (CONFIG_NET_IPVTI)",
    VTI6: "no VTI over IPv6: module ip6_vti cannot be loaded (CONFIG_IPV6_VTI)",
    XFRM: "no XFRM interfaces: module xfrm_interface cannot be loaded (CONFIG_XFRM_INTERFACE)",
}


@dataclass(frozen=True)
class Request:
    """A step as a message; O(position) is that of its change, O(netns) where it is sent."""

    position: int
    step: TunnelStep
    netns: str
    message: bytes


class Portion:
    """Some changes of a plan. O(errors) holds the first refusal of each change that has one."""

    def __init__(self, changes: t.Sequence[Change[TunnelStep]]) -> None:
        self.changes = changes
        self.errors: t.Dict[int, KernelError] = {}
        self._begun: t.Set[int] = set()

    def steps(self) -> t.Iterator[t.Tuple[int, TunnelStep]]:
        """Give the steps of the changes that nothing was refused of, in the order of the plan."""
        for position, change in enumerate(self.changes):
            for step in change.steps:
                if position in self.errors:
                    break
                yield position, step

    @contextlib.contextmanager
    def trying(self, position: int) -> t.Iterator[None]:
        """Note an error as that of a change, and go on."""
        try:
            yield
        except KernelError as error:
            self.errors.setdefault(position, error)

    def send(
        self, requests: t.Iterable[Request], netlinks: t.Callable[[str], Netlink]
    ) -> t.List[t.Tuple[Request, int, str]]:
        """Send requests in their order, batch by batch.

        :returns: Those that were refused, with the errno and the kernel's own words: the caller
            judges them.
        """
        refused: t.List[t.Tuple[Request, int, str]] = []
        for netns, group in itertools.groupby(requests, key=lambda request: request.netns):
            batch = list(group)
            netlink = netlinks(netns)
            codes = netlink.batch([request.message for request in batch])
            for position, request in enumerate(batch):
                if position in codes:
                    refused.append((request, codes[position], netlink.said.get(position, "")))
                else:
                    self._begun.add(request.position)
        return refused

    def refuse(self, request: Request, code: int, said: str) -> None:
        """Note that a request was refused, and that this is an error."""
        error = refusal(
            f"tunnel {request.step.name}: {_verb(request.step)}",
            code,
            said,
            _hint(request.step, code),
        )
        self.errors.setdefault(request.position, error)

    def finish(self, done: t.Callable[[Change[TunnelStep]], None]) -> None:
        """Report what was done.

        :raises KernelError: something was refused: the first of it, and what was left half done.
        """
        for position, change in enumerate(self.changes):
            if position not in self.errors:
                done(change)
        if not self.errors:
            return
        first = min(self.errors)
        message = str(self.errors[first])
        others = [self.changes[position].object for position in sorted(self.errors)[1:]]
        if others:
            message += f"; also refused: {listed(others)}"
        half = [
            self.changes[position].object
            for position in sorted(self.errors)
            if position in self._begun
        ]
        if half:
            message += f"; left half done: {listed(half)}"
        raise KernelError(message) from self.errors[first]


def listed(names: t.Sequence[str]) -> str:
    """Return names for a message: the first of them, and how many more there are."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _verb(step: TunnelStep) -> str:
    if isinstance(step, AddAddress):
        return f"add address {step.address}"
    if isinstance(step, RemoveAddress):
        return f"remove address {step.address}"
    if isinstance(step, MoveLink):
        return f"move it to netns '{step.netns}'"
    if isinstance(step, CreateLink):
        return "create"
    return "remove" if isinstance(step, DeleteLink) else "change"


def _hint(step: TunnelStep, code: int) -> str:
    if isinstance(step, CreateLink):
        if code == errno.EOPNOTSUPP:
            return (
                f"this kernel has {MODULES[step.data.kind]};"
                " install the distribution's full kernel and its modules"
            )
        if code == errno.EEXIST and step.data.kind == XFRM:
            return (
                "a device of that name or with that if_id was made meanwhile, or one that was"
                " moved to another namespace still holds the if_id here"
            )
    if isinstance(step, AddAddress) and code == errno.EEXIST:
        return "the device has that address with another prefix length: remove it, or list it so"
    return ""
