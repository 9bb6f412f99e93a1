# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts, and the states that vti_tunnel and vti_route bring them into."""

from __future__ import annotations

import contextlib
import json
import typing as t
from dataclasses import dataclass
from pathlib import Path

from .modules import Result, run_module
from .namespaces import empty_namespace, entered, namespace
from .witness import difference, snapshot

Entry = dict[str, t.Any]

FILE = "build/states.json"  # what a node gets: drawing them there takes an emulated Python minutes
INNER = "inner"  # stands for the namespace that XFRM interfaces are moved to
VRFS = {"red": 1001, "blue": 1002}
UNDERLAY = (
    "link add eth0 type veth peer name eth1",
    "addr add 192.0.2.1/24 dev eth0",
    "addr add 192.0.2.11/24 dev eth0",
    "addr add 2001:db8::1/64 dev eth0 nodad",
    "addr add 2001:db8::11/64 dev eth0 nodad",
    *(f"link add {name} type vrf table {table}" for name, table in VRFS.items()),
    *(f"link set {name} up" for name in ("eth0", "eth1", *VRFS)),
)


@dataclass(frozen=True)
class State:
    """What vti_tunnel and vti_route are asked for."""

    tunnels: list[Entry]
    routes: list[Entry]


NOTHING = State([], [])


def stored(checkout: Path) -> list[State]:
    """Return the states that were drawn for this node."""
    return [State(**one) for one in json.loads((checkout / FILE).read_text())]


def to_store(states: t.Iterable[State]) -> str:
    """Return the text for M(stored)."""
    return json.dumps([vars(one) for one in states])


class Host:
    """A namespace with an underlay, and the one that XFRM interfaces are moved to."""

    def __init__(self, inner: str) -> None:
        self.inner = inner

    def calls(self, state: State) -> list[tuple[str, dict[str, t.Any]]]:
        """Return the modules' names and options that bring the host into a state."""
        tunnels = [
            {**one, "target_netns": self.inner if one["target_netns"] == INNER else ""}
            for one in state.tunnels
        ]
        # The top level's target_netns makes purge look there, too; each entry has its own.
        return [
            ("vti_tunnel", {"tunnels": tunnels, "purge": True, "target_netns": self.inner}),
            ("vti_route", {"routes": state.routes, "purge": True}),
        ]

    def apply(self, state: State) -> list[Result]:
        """Bring the host into a state; return what the modules say."""
        results = []
        for name, options in self.calls(state):
            results.append(run_module(name, **options))
            assert not results[-1].get("failed"), f"{name}: {results[-1]['msg']}"
        return results

    def snapshot(self, *, all_sysctls: bool = True) -> list[str]:
        """Return what both namespaces hold."""
        with entered(self.inner):
            inside = snapshot(all_sysctls=all_sysctls)
        return [*snapshot(all_sysctls=all_sysctls), *(f"inner {line}" for line in inside)]


@contextlib.contextmanager
def host(*lines: str) -> t.Iterator[Host]:
    """Make a host, with more made by lines of C(ip -batch), and work on it."""
    with empty_namespace() as inner, namespace(*UNDERLAY, *lines):
        yield Host(inner)


def what_it_alone_gives(state: State) -> list[str]:
    """Return what a fresh host holds after it was brought into a state."""
    with host() as fresh:
        fresh.apply(state)
        return fresh.snapshot()


def check_walk(states: t.Iterable[State]) -> None:
    """Bring one host from state to state.

    Each must give what it alone gives on a fresh host, and once more must change nothing.
    """
    before = NOTHING
    with host() as walked:
        for state in states:
            try:
                _step(walked, state)
            except AssertionError as error:
                raise AssertionError(f"{error}\nfrom {before}\nto {state}") from error
            before = state


def _step(walked: Host, state: State) -> None:
    alone = what_it_alone_gives(state)
    walked.apply(state)
    for result in walked.apply(state):
        assert not result["changed"], f"a second run changed something: {result['actions']}"
    after = walked.snapshot()
    assert after == alone, f"- alone, + after another state:\n{difference(alone, after)}"
