# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guards: by packets, and as ip(8) shows them.

The control is in each test: before the guard, the same packets are seen to leave in the clear.
"""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.tests.support import leak, shell
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    refused,
    run_module,
    unchanged,
)

BOTH = {"host", "LAN"}
PEER = {4: "203.0.113.5", 6: "2001:db8:5::5"}
TABLE = 15700

# The destination, an address in it, and the better route that stands beside it.
PLAIN = [("10.2.0.0/24", "10.2.0.7"), ("fd02::/64", "fd02::7")]
DEFAULT = [("0.0.0.0/0", "10.2.0.7"), ("::/0", "fd02::7")]


@pytest.fixture(autouse=True)
def tunnels() -> None:
    """Make an underlay in both families with a host's default routes, and tunnels over it."""
    leak.underlay()
    leak.host_default()
    make_tunnels()


def make_tunnels() -> None:
    """Make a tunnel for each family of the underlay."""
    for version, local in ((4, "192.0.2.1"), (6, "fd00:2::1")):
        changed(
            "vti_tunnel",
            name=f"vti{version}",
            local=local,
            remote=PEER[version],
            key="42",
            addresses=[f"10.99.{version}.1/30", f"fd99:{version}::1/64"],
        )


def family(dst: str) -> str:
    """Return the option of ip(8)."""
    return "-6" if ":" in dst else "-4"


def device(dst: str) -> str:
    """Return the tunnel whose underlay is of the destination's family: the harder case."""
    return "vti6" if ":" in dst else "vti4"


def rules(dst: str) -> list[dict[str, t.Any]]:
    """Return our rules."""
    return [one for one in shell.ip_json(f"-N {family(dst)} rule") if one.get("protocol") == "157"]


def ours(dst: str, table: str = "all") -> list[dict[str, t.Any]]:
    """Return our routes of a family."""
    return shell.ip_json(f"{family(dst)} route show table {table} proto 157")


def lose(how: str, dst: str) -> None:
    """Let the tunnel's route go away."""
    name = device(dst)
    if how == "down":
        shell.run(f"ip link set {name} down")
    elif how == "deleted":
        shell.run(f"ip link del {name}")
    else:
        shell.run(f"ip {family(dst)} route flush table all dev {name} proto 157")


def regain(how: str, dst: str) -> None:
    """Let the tunnel be there again, as a later run finds it."""
    if how == "down":
        shell.run(f"ip link set {device(dst)} up")
    elif how == "deleted":
        run_module("vti_tunnel", name=device(dst), state="absent")
        make_tunnels_again()


def make_tunnels_again() -> None:
    """Make the tunnels that are missing."""
    for version, local in ((4, "192.0.2.1"), (6, "fd00:2::1")):
        run_module(
            "vti_tunnel",
            name=f"vti{version}",
            local=local,
            remote=PEER[version],
            key="42",
            addresses=[f"10.99.{version}.1/30", f"fd99:{version}::1/64"],
        )


LOSSES = ["down", "deleted", "route"]


@pytest.mark.parametrize("how", LOSSES)
@pytest.mark.parametrize(("dst", "inside"), PLAIN)
def test_plain_destination(dst: str, inside: str, how: str) -> None:
    with leak.Underlay() as underlay:
        changed("vti_route", dst=dst, dev=device(dst))
        assert not underlay.leaks(inside)
        lose(how, dst)
        assert underlay.leaks(inside) == BOTH  # the control
        regain(how, dst)
        changed("vti_route", dst=dst, dev=device(dst), guard=True)
        assert not underlay.leaks(inside)
        lose(how, dst)
        assert not underlay.leaks(inside)
        underlay.check_reaches(PEER[6 if ":" in dst else 4])
        regain(how, dst)
        changed("vti_route", dst=dst, dev=device(dst), guard=True)
        assert not rules(dst)
        changed("vti_route", dst=dst, state="absent")
        assert ours(dst) == []
        assert underlay.leaks(inside) == BOTH


@pytest.mark.parametrize("how", LOSSES)
@pytest.mark.parametrize(("dst", "inside"), DEFAULT)
def test_default_route(dst: str, inside: str, how: str) -> None:
    version = 6 if ":" in dst else 4
    options = {"dst": dst, "dev": device(dst), "guard": True, "underlay_exception": True}
    with leak.Underlay() as underlay:
        assert underlay.leaks(inside) == BOTH  # the control: the host's default wins
        changed("vti_route", **options)
        assert not underlay.leaks(inside)
        underlay.check_reaches(PEER[version])
        lose(how, dst)
        assert not underlay.leaks(inside)
        underlay.check_reaches(PEER[version])
        regain(how, dst)
        changed("vti_route", **options)
        underlay.check_reaches(PEER[version])
        changed("vti_route", dst=dst, state="absent")
        assert ours(dst) == []
        assert rules(dst) == []
        assert underlay.leaks(inside) == BOTH


@pytest.mark.parametrize("how", LOSSES)
@pytest.mark.parametrize(("dst", "inside"), PLAIN)
def test_a_foreign_route_for_the_same_destination(dst: str, inside: str, how: str) -> None:
    router = leak.ROUTER[6 if ":" in dst else 4]
    foreign = f"ip {family(dst)} route add {dst} via {router} dev eth0 metric 20"
    with leak.Underlay() as underlay:
        changed("vti_route", dst=dst, dev=device(dst), metric=10, guard=True)
        assert not rules(dst)
        shell.run(foreign)
        changed("vti_route", dst=dst, dev=device(dst), metric=10, guard=True)
        assert len(rules(dst)) == 2
        assert {one.get("table") for one in ours(dst)} == {str(TABLE)}
        lose(how, dst)
        assert not underlay.leaks(inside)
        regain(how, dst)
        shell.run(foreign.replace(" add ", " del "))
        changed("vti_route", dst=dst, dev=device(dst), metric=10, guard=True)
        assert not rules(dst)
        lose(how, dst)
        assert not underlay.leaks(inside)


@pytest.mark.parametrize(("dst", "inside"), DEFAULT)
def test_more_specific_routes_of_the_host_work(dst: str, inside: str) -> None:
    router = leak.ROUTER[6 if ":" in dst else 4]
    changed("vti_route", dst=dst, dev=device(dst), guard=True, underlay_exception=True)
    shell.run(f"ip link del {device(dst)}")
    with leak.Underlay() as underlay:
        assert not underlay.leaks(inside)
        shell.run(f"ip {family(dst)} route add {inside} via {router} dev eth0")
        assert underlay.leaks(inside) == BOTH


@pytest.mark.parametrize(("dst", "inside"), DEFAULT)
def test_the_exception_follows_the_underlay(dst: str, inside: str) -> None:
    """No run in between: the kernel looks up the peer in the host's own table."""
    version = 6 if ":" in dst else 4
    changed("vti_route", dst=dst, dev=device(dst), guard=True, underlay_exception=True)
    other = {4: "192.0.2.253", 6: "fd00:2::fd"}[version]
    shell.ip_batch(
        f"neigh replace {other} lladdr 02:00:00:00:00:fd dev eth0 nud permanent",
        f"route replace {dst} via {other} dev eth0",
    )
    assert shell.ip_json(f"{family(dst)} route get {PEER[version]}")[0]["gateway"] == other
    with leak.Underlay() as underlay:
        underlay.check_reaches(PEER[version])
        assert not underlay.leaks(inside)
    unchanged("vti_route", dst=dst, dev=device(dst), guard=True, underlay_exception=True)


@pytest.mark.parametrize(("dst", "inside"), DEFAULT)
def test_exception_without_a_guard(dst: str, inside: str) -> None:
    version = 6 if ":" in dst else 4
    with leak.Underlay() as underlay:
        changed("vti_route", dst=dst, dev=device(dst), underlay_exception=True)
        assert not underlay.leaks(inside)
        underlay.check_reaches(PEER[version])
        shell.run(f"ip link del {device(dst)}")
        assert underlay.leaks(inside) == BOTH


def test_an_exception_by_hand() -> None:
    """For a peer that only charon knows: docs/guard.md."""
    changed("vti_route", dst="0.0.0.0/0", dev="vti4", guard=True, underlay_exception=True)
    throw = {"dst": "203.0.113.77", "type": "throw", "table": str(TABLE)}
    with leak.Underlay() as underlay:
        assert not underlay.leaks("203.0.113.77")
        changed("vti_route", **throw)
        underlay.check_reaches("203.0.113.77")
        changed("vti_route", **throw, state="absent")
        assert not underlay.leaks("203.0.113.77")


def test_the_exception_in_a_table_of_the_users_own() -> None:
    shell.run("ip rule add to 203.0.113.0/24 lookup 100")
    options = {"dst": "203.0.113.0/24", "dev": "vti4", "table": "100"}
    assert "203.0.113.5, the remote of vti4" in refused("vti_route", **options)
    changed("vti_route", **options, underlay_exception=True)
    assert {one["dst"]: one.get("type", "unicast") for one in ours("", "100")} == {
        "203.0.113.0/24": "unicast",
        "203.0.113.5": "throw",
    }
    with leak.Underlay() as underlay:
        underlay.check_reaches("203.0.113.5")
        assert not underlay.leaks("203.0.113.6")
    changed("vti_route", dst="203.0.113.0/24", table="100", state="absent")
    assert ours("") == []


@pytest.mark.parametrize("dst", ["0.0.0.0/0", "203.0.113.0/24", "::/0", "2001:db8:5::5/128"])
def test_a_loop_is_refused(dst: str) -> None:
    version = 6 if ":" in dst else 4
    options = {"dst": dst, "dev": device(dst), "guard": True}
    message = refused("vti_route", **options)
    assert f"{PEER[version]}, the remote of vti{version}" in message
    assert "underlay_exception: true" in message
    assert ours(dst) == []
    if not dst.startswith(PEER[version]):
        router = leak.ROUTER[version]
        shell.run(f"ip {family(dst)} route add {PEER[version]} via {router} dev eth0")
        changed("vti_route", **options)


def test_a_changed_remote_moves_the_exception() -> None:
    options: dict[str, t.Any] = {
        "dst": "0.0.0.0/0",
        "dev": "vti4",
        "guard": True,
        "underlay_exception": True,
    }
    changed("vti_route", **options)
    changed("vti_tunnel", name="vti4", local="192.0.2.1", remote="203.0.113.9", key="42")
    changed("vti_route", **options)
    thrown = [one["dst"] for one in ours("", str(TABLE)) if one.get("type") == "throw"]
    assert thrown == ["203.0.113.9"]


def test_owners_and_purge() -> None:
    changed("vti_tunnel", name="other", local="192.0.2.1", remote="203.0.113.7", key="7", owner="b")
    guarded = {"guard": True, "underlay_exception": True}
    changed("vti_route", dst="0.0.0.0/0", dev="vti4", metric=10, **guarded)
    changed("vti_route", dst="0.0.0.0/0", dev="other", metric=20, owner="b", **guarded)
    changed("vti_route", dst="10.2.0.0/24", dev="other", owner="b", guard=True)
    assert len(ours("")) == 8
    shell.run("ip link del other")  # the guards know their owner without it
    changed("vti_route", routes=[], purge=True, owner="b")
    assert len(ours("")) == 3
    assert len(rules("")) == 2
    changed("vti_route", routes=[], purge=True)
    assert ours("") == []
    assert rules("") == []


def test_guard_turned_off() -> None:
    changed("vti_route", dst="10.2.0.0/24", dev="vti4", guard=True)
    changed("vti_route", dst="10.2.0.0/24", dev="vti4")
    assert [one["dev"] for one in ours("")] == ["vti4"]


def test_a_guard_for_two_routes_goes_with_the_last() -> None:
    changed("vti_route", dst="10.2.0.0/24", dev="vti4", metric=10, guard=True)
    changed("vti_route", dst="10.2.0.0/24", dev="vti6", metric=20)
    assert len(ours("")) == 3
    changed("vti_route", dst="10.2.0.0/24", metric=10, state="absent")
    assert len(ours("")) == 2
    changed("vti_route", dst="10.2.0.0/24", metric=20, state="absent")
    assert ours("") == []


def test_what_was_taken_away_comes_back() -> None:
    options: dict[str, t.Any] = {
        "dst": "0.0.0.0/0",
        "dev": "vti4",
        "guard": True,
        "underlay_exception": True,
    }
    changed("vti_route", **options)
    shell.run("ip rule del pref 32065")
    result = changed("vti_route", **options)
    assert [one["object"] for one in result["actions"]] == ["IPv4 rule 32065"]
    shell.run(f"ip route flush table {TABLE}")
    changed("vti_route", **options)
    assert len(ours("", str(TABLE))) == 3


def test_check_mode_changes_nothing() -> None:
    options: dict[str, t.Any] = {
        "dst": "0.0.0.0/0",
        "dev": "vti4",
        "guard": True,
        "underlay_exception": True,
    }
    assert run_module("vti_route", check=True, **options)["changed"]
    assert ours("") == []
    assert rules("") == []
