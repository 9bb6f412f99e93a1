# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same work for the modules and for their peer: VTIs with alias, MTU, address, route, sysctls."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible_collections.ipsec.strongswan.tests.support.modules import run_timed

LOCAL = "192.0.2.1"
MTU = 1400
ALIAS = "ipsec.strongswan:default"
ROUTE_PROTOCOL = 157

Entries = list[dict[str, Any]]


def tunnels(number: int) -> Entries:
    """Return a list of tunnels with addresses; the call adds MTU and sysctls."""
    return [
        {
            "name": f"vti{n}",
            "remote": f"198.51.{n // 250}.{n % 250 + 1}",
            "key": str(n),
            "addresses": [f"10.{n // 250}.{n % 250}.1/30"],
        }
        for n in range(1, number + 1)
    ]


def routes(number: int) -> Entries:
    """Return a list of routes, one through each tunnel."""
    return [
        {"dst": f"10.{100 + n // 250}.{n % 250}.0/24", "dev": f"vti{n}"}
        for n in range(1, number + 1)
    ]


def tunnel_options(number: int) -> dict[str, Any]:
    """Return the options of a call of vti_tunnel for so many tunnels."""
    return {"local": LOCAL, "mtu": MTU, "tunnels": tunnels(number)}


def ours(number: int, *, expect: bool) -> float:
    """Have vti_tunnel and vti_route make the tunnels, or find that all is as wanted.

    :returns: How many seconds the modules worked.
    """
    return module("vti_tunnel", expect=expect, **tunnel_options(number)) + module(
        "vti_route", expect=expect, routes=routes(number)
    )


def ours_delete() -> float:
    """Have vti_tunnel remove all tunnels; the routes go with them."""
    return module("vti_tunnel", expect=True, tunnels=[], purge=True)


def module(name: str, *, expect: bool, **options: Any) -> float:
    """Run a module, check that it changed something, or nothing, and return its seconds."""
    result, taken = run_timed(name, options)
    if result.get("failed") or result["changed"] is not expect:
        raise SystemExit(f"{name}: {result.get('msg', result['changed'])}")
    return taken


def peer(number: int) -> None:
    """Do the same by one `ip -batch` and the same sysctl writes."""
    lines = []
    for tunnel, route in zip(tunnels(number), routes(number), strict=True):
        name = tunnel["name"]
        lines += [
            (
                f"link add {name} mtu {MTU} up type vti"
                f" local {LOCAL} remote {tunnel['remote']} key {tunnel['key']}"
            ),
            # When it makes a link, the kernel takes no alias.
            f"link set {name} alias {ALIAS}",
            f"addr add {tunnel['addresses'][0]} dev {name}",
            f"route add {route['dst']} dev {name} proto {ROUTE_PROTOCOL}",
        ]
    batch(lines)
    for n in range(1, number + 1):
        for family in ("ipv4", "ipv6"):
            Path(f"/proc/sys/net/{family}/conf/vti{n}/disable_policy").write_text("1")


def peer_delete(number: int) -> None:
    """Delete by one `ip -batch`."""
    batch([f"link del vti{n}" for n in range(1, number + 1)])


def batch(lines: list[str]) -> None:
    """Run one `ip -batch`."""
    subprocess.run(["ip", "-batch", "-"], input="\n".join(lines) + "\n", text=True, check=True)


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
