# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a test suite inside a throw-away node container of the lab's engine.

    tests/run_in_node.py kernel --image debian13 --pyroute2 0.9.7 -- -k mtu

The engine is the one at DOCKER_HOST (tools/with-lab sets it). Nothing is installed in the node:
pytest, ansible-core's module_utils and the collection are copied in from this checkout and its
virtual environment; all of them are pure Python.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import docker
from docker.models.containers import Container

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bench import report
from support import payload, updown_table
from support.states import State

CHECKOUT = Path(__file__).resolve().parent.parent
FOLDER = payload.FOLDER
SUITES = {
    # each test has a namespace of its own, so two at a time
    "kernel": ["-m", "pytest", "-n", "2", "tests/kernel"],
    "contract": ["-m", "pytest", "tests/contract"],
    "hook": ["-m", "pytest", "-n", "2", "tests/hook"],
    "charon": ["-m", "pytest", "tests/charon"],
    "starter": ["-m", "pytest", "tests/starter"],
    "networkd": ["-m", "pytest", "tests/networkd"],
    "updown": ["-m", "pytest", "tests/updown"],
    "apparmor": ["-m", "pytest", "tests/apparmor"],
    "bench": ["tests/bench/kernel.py"],
    "bench-charon": ["tests/bench/charon.py"],
    "bench-hook": ["tests/bench/hook.py"],
    "soak": ["tests/soak/run.py"],
    "soak-updown": ["tests/soak/updown.py"],
}
INIT = {
    "charon",
    "starter",
    "networkd",
    "bench-charon",
}  # suites that need systemd as the first process
# suites that take random states: how many, from which seed
STATES = {"kernel": (8, 1), "soak": (200, int(time.time()))}
BENCHES = {"bench", "bench-charon", "bench-hook"}  # suites that leave rows in build/bench.json

TABLES = {"updown"}  # suites that leave a table of what happened


def main() -> int:
    """Run the suite and return its exit code."""
    arguments = parse_arguments()
    subprocess.run([CHECKOUT / "lab/lab", "images", arguments.image], check=True)
    content = payload.archive(
        CHECKOUT, arguments.pyroute2, python39=arguments.python39, states=states(arguments)
    )
    python = "/usr/bin/python3.9" if arguments.python39 else "/usr/bin/python3"
    client = docker.from_env(timeout=300)
    container = start(client, arguments.image, init=arguments.suite in INIT)
    try:
        container.put_archive("/", content)
        code = run(client, container, [python, *command_of(arguments)])
        if code == 0 and arguments.suite in BENCHES:
            fetch(container)
        if arguments.suite in TABLES:
            fetch_table(container, arguments.image)
    finally:
        container.remove(force=True, v=True)
    return code


def parse_arguments() -> argparse.Namespace:
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("suite", choices=sorted(SUITES))
    parser.add_argument("--image", default="debian13", help="node image (lab/lab images)")
    parser.add_argument(
        "--pyroute2",
        default=os.environ.get("PYROUTE2") or None,
        help="version from PyPI instead of the distribution's (default: $PYROUTE2)",
    )
    parser.add_argument(
        "--python39", action="store_true", help="with Python 3.9 instead of the distribution's"
    )
    parser.add_argument("--states", type=int, help="how many random states to draw")
    parser.add_argument("--seed", type=int, help="draw these ones again")
    parser.epilog = "What follows -- is passed on to pytest or the program."
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    arguments = parser.parse_args(words[:end])
    arguments.arguments = words[end + 1 :]
    return arguments


def states(arguments: argparse.Namespace) -> list[State]:
    """Draw the states that a suite is to work with."""
    if arguments.suite not in STATES:
        return []
    from support import strategies

    number, start = STATES[arguments.suite]
    number, start = arguments.states or number, arguments.seed or start
    print(f"{arguments.suite}: {number} random states, --seed {start}", flush=True)
    return strategies.drawn(number, start)


def command_of(arguments: argparse.Namespace) -> list[str]:
    """Return what Python runs: the whole suite, unless the arguments name files of it."""
    command = SUITES[arguments.suite]
    if any(word.startswith(f"{command[-1]}/") for word in arguments.arguments):
        command = command[:-1]
    return [*command, *arguments.arguments]


def start(client: docker.DockerClient, image: str, *, init: bool) -> Container:
    """Start the node; it lives until it is removed."""
    container = client.containers.run(
        f"ipsec-strongswan/node:{image}",
        command=["/sbin/init"] if init else ["sleep", "infinity"],
        name=f"ipsec-strongswan-test-{uuid.uuid4().hex[:8]}",
        detach=True,
        privileged=True,
        cgroupns="host",
        network_mode="none",
        stop_signal="SIGRTMIN+3" if init else "SIGKILL",
        tmpfs={"/run": "", "/run/lock": ""},
        volumes={"/sys/fs/cgroup": {"bind": "/sys/fs/cgroup", "mode": "rw"}},
    )
    if init:
        code, output = container.exec_run(["timeout", "120", "sh", "-c", WAIT_FOR_SYSTEMD])
        if code != 0:
            assert isinstance(output, bytes)  # as without stream=True
            text = output.decode()
            container.remove(force=True, v=True)
            raise SystemExit(f"node {image}: systemd did not start within 120 s: {text}")
    return container


WAIT_FOR_SYSTEMD = """
until [ -S /run/systemd/private ]; do sleep 0.2; done
state=$(systemctl is-system-running --wait)
echo "$state"
case $state in running|degraded) exit 0;; esac
exit 1
"""


def run(
    client: docker.DockerClient,
    container: Container,
    command: list[str],
) -> int:
    """Run a command in the node, pass its output on as it comes, return its exit code."""
    environment = {
        "PYTHONPATH": f"{FOLDER}/site:{FOLDER}/collections",
        "PYTHONUNBUFFERED": "1",
        "PY_COLORS": "0",
        "LC_ALL": "C.UTF-8",
    }
    execution = client.api.exec_create(
        container.id,
        command,
        environment=environment,
        workdir=f"{FOLDER}/{payload.COLLECTION}",
    )
    for chunk in client.api.exec_start(execution["Id"], stream=True):
        sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
    code: int = client.api.exec_inspect(execution["Id"])["ExitCode"]
    return code


def fetch(container: Container) -> None:
    """Add the rows that a benchmark wrote in the node to the checkout's."""
    source = f"{FOLDER}/{payload.COLLECTION}/{report.FILE}"
    _code, content = container.exec_run(["cat", source])
    assert isinstance(content, bytes)  # as without stream=True
    report.add(json.loads(content), CHECKOUT / report.FILE)
    print(f"wrote {report.FILE}")


def fetch_table(container: Container, image: str) -> None:
    """Keep the table that a suite wrote in the node, and write that of all images anew."""
    source = f"{FOLDER}/{payload.COLLECTION}/{updown_table.NODE_FILE}"
    code, content = container.exec_run(["cat", source])
    assert isinstance(content, bytes)  # as without stream=True
    if code == 0:
        updown_table.keep(CHECKOUT, image, content)
        print(f"wrote {updown_table.FILE}")


if __name__ == "__main__":
    sys.exit(main())
