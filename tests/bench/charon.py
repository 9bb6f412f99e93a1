# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure strongswan_conn against `swanctl --load-all` of the same connections, side by side.

Runs inside a node (tests/run_in_node.py bench-charon -- 500) with a running charon. Adds its rows
to build/bench.json: {name, ours_s, peer_s, ratio, n}. The module's time is its work without
interpreter start and imports, the peer's is that of the whole process, which starts in no time.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections import defaultdict
from typing import Any

from ansible_collections.ipsec.strongswan.tests.bench import report
from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.support.modules import run_module, run_timed

COUNT = 1000
ROUNDS = 3
MODULE = "strongswan_conn"

Options = dict[str, Any]


def main() -> None:
    """Measure and write the results."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    daemon.start()
    clear()
    run_module(MODULE, name="warm", state="absent")  # imports are not the module's work
    try:
        report.add(measure(number))
    finally:
        clear()


def measure(number: int) -> list[report.Row]:
    """Let the module load all, find all as wanted and change one; then the peer loads them all.

    In turn, several rounds, medians.
    """
    times: dict[str, list[float]] = defaultdict(list)
    for turn in range(ROUNDS):
        clear()
        times["load"].append(ours(number, changes=number))
        times["rerun"].append(ours(number, changes=0))
        times["change"].append(ours(number, changes=1, mark=5000 + turn))
        daemon.forget()
        times["peer"].append(peer(number))
    median = {name: statistics.median(several) for name, several in times.items()}
    return [
        report.row("conns_load", median["load"], median["peer"], number),
        report.row("conns_rerun", median["rerun"], median["peer"], number),
        report.row("conns_change_one", median["change"], median["peer"], number),
    ]


def connections(number: int) -> list[Options]:
    """Return the entries of a list; what all have in common is given at the top level."""
    return [
        {
            "name": f"peer{n}",
            "remote_addrs": [f"198.51.{n // 250}.{n % 250 + 1}"],
            "remote": [{"auth": "psk", "id": f"peer{n}.example.org"}],
            "children": [
                {
                    "name": f"net{n}",
                    "local_ts": ["0.0.0.0/0"],
                    "remote_ts": [f"10.{n // 250}.{n % 250}.0/24"],
                    "mark_in": str(n),
                    "mark_out": str(n),
                }
            ],
        }
        for n in range(1, number + 1)
    ]


def ours(number: int, *, changes: int, mark: int = 0) -> float:
    """Run the module for so many connections; with O(mark) the last one's child gets another.

    :returns: How many seconds it worked.
    """
    listed = connections(number)
    if mark:
        listed[-1]["children"][0].update(mark_in=str(mark), mark_out=str(mark))
    result, taken = run_timed(
        MODULE,
        {
            "version": "2",
            "local_addrs": ["192.0.2.1"],
            "local": [{"auth": "psk", "id": "bench.example.org"}],
            "connections": listed,
        },
    )
    if result.get("failed") or len(result["actions"]) != changes:
        raise SystemExit(f"{MODULE}: {result.get('msg', len(result['actions']))}")
    return taken


def peer(number: int) -> float:
    """Let swanctl load the files; charon must hold all of them then."""
    started = time.perf_counter()
    subprocess.run(["swanctl", "--load-all", "--noprompt"], check=True, capture_output=True)
    taken = time.perf_counter() - started
    if len(daemon.held()) != number:
        raise SystemExit(f"swanctl --load-all: charon holds {len(daemon.held())} connections")
    return taken


def clear() -> None:
    """Remove all files, and let charon forget all."""
    for path in daemon.FOLDER.glob("*.conf"):
        path.unlink()
    daemon.forget()


if __name__ == "__main__":
    main()
