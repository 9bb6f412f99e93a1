# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure the updown hook against the script that this project started from, side by side.

Runs inside a node (tests/run_in_node.py bench-hook -- 100). Adds its rows to build/bench.json:
{name, ours_s, peer_s, ratio, n}. Whole processes, started as charon does it: by C(sh -c), one after
the other. All is IPv4, as the other script knows nothing else.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.ipsec.strongswan.tests.bench import report
from ansible_collections.ipsec.strongswan.tests.support import seed_updown, shell

COUNT = 200
ROUNDS = 15
STORMS = 3
WARM = 3
EDGE = 20  # events at the begin and the end of a storm that tell how it grows
ME, PEER = "192.0.2.1", "198.51.100.{}"

ROOT = Path(__file__).resolve().parents[2]
STATE = Path("/run/strongswan-vti/updown")


@dataclass(frozen=True)
class Script:
    """An updown script, and what the name of a device begins with."""

    path: Path
    prefix: str


def main() -> None:
    """Measure and write the results."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    shell.run("ip link add under type dummy")
    shell.run(f"ip address add {ME}/24 dev under")
    shell.run("ip link set under up")
    shell.run("ip route add 198.51.100.0/24 dev under")
    with tempfile.TemporaryDirectory() as folder:
        scripts = {"ours": _ours(Path(folder)), "peer": _peer(Path(folder))}
        try:
            report.add([*events(scripts), *storms(scripts, number)])
        finally:
            shell.run("ip link del under")


def _ours(folder: Path) -> Script:
    path = folder / "updown"
    shutil.copy(ROOT / "roles/strongswan_vti/files/updown", path)
    path.chmod(0o755)
    return Script(path, "vti")


def _peer(folder: Path) -> Script:
    """Return the other script with the network of each child in the place of its only one.

    Otherwise it would fail at the route of its second device, and not get to its last command.
    """
    return Script(seed_updown.write(folder / "seed", '"${PLUTO_PEER_CLIENT}"'), "vti")


def events(scripts: dict[str, Script]) -> list[report.Row]:
    """Measure one child that comes and goes: the scripts in turn, medians."""
    times: dict[str, list[float]] = defaultdict(list)
    for turn in range(WARM + ROUNDS):
        for name, script in scripts.items():
            up, down = call(script, "up-client", 1), call(script, "down-client", 1)
            if turn >= WARM:
                times[f"{name} up"].append(up)
                times[f"{name} down"].append(down)
    median = {name: statistics.median(several) for name, several in times.items()}
    return [
        report.row("hook_up", median["ours up"], median["peer up"], ROUNDS),
        report.row("hook_down", median["ours down"], median["peer down"], ROUNDS),
    ]


def storms(scripts: dict[str, Script], number: int) -> list[report.Row]:
    """Measure the up events of many children, one after the other; the scripts in turn, medians.

    The growth is that of one event, from the first ones to the last ones.
    """
    totals: dict[str, list[float]] = defaultdict(list)
    first: list[float] = []
    last: list[float] = []
    for _storm in range(STORMS):
        for name, script in scripts.items():
            times = [call(script, "up-client", child) for child in range(1, number + 1)]
            totals[name].append(sum(times))
            if name == "ours":
                first += times[:EDGE]
                last += times[-EDGE:]
            clear(script, number)
    median = {name: statistics.median(several) for name, several in totals.items()}
    return [
        report.row("hook_storm", median["ours"], median["peer"], number),
        report.row("hook_growth", statistics.median(last), statistics.median(first), number),
    ]


def call(script: Script, verb: str, child: int) -> float:
    """Run a script for an event of a child, as charon does; return the seconds that it took.

    The device must be there after an up, and gone after a down.
    """
    environment = environment_of(verb, child)
    started = time.perf_counter()
    done = subprocess.run(
        ["/bin/sh", "-c", f"2>&1 {script.path}"],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        close_fds=False,
    )
    taken = time.perf_counter() - started
    there = Path(f"/proc/sys/net/ipv4/conf/{script.prefix}{child}").exists()
    if done.returncode != 0 or there != verb.startswith("up"):
        raise SystemExit(f"{script.path} {verb} {child}: {done.stdout}")
    return taken


def environment_of(verb: str, child: int) -> dict[str, str]:
    """Return what charon gives to a script for a child of a client with a virtual address."""
    here = f"10.3.{child // 250}.{child % 250 + 1}"
    mark = f"{child}/0xffffffff"
    peer = PEER.format(child)
    settings = {
        "VERB": verb,
        "CONNECTION": f"net{child}",
        "INTERFACE": "under",
        "REQID": str(child),
        "PROTO": "esp",
        "UNIQUEID": str(child),
        "ME": ME,
        "MY_ID": "moon.example.org",
        "MY_CLIENT": f"{here}/32",
        "MY_PORT": "0",
        "MY_PROTOCOL": "0",
        "PEER": peer,
        "PEER_ID": f"peer{child}.example.org",
        "PEER_CLIENT": f"10.{100 + child // 250}.{child % 250}.0/24",
        "PEER_PORT": "0",
        "PEER_PROTOCOL": "0",
        "MY_SOURCEIP": here,
        "MY_SOURCEIP4_1": here,
        "MARK_IN": mark,
        "MARK_OUT": mark,
    }
    path = os.environ["PATH"]
    return {"PATH": path, **{f"PLUTO_{name}": value for name, value in settings.items()}}


def clear(script: Script, number: int) -> None:
    """Remove all devices at once, and what the hook notes of them."""
    names = [f"{script.prefix}{child}" for child in range(1, number + 1)]
    shell.ip_batch(*(f"link set dev {name} group 77" for name in names), "link del group 77")
    shutil.rmtree(STATE, ignore_errors=True)


if __name__ == "__main__":
    main()
