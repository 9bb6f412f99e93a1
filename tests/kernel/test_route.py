# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""vti_route on a real kernel; ip(8) is the witness."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    run_module,
    unchanged,
)


@pytest.fixture(autouse=True)
def tunnels() -> None:
    """Make two tunnels to route through."""
    changed(
        "vti_tunnel",
        local="192.0.2.1",
        addresses=[],
        tunnels=[
            {
                "name": "vti1",
                "remote": "192.0.2.2",
                "key": "1",
                "addresses": ["10.99.0.1/30", "fd99::1/64"],
            },
            {"name": "vti2", "remote": "192.0.2.3", "key": "2"},
        ],
    )


DESTINATIONS = [
    ("10.2.0.0/24", "", "10.99.0.1"),
    ("fd02::/64", "-6", "fd99::1"),
    ("0.0.0.0/0", "", "10.99.0.1"),
    ("::/0", "-6", "fd99::1"),
    ("10.2.0.1", "", "10.99.0.1"),
]


def shown(family: str, table: str = "main") -> list[dict[str, t.Any]]:
    """Return our routes of a family as ip(8) shows them."""
    return shell.ip_json(f"-N {family} route show table {table} proto 157")


@pytest.mark.parametrize(("dst", "family", "src"), DESTINATIONS)
def test_life(dst: str, family: str, src: str) -> None:
    changed("vti_route", dst=dst, dev="vti1")
    (route,) = shown(family)
    assert route["dev"] == "vti1"
    assert route["dst"] == {"0.0.0.0/0": "default", "::/0": "default"}.get(dst, dst)
    result = changed("vti_route", dst=dst, dev="vti1", src=src)
    assert result["actions"][0]["reason"] == f"src is not set, wanted {src}"
    assert shown(family)[0]["prefsrc"] == src
    changed("vti_route", dst=dst, dev="vti2")
    assert [one["dev"] for one in shown(family)] == ["vti2"]
    changed("vti_route", dst=dst, state="absent")
    assert shown(family) == []
    unchanged("vti_route", dst=dst, state="absent")


@pytest.mark.parametrize(("dst", "family"), [("10.2.0.0/24", ""), ("fd02::/64", "-6")])
def test_metric_and_table_are_part_of_the_identity(dst: str, family: str) -> None:
    changed("vti_route", dst=dst, dev="vti1", metric=50)
    changed("vti_route", dst=dst, dev="vti2", metric=60)
    assert [(one["dev"], one["metric"]) for one in shown(family)] == [("vti1", 50), ("vti2", 60)]
    changed("vti_route", dst=dst, dev="vti1", table="1000")
    assert [one["dev"] for one in shown(family, "1000")] == ["vti1"]
    changed("vti_route", dst=dst, metric=50, state="absent")
    assert [(one["dev"], one["metric"]) for one in shown(family)] == [("vti2", 60)]


def test_check_mode_changes_nothing() -> None:
    assert run_module("vti_route", check=True, dst="10.2.0.0/24", dev="vti1")["changed"]
    assert shown("") == []


def test_check_mode_before_the_device_exists() -> None:
    result = run_module("vti_route", check=True, dst="10.2.0.0/24", dev="vti77")
    assert result["changed"]
    assert "dev 'vti77' does not exist" in result["warnings"][0]


def test_list_inherits_and_purges() -> None:
    shell.run("ip route add 10.9.0.0/24 dev vti1")
    changed("vti_tunnel", name="x", local="192.0.2.1", remote="192.0.2.7", key="7", owner="other")
    changed("vti_route", dst="10.8.0.0/24", dev="x")
    routes = [{"dst": "10.2.0.0/24"}, {"dst": "10.3.0.0/24", "dev": "vti2"}, {"dst": "fd02::/64"}]
    changed("vti_route", dev="vti1", routes=routes)
    changed("vti_route", dev="vti1", routes=routes[:1], purge=True)
    assert {one["dst"] for one in shown("") + shown("-6")} == {"10.2.0.0/24", "10.8.0.0/24"}
    changed("vti_route", routes=[], purge=True, owner="other")
    assert {one["dst"] for one in shown("")} == {"10.2.0.0/24"}
    assert "10.9.0.0/24" in shell.run("ip route")


@pytest.mark.parametrize("dst", ["10.2.0.0/24", "fd02::/64"])
def test_a_route_made_by_hand(dst: str) -> None:
    family = "-6" if ":" in dst else "-4"
    shell.run(f"ip {family} route add {dst} dev vti1")
    message = run_module("vti_route", dst=dst, dev="vti1", state="absent")["msg"]
    assert "is not ours" in message
    result = changed("vti_route", dst=dst, dev="vti1")  # it is as wanted: taken over
    assert result["actions"][0]["action"] == "adopt"
    assert len(shell.ip_json(f"{family} route show {dst}")) == 1
    changed("vti_route", dst=dst, state="absent")


def test_a_foreign_route_in_the_same_place() -> None:
    shell.run("ip route add 10.2.0.0/24 via 192.0.2.254")
    message = run_module("vti_route", dst="10.2.0.0/24", dev="vti1")["msg"]
    assert "route 10.2.0.0/24 table main metric 0" in message
    assert "adopt: true" in message
    changed("vti_route", dst="10.2.0.0/24", dev="vti1", adopt=True)
    assert [one["dev"] for one in shell.ip_json("route show 10.2.0.0/24")] == ["vti1"]


def test_a_foreign_ipv6_route_beside_ours() -> None:
    shell.run("ip -6 route add fd02::/64 dev eth0")
    changed("vti_route", dst="fd02::/64", dev="vti1")
    changed("vti_route", dst="fd02::/64", dev="vti2")
    assert [one["dev"] for one in shown("-6")] == ["vti2"]
    changed("vti_route", dst="fd02::/64", state="absent")
    assert [one["dev"] for one in shell.ip_json("-6 route show fd02::/64")] == ["eth0"]


def test_own_protocol_number() -> None:
    changed("vti_route", dst="10.2.0.0/24", dev="vti1", protocol=201)
    assert "proto 201" in shell.run("ip -N route show 10.2.0.0/24")
    changed("vti_route", routes=[], purge=True, protocol=201)


def test_a_route_that_went_away_with_its_device_comes_back() -> None:
    changed("vti_route", dst="10.2.0.0/24", dev="vti1")
    shell.run("ip link set vti1 down")
    shell.run("ip link set vti1 up")
    changed("vti_route", dst="10.2.0.0/24", dev="vti1")
