# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure a run of the role that changes nothing against as many tasks of `ansible.builtin.ping`.

Runs on the controller (tools/with-lab .venv/bin/python tests/bench/role.py 100 3), with two hosts in
containers, each with so many tunnels, in so many rounds. Both are plays of one run of ansible-playbook, in turn. Adds
its row to build/bench.json: {name, ours_s, peer_s, ratio, n}.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "molecule/_shared"))
from bench import report
from proof.playbook import Played, play

CHECKOUT = Path(__file__).resolve().parents[2]
COUNT = 100
ROUNDS = 3
SCENARIO = Path(__file__).resolve().parent / "role_rerun"
HOST = "moon"  # whose tasks are counted: those of the other are the same
ROLE, PING = "Role", "Ping"
# Actions that run no module on the host.
CONTROLLER = {"assert", "fail", "include_vars", "validate_argument_spec"}
SETTINGS = {
    "MOLECULE_SCENARIO_NAME": "bench-role",  # names the containers: molecule/_shared/inventory
    "ANSIBLE_GATHERING": "explicit",
    "ANSIBLE_HOST_KEY_CHECKING": "false",
    "ANSIBLE_PIPELINING": "true",
    "ANSIBLE_TIMEOUT": "60",
}

Task = dict[str, Any]


def main() -> None:
    """Measure and write the result."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    linked = subprocess.run(
        [CHECKOUT / "tools/link-collection"], check=True, capture_output=True, text=True
    )
    os.environ.update(SETTINGS, ANSIBLE_COLLECTIONS_PATH=linked.stdout.strip())
    partners = {
        f"partner{n}": {
            "underlay": f"198.51.100.{n}",
            "networks": [f"10.100.{n}.0/24"],
            "number": n,
        }
        for n in range(3, number + 2)  # the two hosts are 1 and 2, and have a tunnel between them
    }
    variables = f"--extra-vars={json.dumps({'partners': partners})}"
    play(SCENARIO, playbook="destroy.yml")  # what an interrupted run left
    try:
        for playbook in ("create.yml", "prepare.yml", "converge.yml"):
            play(SCENARIO, variables, playbook=playbook)
        report.add([measure(number, rounds, variables)], CHECKOUT / report.FILE)
    finally:
        play(SCENARIO, playbook="destroy.yml")


def measure(number: int, rounds: int, variables: str) -> report.Row:
    """Let the role find all as wanted, and the pings be answered: in turn, several rounds, medians."""
    calls = module_calls(run(variables, [role()]))
    played = run(variables, [role(), pings(calls)] * rounds)
    seconds: dict[str, list[float]] = {ROLE: [], PING: []}
    for one in played.plays:
        seconds[one.name].append(one.seconds)
    print(f"{calls} calls of modules on each host; seconds of each play: {seconds}")
    return report.row(
        "role_rerun", statistics.median(seconds[ROLE]), statistics.median(seconds[PING]), number
    )


def role() -> Task:
    """Return a play that runs the role."""
    return {
        "name": ROLE,
        "hosts": "nodes",
        "gather_facts": False,
        "roles": ["ipsec.strongswan.strongswan_vti"],
    }


def pings(number: int) -> Task:
    """Return a play of so many pings."""
    tasks = [{"name": f"Ping {n}", "ansible.builtin.ping": {}} for n in range(number)]
    return {"name": PING, "hosts": "nodes", "gather_facts": False, "tasks": tasks}


def run(variables: str, plays: list[Task]) -> Played:
    """Run these plays; nothing must change."""
    with tempfile.TemporaryDirectory() as folder:
        playbook = Path(folder) / "plays.yml"
        playbook.write_text(json.dumps(plays))
        played = play(SCENARIO, variables, playbook=str(playbook))
    if played.changed:
        raise SystemExit(f"the role changes what it has made: {played.changed}")
    return played


def module_calls(played: Played) -> int:
    """Return how often tasks called a module on a host, each turn of a loop for itself.

    Of an action that needs several modules for its work, as `copy` does, all together count as one.
    """
    return sum(
        not turn.get("skipped")
        for task in played.tasks
        if task.host == HOST and task.result["action"].split(".")[-1] not in CONTROLLER
        for turn in task.result.get("results", [task.result])
    )


if __name__ == "__main__":
    main()
