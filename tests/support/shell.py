# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands for tests: the independent view of what a module did."""

from __future__ import annotations

import contextlib
import json
import subprocess
import typing as t


def run(command: str) -> str:
    """Run a command line by its words; return its output, fail if it fails."""
    done = subprocess.run(command.split(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stderr}{done.stdout}"
    return done.stdout


@contextlib.contextmanager
def beside(
    *words: str, stdout: int | t.IO[t.Any] | None = None
) -> t.Iterator[subprocess.Popen[str]]:
    """Run a command beside the block, and end it with the block, also when that fails."""
    process = subprocess.Popen(words, stdout=stdout, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def ip_batch(*lines: str, netns: str = "") -> None:
    """Run several C(ip) commands in one process; fail if one fails."""
    text = "".join(f"{line}\n" for line in lines)
    command = ["ip", *(("-netns", netns) if netns else ()), "-batch", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{lines}: {done.stderr}"


def ip_json(arguments: str) -> list[dict[str, t.Any]]:
    """Return what C(ip -j) prints."""
    found: list[dict[str, t.Any]] = json.loads(run(f"ip -j {arguments}") or "[]")
    return [entry for entry in found if entry]


def link(name: str) -> dict[str, t.Any]:
    """Return a link with its details, by C(ip -d link)."""
    return ip_json(f"-d link show dev {name}")[0]


def addresses(name: str) -> list[str]:
    """Return the addresses of a device, without IPv6 link-local ones."""
    found = ip_json(f"addr show dev {name}")[0]["addr_info"]
    return sorted(f"{one['local']}/{one['prefixlen']}" for one in found if one["scope"] != "link")


def routes(arguments: str) -> list[dict[str, t.Any]]:
    """Return routes, by C(ip route show)."""
    return ip_json(f"-N route show {arguments}")
