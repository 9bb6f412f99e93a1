# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random states: apply A, then B; the kernel must hold exactly what B alone gives.

Runs inside a node (tests/run_in_node.py soak -- 200 12345: rounds, seed). The seed is printed,
so that a failure can be run again.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
import uuid
from typing import Any

from pyroute2 import netns

from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import run_module

ROUNDS = 100
REMOTES = [f"192.0.2.{n}" for n in range(2, 7)]
State = dict[str, list[dict[str, Any]]]


def random_state(rng: random.Random) -> State:
    """Return valid tunnels and routes: few names and endpoints, so that they collide often."""
    names = rng.sample([f"vti{n}" for n in range(6)], rng.randint(0, 5))
    remotes = rng.sample(REMOTES, len(names))
    tunnels: list[dict[str, Any]] = []
    for number, (name, remote) in enumerate(zip(names, remotes, strict=False)):
        addresses = [f"10.99.{number}.{rng.choice([1, 5])}/30", f"fd99:{number}::1/64"]
        tunnels.append(
            {
                "name": name,
                "remote": remote,
                "ikey": str(rng.randint(1, 3)),
                "okey": str(rng.randint(1, 3)),
                "mtu": rng.choice([1280, 1400]),
                "up": rng.random() < 0.8,
                "disable_policy": rng.random() < 0.7,
                "addresses": rng.sample(addresses, rng.randint(0, 2)),
                "dev": rng.choice(["eth0", ""]),
            }
        )
    usable = [tunnel["name"] for tunnel in tunnels if tunnel["up"]]
    destinations = ["10.2.0.0/24", "10.3.0.0/24", "fd02::/64", "fd03::/64"]
    routes = [
        {"dst": dst, "dev": rng.choice(usable), "metric": rng.choice([10, 20])}
        for dst in rng.sample(destinations, 3 if usable else 0)
    ]
    return {"tunnels": tunnels, "routes": routes}


def apply(state: State) -> bool:
    """Bring this namespace into a state; return whether anything changed."""
    done = []
    for name, options in (
        ("vti_tunnel", {"local": "192.0.2.1", "tunnels": state["tunnels"]}),
        ("vti_route", {"routes": state["routes"]}),
    ):
        result = run_module(name, purge=True, **options)
        if result.get("failed"):
            raise AssertionError(result["msg"])
        done.append(result["changed"])
    return any(done)


def snapshot() -> list[str]:
    """Return what the namespace holds, without indexes and counters."""
    lines = []
    for link in shell.ip_json("-d link show type vti"):
        name = link["ifname"]
        data = link["linkinfo"].get("info_data", {})
        inner = shell.addresses(name)
        policy = shell.run(f"cat /proc/sys/net/ipv4/conf/{name}/disable_policy").strip()
        lines.append(
            f"{name} {link.get('link')} {link['mtu']} {'UP' in link['flags']}"
            f" {link.get('ifalias')} {sorted(data.items())} {inner} {policy}"
        )
    for family in ("", "-6"):
        lines += (
            str(sorted((key, value) for key, value in route.items() if key != "flags"))
            for route in shell.ip_json(f"-N {family} route show table all proto 157")
        )
    return sorted(lines)  # not by index: B alone makes the devices in another order


class Namespace:
    """A network namespace with an underlay device."""

    def __enter__(self) -> None:
        self.name = f"soak-{uuid.uuid4().hex[:8]}"
        shell.run(f"ip netns add {self.name}")
        netns.pushns(self.name)
        shell.ip_batch(
            "link add eth0 type dummy", "addr add 192.0.2.1/24 dev eth0", "link set eth0 up"
        )

    def __exit__(self, *_error: object) -> None:
        netns.popns()
        subprocess.run(["ip", "netns", "del", self.name], check=True)


def one_round(rng: random.Random) -> None:
    """Compare A then B with B alone."""
    first, second = random_state(rng), random_state(rng)
    with Namespace():
        apply(second)
        alone = snapshot()
    with Namespace():
        apply(first)
        apply(second)
        both = snapshot()
        if both != alone:
            raise AssertionError(f"A {first}\nB {second}\nA, B: {both}\nB: {alone}")
        if apply(second):
            raise AssertionError(f"a second run changed something: A {first}\nB {second}")


def main() -> None:
    """Run the rounds."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    print(f"soak: {rounds} rounds, seed {seed}", flush=True)
    failed = 0
    for number in range(rounds):
        try:
            one_round(random.Random(seed + number))
        except AssertionError as error:
            failed += 1
            print(f"round {number}, seed {seed + number}: {error}", flush=True)
    print(f"{rounds - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
