# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure the kernel modules against one `ip -batch` of the same work, side by side.

Runs inside a node (tests/run_in_node.py bench -- 500). Writes build/bench.json, a list of
{name, ours_s, peer_s, ratio, n}; ours is the module's work without interpreter start and imports.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyroute2 import netns

from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import run_module

LOCAL = "192.0.2.1"
COUNT = 200


def tunnels(number: int) -> list[dict[str, Any]]:
    """Return a list of tunnels with address, MTU and sysctls."""
    return [
        {
            "name": f"vti{n}",
            "remote": f"198.51.{n // 250}.{n % 250 + 1}",
            "key": str(n),
            "addresses": [f"10.{n // 250}.{n % 250}.1/30"],
        }
        for n in range(1, number + 1)
    ]


def batch_create(entries: list[dict[str, Any]]) -> None:
    """Do the same by one `ip -batch` and the same sysctl writes."""
    lines = []
    for entry in entries:
        name, remote, key = entry["name"], entry["remote"], entry["key"]
        lines += [
            (
                f"link add {name} mtu 1400 up alias ipsec.strongswan:default"
                f" type vti local {LOCAL} remote {remote} key {key}"
            ),
            f"addr add {entry['addresses'][0]} dev {name}",
        ]
    batch(lines)
    for entry in entries:
        for family in ("ipv4", "ipv6"):
            Path(f"/proc/sys/net/{family}/conf/{entry['name']}/disable_policy").write_text("1")


def batch_delete(entries: list[dict[str, Any]]) -> None:
    """Delete by one `ip -batch`."""
    batch([f"link del {entry['name']}" for entry in entries])


def batch(lines: list[str]) -> None:
    """Run one `ip -batch`."""
    subprocess.run(["ip", "-batch", "-"], input="\n".join(lines) + "\n", text=True, check=True)


def module(*, expect: bool, **options: Any) -> None:
    """Run vti_tunnel and check that it did what it should."""
    result = run_module("vti_tunnel", local=LOCAL, mtu=1400, **options)
    if result.get("failed") or result["changed"] is not expect:
        raise SystemExit(f"vti_tunnel: {result.get('msg', result['changed'])}")


def seconds(work: Callable[[], None]) -> float:
    """Return how long a piece of work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Measure and write the results."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    entries = tunnels(number)
    shell.run("ip netns add bench")
    netns.pushns("bench")
    run_module("vti_tunnel", name="warm", state="absent")  # imports are not the module's work
    peer_create = seconds(lambda: batch_create(entries))
    peer_delete = seconds(lambda: batch_delete(entries))
    rows = [
        ("tunnels_create", seconds(lambda: module(expect=True, tunnels=entries)), peer_create),
        ("tunnels_rerun", seconds(lambda: module(expect=False, tunnels=entries)), peer_create),
        (
            "tunnels_delete",
            seconds(lambda: module(expect=True, tunnels=[], purge=True)),
            peer_delete,
        ),
    ]
    results = [
        {
            "name": name,
            "ours_s": round(ours, 3),
            "peer_s": round(peer, 3),
            "ratio": round(ours / peer, 3),
            "n": number,
        }
        for name, ours, peer in rows
    ]
    for row in results:
        print(
            f"{row['name']:16} ours {row['ours_s']:8.3f} s  peer {row['peer_s']:8.3f} s"
            f"  ratio {row['ratio']:6.3f}  n {row['n']}"
        )
    folder = Path("build")
    folder.mkdir(exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
