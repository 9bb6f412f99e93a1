# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Long random runs on a real kernel: from state to state, and killed in mid-run.

Runs inside a node: tests/run_in_node.py soak --states 200 --seed 12345 -- --kills 100. The seed is
printed, so that a failure can be run again. It goes on after a failure, and counts.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import typing as t
from pathlib import Path

from ansible_collections.ipsec.strongswan.tests.soak.kill import KillTest
from ansible_collections.ipsec.strongswan.tests.support.states import State, check_walk, stored

CHECKOUT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run both; return 0 if all went well."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--no-walk", action="store_true", help="only kill")
    arguments = parser.parse_args()
    states, failed = stored(CHECKOUT), 0
    if not arguments.no_walk:
        failed = walk(states)
        print(f"states: {len(states) - failed} passed, {failed} failed", flush=True)
    if arguments.kills:
        failed += kill(states, arguments.kills)
    return 1 if failed else 0


def walk(states: t.Sequence[State]) -> int:
    """Bring a host from state to state; return how often that failed."""
    failed, rest = 0, told(states)
    while True:
        try:
            check_walk(rest)
        except AssertionError as error:
            failed += 1
            print(f"FAILED: {error}", flush=True)
        else:
            return failed  # after a failure it goes on with a new host


def told(states: t.Sequence[State]) -> t.Iterator[State]:
    """Go through the states and say how far."""
    started = time.monotonic()
    for number, state in enumerate(states):
        if number and number % 10 == 0:
            print(f"{number} states in {time.monotonic() - started:.0f} s", flush=True)
        yield state


def kill(states: t.Sequence[State], kills: int) -> int:
    """Kill the modules in mid-run; return how often the next run did not mend it."""
    test = KillTest(random.Random(str(states)))
    while test.kills < kills:
        test.run(states, kills)
    for line in test.report():
        print(line, flush=True)
    print(f"kills: {test.kills - test.failed} passed, {test.failed} failed", flush=True)
    return test.failed


if __name__ == "__main__":
    sys.exit(main())
