# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Capture on both gateways and on the bridge, ping from site to site in both directions, count."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TypeVar

from proof.capture import Capture
from proof.count import count_bridge, count_counters, count_host, count_pings
from proof.engine import Engine, Node
from proof.packets import parse_packets
from proof.topology import Gateway, Topology
from proof.verdict import HostEvidence, Proof

Item = TypeVar("Item")
Answer = TypeVar("Answer")

PINGS = 3  # per direction and address family
_SETTLE = 2.0  # seconds that captured lines may lag behind the packets
# Not ping's own deadline: the unreachable that a VTI without an SA answers with would end it.
_BRING_UP_SCRIPT = """
ping=$1 end=$(($(date +%s) + $2))
shift 2
for address; do
    until $ping -q -c 1 -W 1 "$address" >/dev/null; do
        [ "$(date +%s)" -lt "$end" ] || exit 1
        sleep 0.3
    done
done
"""
_PING_SCRIPT = """
counters() {
    cd /sys/class/net
    [ -e "$in" ] && [ -e "$out" ] || return 0
    echo "counters $(cat "$in"/statistics/rx_packets) $(cat "$out"/statistics/tx_packets)"
}
ping=$1 in=$2 out=$3 count=$4
shift 4
counters
for address; do
    $ping -q -c "$count" -i 0.2 -W 2 "$address"
done
counters
"""


def bring_up(engine: Engine, topology: Topology, timeout: int = 30) -> bool:
    """Ping from the first site until each address of the second answers; False after the timeout.

    The first packets are lost: they are what makes charon negotiate (start_action = trap).
    """
    gateway = topology.gateways[0]
    targets = topology.peer_of(gateway).site
    arguments = (" ".join(gateway.ping()), str(timeout), *targets)
    waited = engine.node(gateway.container).run("sh", "-c", _BRING_UP_SCRIPT, "sh", *arguments)
    return waited.code == 0


def prove(engine: Engine, topology: Topology) -> Proof:
    """Return what is seen on the wire and in the tunnel while both sites ping each other."""
    nodes = {gateway: engine.node(gateway.container) for gateway in topology.gateways}
    bridge = engine.bridge_of(topology.network)
    first = nodes[topology.gateways[0]]
    with (
        engine.watcher(f"{topology.network}-watcher", like=first) as watcher,
        ExitStack() as stack,
        ThreadPoolExecutor() as threads,
    ):
        expression = topology.capture_filter()
        captures = {gateway: Capture(node, "any", expression) for gateway, node in nodes.items()}
        on_bridge = Capture(watcher, bridge, expression)
        every = [*captures.values(), on_bridge]
        for capture in every:
            stack.enter_context(capture)
        _each(threads, Capture.wait_until_listening, every)
        outputs = _each(threads, lambda gateway: _ping(nodes[gateway], gateway, topology), nodes)

        def proof() -> Proof:
            return Proof(
                topology,
                {
                    gateway.name: HostEvidence(
                        count_pings(output),
                        count_counters(output),
                        count_host(parse_packets(captures[gateway].lines), gateway, topology),
                    )
                    for gateway, output in zip(nodes, outputs, strict=True)
                },
                count_bridge(parse_packets(on_bridge.lines), topology),
            )

        deadline = time.monotonic() + _SETTLE
        while not proof().proven and time.monotonic() < deadline:
            time.sleep(0.1)
        _each(threads, Capture.stop, every)
        return proof()


def _ping(node: Node, gateway: Gateway, topology: Topology) -> str:
    targets = topology.peer_of(gateway).site
    devices = (gateway.devices["In"], gateway.devices["Out"])
    arguments = (" ".join(gateway.ping()), *devices, str(PINGS), *targets)
    return node.run("sh", "-c", _PING_SCRIPT, "sh", *arguments).stdout


def _each(
    threads: ThreadPoolExecutor, function: Callable[[Item], Answer], items: Iterable[Item]
) -> list[Answer]:
    return list(threads.map(function, items))
