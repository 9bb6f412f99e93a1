# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Among whatever routes of others, a run touches none of them, and does all that it promises.

Routes of both sides are drawn from few destinations and metrics, so that they meet often.
"""

from __future__ import annotations

import random
import re
import subprocess
import typing as t

import pytest

from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import Result, run_module

Entry = dict[str, t.Any]

DESTINATIONS = ("10.2.0.0/24", "fd02::/64", "fd02::/64")  # IPv6 is the harder half
DEVICES = (0, 1, 2)
SEEDS = range(16)


@pytest.fixture(autouse=True)
def devices() -> None:
    """Make devices with networks; nothing of these routes depends on the kind of device."""
    shell.ip_batch(
        *(
            line
            for number in DEVICES
            for line in (
                f"link add v{number} type veth peer name p{number}",
                f"link set v{number} up",
                f"link set p{number} up",
                f"addr add 10.99.{number}.1/24 dev v{number}",
                f"addr add fd99:{number}::1/64 dev v{number} nodad",
            )
        )
    )


def gateway(draw: random.Random, dst: str, number: int) -> str:
    """Return a router on a device's network."""
    last = draw.choice((2, 3))
    return f"fd99:{number}::{last}" if ":" in dst else f"10.99.{number}.{last}"


def wanted(draw: random.Random) -> Entry:
    """Draw a route of ours."""
    dst = draw.choice(DESTINATIONS)
    entry: Entry = {
        "dst": dst,
        "metric": draw.choice((0, 0, 0, 5)),
        "table": draw.choice(("main", "main", 9)),
    }
    form = draw.choice(("device", "gateway", "both", "nexthops", "nowhere", "device"))
    if form == "nowhere":
        return {**entry, "type": draw.choice(("blackhole", "unreachable", "prohibit", "throw"))}
    if form == "nexthops":
        hops = [
            {"dev": f"v{number}", "gateway": gateway(draw, dst, number), "weight": number + 1}
            for number in draw.sample(DEVICES, 2)
        ]
        return {**entry, "nexthops": hops}
    number = draw.choice(DEVICES)
    if form != "gateway":
        entry["dev"] = f"v{number}"
    if form != "device":
        entry["gateway"] = gateway(draw, dst, number)
    return {**entry, "mtu": draw.choice((0, 0, 1300))}


def call(draw: random.Random) -> list[Entry]:
    """Draw the routes of one call."""
    entries = (wanted(draw) for _number in range(draw.randrange(1, 5)))
    return list({(one["dst"], one["metric"], one["table"]): one for one in entries}.values())


def make_foreign(draw: random.Random) -> None:
    """Draw routes of somebody else; what the kernel refuses is left out."""
    for _number in range(draw.randrange(1, 4)):
        dst, number = draw.choice(DESTINATIONS), draw.choice(DEVICES)
        way = draw.choice((f"dev v{number}", f"via {gateway(draw, dst, number)}"))
        command = draw.choice((f"add {dst} {way}", f"append {dst} {way}", f"add unreachable {dst}"))
        metric = draw.choice(("", "", "metric 5"))
        subprocess.run(f"ip route {command} {metric}".split(), capture_output=True, check=False)


def shown(protocol: str) -> list[str]:
    """Return routes, next hops in an order of their own."""
    found = []
    for family in ("-4", "-6"):
        text = shell.run(f"ip -N -o {family} route show table all proto {protocol}")
        for line in text.splitlines():
            first, *hops = re.split(r"\s*\\\s*", " ".join(line.split()))
            found.append(" | ".join([first, *sorted(hops)]))
    return sorted(found)


def check_foreign(before: list[str], result: Result) -> list[str]:
    """Check that only routes which were as wanted were taken over; return what is left."""
    after = shown("boot")
    adopted = [one["object"] for one in result["actions"] if one["action"] == "adopt"]
    gone = [line for line in before if line not in after]
    assert not [line for line in after if line not in before]
    assert len(gone) <= len(adopted), f"{gone} went, and only {adopted} were taken over"
    return after


@pytest.mark.parametrize("seed", SEEDS)
def test_foreign_routes(seed: int) -> None:
    draw = random.Random(seed)
    make_foreign(draw)
    foreign = shown("boot")
    for _number in range(4):
        routes = call(draw)
        before = shown("157")
        promised = run_module("vti_route", check=True, routes=routes, purge=True)
        assert shown("157") == before, routes
        result = run_module("vti_route", routes=routes, purge=True)
        if result.get("failed"):  # a foreign route is in the place of one of ours
            assert "adopt: true" in result["msg"], routes
            assert shown("157") == before, routes
            assert shown("boot") == foreign, routes
            continue
        assert promised["actions"] == result["actions"], routes
        foreign = check_foreign(foreign, result)
        again = run_module("vti_route", routes=routes, purge=True)
        assert not again["changed"], (routes, again["actions"])
