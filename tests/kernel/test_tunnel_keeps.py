# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes of anybody through a device outlive a change of its addresses; ip(8) is the witness."""

from __future__ import annotations

import time
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import changed, unchanged

Options = dict[str, t.Any]
ROUTES = (
    "route add 10.2.0.0/24 dev vti42",
    "route add 10.3.0.0/24 nexthop dev vti42 weight 3 nexthop via 192.0.2.7 weight 2",
    "route add fd02::/64 dev vti42",
)
"""By hand: not by vti_route, which would make its own again."""


@pytest.fixture
def routed(vti: Options) -> Options:
    """Make a device with an address of each family, and routes through it."""
    changed("vti_tunnel", **vti, addresses=["10.99.0.1/31", "fd99::1/64"])
    shell.ip_batch(*ROUTES)
    return vti


def routes() -> list[str]:
    """Return the routes through the device but those that an address makes."""
    shown = shell.run("ip -o route show") + shell.run("ip -6 -o route show")
    lines = [" ".join(line.replace("\\", "").split()) for line in shown.splitlines()]
    return sorted(line for line in lines if "dev vti42" in line and "proto kernel" not in line)


def wait_until_told(told: Path, marker: str) -> None:
    """Wait until the kernel's watcher has told of a route that comes and goes."""
    end = time.monotonic() + 30
    while f"Deleted {marker} " not in told.read_text():
        assert time.monotonic() < end, marker
        shell.ip_batch(f"route add {marker} dev eth0", f"route del {marker} dev eth0")
        time.sleep(0.1)


def test_a_new_address_takes_no_route_away_even_for_a_moment(
    routed: Options, tmp_path: Path
) -> None:
    before = routes()
    assert len(before) == len(ROUTES)
    told = tmp_path / "told"
    with told.open("w") as file, shell.beside("ip", "-o", "-4", "monitor", "route", stdout=file):
        wait_until_told(told, "203.0.113.1")
        changed("vti_tunnel", **routed, addresses=["10.99.7.1/31", "fd99::1/64"])
        wait_until_told(told, "203.0.113.2")
    gone = [line for line in told.read_text().splitlines() if line.startswith("Deleted 10.")]
    assert shell.addresses("vti42") == ["10.99.7.1/31", "fd99::1/64"]
    assert routes() == before
    assert all("10.99.0." in line for line in gone), gone


@pytest.mark.parametrize(
    "addresses", [["fd99::1/64"], [], ["10.99.0.1 peer 10.99.0.0/31"]], ids=str
)
def test_routes_are_put_back_that_go_with_the_last_address(
    routed: Options, addresses: list[str]
) -> None:
    before = routes()
    changed("vti_tunnel", **routed, addresses=addresses)
    assert routes() == before
    assert "dead" not in shell.run("ip route show")
    unchanged("vti_tunnel", **routed, addresses=addresses)


def test_a_route_whose_source_address_goes_comes_back_without_it(routed: Options) -> None:
    shell.run("ip route add 10.4.0.0/24 dev vti42 src 10.99.0.1")
    shell.run("ip -6 route add fd04::/64 dev vti42 src fd99::1")
    before = routes()
    changed("vti_tunnel", **routed, addresses=["10.99.7.1/31", "fd99::7/64"])
    without = [one.replace(" src 10.99.0.1", "").replace(" src fd99::1", "") for one in before]
    assert routes() == without


def test_a_device_that_is_made_anew_with_other_addresses(routed: Options) -> None:
    shell.run("ip route add 10.4.0.0/24 dev vti42 src 10.99.0.1")
    before = routes()
    result = changed("vti_tunnel", **{**routed, "remote": "any"}, addresses=["10.99.7.1/31"])
    assert [one["action"] for one in result["actions"]] == ["recreate"]
    assert routes() == [one.replace(" src 10.99.0.1", "") for one in before]


def test_a_device_in_another_namespace(inside: str) -> None:
    moved = {"name": "vti42", "kind": "xfrm", "if_id": "7", "target_netns": inside}
    changed("vti_tunnel", **moved, addresses=["10.99.0.1/31"])
    shell.run(f"ip -n {inside} route add 10.2.0.0/24 dev vti42")
    before = shell.run(f"ip -n {inside} route show 10.2.0.0/24")
    for addresses in (["10.99.0.3/31"], []):
        changed("vti_tunnel", **moved, addresses=addresses)
        assert shell.run(f"ip -n {inside} route show 10.2.0.0/24") == before != ""


def test_a_device_that_is_made_anew_in_another_namespace(inside: str) -> None:
    moved: Options = {"name": "vti42", "kind": "xfrm", "if_id": "7", "target_netns": inside}
    moved["addresses"] = ["10.99.0.1/31", "fd99::1/64"]
    changed("vti_tunnel", **moved)
    shell.ip_batch(
        "link add blue type vrf table 77",
        "link set blue up",
        "link set vti42 master blue",
        "route add 10.2.0.0/24 dev vti42 table 77",
        "route add 10.3.0.0/24 via 10.99.0.0 table 77",
        "route add fd02::/64 dev vti42 table 77",
        netns=inside,
    )
    sysctl = f"ip netns exec {inside} sysctl net.ipv4.conf.vti42.log_martians"
    shell.run(f"{sysctl}=1")

    def state() -> list[str]:
        shown = [shell.run(f"ip -n {inside} {f} route show table 77") for f in ("-4", "-6")]
        lines = [line for line in "".join(shown).splitlines() if "proto kernel" not in line]
        link = shell.ip_json(f"-n {inside} link show dev vti42")[0]
        return [*lines, link["master"], shell.run(sysctl)]

    before = state()
    assert len(before) == 5, before
    result = changed("vti_tunnel", **moved, dev="lo")
    assert [one["action"] for one in result["actions"]] == ["recreate"]
    assert state() == before
    unchanged("vti_tunnel", **moved, dev="lo")


def test_devices_that_change_places_in_another_namespace(inside: str) -> None:
    def tunnels(first: str, second: str) -> list[Options]:
        shared = {"kind": "xfrm", "target_netns": inside}
        return [
            {**shared, "name": "ipsec1", "if_id": first, "addresses": ["10.99.0.1/31"]},
            {**shared, "name": "ipsec2", "if_id": second, "addresses": ["10.99.0.3/31"]},
        ]

    changed("vti_tunnel", tunnels=tunnels("1", "2"))
    shell.ip_batch(
        "route add 10.2.1.0/24 dev ipsec1", "route add 10.2.2.0/24 dev ipsec2", netns=inside
    )
    before = shell.run(f"ip -n {inside} route show")
    changed("vti_tunnel", tunnels=tunnels("2", "1"))
    assert sorted(shell.run(f"ip -n {inside} route show").splitlines()) == sorted(
        before.splitlines()
    )
    unchanged("vti_tunnel", tunnels=tunnels("2", "1"))
