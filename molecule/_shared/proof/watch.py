# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pings from site to site and captures on the underlay that run while something is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from proof.capture import Capture
from proof.count import Echoes, count_echoes
from proof.engine import Engine, Node
from proof.process import Process
from proof.topology import UNDERLAY_INTERFACE, Gateway, Topology

INTERVAL = 0.1  # seconds between two requests to an address
_REPLY_TIMEOUT = 30.0  # seconds until one more reply has to be there


class WatchError(Exception):
    """No ping gets through."""


class Pinging:
    """A ping that runs from a site to an address of the other one until it is ended."""

    def __init__(self, node: Node, gateway: Gateway, address: str) -> None:
        self.name = f"{gateway.name} to {address}"
        words = gateway.ping("-i", str(INTERVAL), address)
        self._process = Process(node, f"ping of {address}", *words)

    @property
    def echoes(self) -> Echoes:
        """What was asked and answered so far."""
        return count_echoes(self._process.lines)

    def wait_for_a_reply(self) -> bool:
        """Wait until one more request is answered; whether it was."""
        before = self.echoes.received
        return self._process.wait_until(lambda: self.echoes.received > before, _REPLY_TIMEOUT)

    def end(self) -> None:
        """End it."""
        self._process.end()


class Watch:
    """What is seen while something is changed."""

    def __init__(self, pings: list[Pinging], captures: list[Capture]) -> None:
        self._pings = pings
        self._captures = captures
        self.told: list[str] = []  # what `lost_by` found, a line each

    def echoes(self) -> dict[str, Echoes]:
        """Return requests and replies by `HOST to ADDRESS`, once each is answered again.

        What was lost until now is in it, then, and in what it returns the next time, too.

        :raises WatchError: nothing is answered any more.
        """
        silent = [ping.name for ping in self._pings if not ping.wait_for_a_reply()]
        if silent:
            raise WatchError(f"no reply within {_REPLY_TIMEOUT:.0f} s: {', '.join(silent)}")
        return {ping.name: ping.echoes for ping in self._pings}

    def lost_by(self, what: str, act: Callable[[], object]) -> dict[str, int]:
        """Return how many requests got lost while something was done, by `HOST to ADDRESS`.

        :raises WatchError: nothing is answered any more.
        """
        before = self.echoes()
        act()
        after = self.echoes()
        lost = {name: after[name].lost - before[name].lost for name in after}
        sent = {name: after[name].sent - before[name].sent for name in after}
        numbers = ", ".join(f"{lost[name]} of {sent[name]} from {name}" for name in lost)
        self.told.append(f"{what}: lost {numbers}")
        return lost

    def leaked(self) -> list[str]:
        """Return the packets of the inner networks that were on the underlay in clear, and where.

        They are all there once the `watched` block has ended.
        """
        return [f"{one.what}: {line}" for one in self._captures for line in one.lines]


@contextmanager
def watched(engine: Engine, *topologies: Topology) -> Iterator[Watch]:
    """Ping from the first site of each to all addresses of its second, and look for what leaks."""
    networks = {network for topology in topologies for network in topology.underlays}
    nodes = {
        gateway.container: engine.node(gateway.container)
        for topology in topologies
        for gateway in topology.gateways
    }
    inner = {network for topology in topologies for network in topology.inner}
    expression = " or ".join(f"net {network}" for network in sorted(inner))
    name = f"{topologies[0].network}-watch"  # `prove` may run meanwhile, with its own
    with (
        engine.watcher(name, like=nodes[topologies[0].gateways[0].container]) as watcher,
        ExitStack() as stack,
    ):
        # Of a host what it sends: what comes to it is on the bridge. ESP that comes while its tunnel
        # device is gone is decrypted on the underlay interface, and dropped for want of a policy.
        captures = [
            *(
                Capture(node, UNDERLAY_INTERFACE, expression, only_sent=True)
                for node in nodes.values()
            ),
            *(Capture(watcher, engine.bridge_of(network), expression) for network in networks),
        ]
        for capture in captures:
            stack.enter_context(capture)
        for capture in captures:
            capture.wait_until_listening()
        pings = [
            Pinging(nodes[first.container], first, address)
            for topology in topologies
            for first in topology.gateways[:1]
            for address in topology.peer_of(first).site
        ]
        watch = Watch(pings, captures)
        try:
            watch.echoes()
            yield watch
            watch.echoes()  # while the pings still run
        finally:
            for ping in pings:
                ping.end()
        for capture in captures:
            capture.stop()
