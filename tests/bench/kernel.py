# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure the kernel modules against one `ip -batch` of the same work, side by side.

Runs inside a node (tests/run_in_node.py bench -- 500). Adds its rows to build/bench.json:
{name, ours_s, peer_s, ratio, n}. The rows tunnels_* hold the modules' work without interpreter
start and imports; module_* hold whole processes, module_memory_mb megabytes against its limit.
The rows cost_* are the curve of docs/cost.svg.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from pyroute2 import netns

from ansible_collections.ipsec.strongswan.tests.bench import report, work
from ansible_collections.ipsec.strongswan.tests.bench.process import Program
from ansible_collections.ipsec.strongswan.tests.bench.report import Row, row
from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import run_module

COUNT = 1000
CURVE = (10, 30, 100, 300, 1000)
ROUNDS = 3
LOOPS = 20  # turns of the loop that are measured; the rest is scaled
STARTS = 5
MEMORY_LIMIT_MB = 96.0
VTI_TUNNEL = "ansible_collections.ipsec.strongswan.plugins.modules.vti_tunnel"


def tunnels(number: int, prefix: str) -> list[Row]:
    """Measure create, a run without a change, and delete: the peer and ours in turn, medians."""
    times: dict[str, list[float]] = defaultdict(list)
    for _round in range(ROUNDS):
        times["peer_create"].append(work.seconds(lambda: work.peer(number)))
        times["peer_delete"].append(work.seconds(lambda: work.peer_delete(number)))
        times["create"].append(work.ours(number, expect=True))
        times["rerun"].append(work.ours(number, expect=False))
        times["delete"].append(work.ours_delete())
    median = {name: statistics.median(several) for name, several in times.items()}
    return [
        row(f"{prefix}_create", median["create"], median["peer_create"], number),
        row(f"{prefix}_rerun", median["rerun"], median["peer_create"], number),
        row(f"{prefix}_delete", median["delete"], median["peer_delete"], number),
    ]


def growth(number: int, at_number: float) -> Row:
    """Compare the create of all with ten times that of a tenth."""
    tenth = number // 10
    times = []
    for _round in range(ROUNDS):
        times.append(work.ours(tenth, expect=True))
        work.ours_delete()
    return row("tunnels_growth", at_number, 10 * statistics.median(times), number)


def processes(number: int) -> list[Row]:
    """Measure whole processes: start, a list against a loop, memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = Program(VTI_TUNNEL, folder)
        ping = Program("ansible.modules.ping", folder)
        command = Program("ansible.modules.command", folder)
        starts = [
            (ours.run(name="nothing", state="absent").seconds, ping.run().seconds)
            for _round in range(STARTS)
        ]
        made = ours.run(**work.tunnel_options(number))
        work.ours_delete()
        loop = sum(
            command.run(
                _raw_params=f"ip tunnel add vti{n} mode vti local {work.LOCAL}"
                f" remote 198.51.100.{n} key {n}"
            ).seconds
            for n in range(1, LOOPS + 1)
        )
        work.peer_delete(LOOPS)
    return [
        row(
            "module_startup",
            statistics.median(one for one, _other in starts),
            statistics.median(other for _one, other in starts),
            STARTS,
        ),
        row("module_vs_loop", made.seconds, loop * number / LOOPS, number),
        row("module_memory_mb", made.megabytes, MEMORY_LIMIT_MB, number),
    ]


def main() -> None:
    """Measure and write the results."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    shell.run("ip netns add bench")
    netns.pushns("bench")
    try:
        report.add(measure(number))
    finally:
        netns.popns()
        shell.run("ip netns del bench")


def measure(number: int) -> list[Row]:
    """Measure all, in the namespace of the moment."""
    run_module("vti_tunnel", name="warm", state="absent")  # imports are not the modules' work
    run_module("vti_route", dst="10.0.0.0/24", state="absent")
    work.peer(1)
    work.peer_delete(1)
    rows = tunnels(number, "tunnels")
    rows.append(growth(number, rows[0]["ours_s"]))
    rows += processes(number)
    for count in CURVE:
        if count < number:
            rows += tunnels(count, "cost")
    return rows + [{**one, "name": one["name"].replace("tunnels", "cost")} for one in rows[:3]]


if __name__ == "__main__":
    main()
