# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mode follow: the device is somebody's, its routes or its state follow the SA."""

from __future__ import annotations

import pytest

from ansible_collections.ipsec.strongswan.tests.hook.charon import ME, PEER, Charon, Sa
from ansible_collections.ipsec.strongswan.tests.support import shell

SA = Sa(vips=())
ROUTE = "--mode follow --device static --routes none"
LINK = f"{ROUTE} --on-down link"
STATIC = (
    f"link add static type vti local {ME} remote {PEER} ikey 42 okey 42",
    "link set dev static alias ipsec.strongswan:static",
    "addr add 10.99.0.1/30 dev static",
    "addr add fd99::1/64 dev static nodad",
    "link set static up",
    "route add 10.1.0.0/16 dev static proto 157",
    "route add 10.2.0.0/16 via 10.99.0.2 dev static proto 157 metric 5 table 77",
    "route add fd01::/64 dev static proto 157",
    "route add ::/0 dev static proto 157 table 78 metric 9",
    "route add 10.5.0.0/16 dev static proto static",  # an administrator's
)
OURS = ("10.1.0.0/16", "10.2.0.0/16", "default", "fd01::/64")


@pytest.fixture(autouse=True)
def static(namespace: str) -> None:
    """Make the device as vti_tunnel and vti_route do."""
    del namespace
    shell.ip_batch(*STATIC)


def routes(protocol: int = 157) -> tuple[str, ...]:
    """Return the destinations of the routes through the device."""
    found = [
        *shell.ip_json(f"-N -4 route show table all dev static proto {protocol}"),
        *shell.ip_json(f"-N -6 route show table all dev static proto {protocol}"),
    ]
    return tuple(sorted(route["dst"] for route in found))


def everything() -> list[str]:
    """Return the device with all of its routes and addresses."""
    return [
        shell.run(f"ip -N {what}")
        for what in (
            "addr show dev static",
            "-4 route show table all dev static",
            "-6 route show table all dev static",
        )
    ]


@pytest.mark.parametrize("arguments", [ROUTE, LINK], ids=["route", "link"])
def test_follows(charon: Charon, arguments: str) -> None:
    before = everything()
    charon.arguments = arguments
    for uid in (1, 4):
        charon.up(SA.but(uid=uid))
        assert everything() == before
        charon.up(SA.but(uid=uid + 1))
        charon.down(SA.but(uid=uid))
        assert everything() == before
        charon.down(SA.but(uid=uid + 1))
        assert routes() == ()
        state = shell.link("static")
        if arguments == LINK:
            assert "UP" not in state["flags"]
        else:
            assert "UP" in state["flags"]
            assert routes(4) == ("10.5.0.0/16",)
    charon.up(SA)
    assert everything() == before


def test_fails_over(charon: Charon) -> None:
    shell.ip_batch("route add 10.1.0.0/16 via 192.0.2.254 metric 100")
    charon.arguments = ROUTE
    charon.up(SA)
    assert "dev static" in shell.run("ip route get 10.1.0.1")
    charon.down(SA)
    assert "via 192.0.2.254" in shell.run("ip route get 10.1.0.1")
    charon.up(SA)
    assert "dev static" in shell.run("ip route get 10.1.0.1")


def test_routes_of_the_hook(charon: Charon) -> None:
    charon.arguments = "--mode follow --device static --route 10.7.0.0/16 --route fd07::/64"
    both = SA.but(pairs=(("10.99.0.1/32", "10.1.0.0/16"), ("fd99::1/128", "fd01::/64")))
    charon.up(both)
    assert routes(158) == ("10.7.0.0/16", "fd07::/64")
    charon.up(both.but(uid=2))
    charon.down(both)
    assert routes(158) == ("10.7.0.0/16", "fd07::/64")
    charon.down(both.but(uid=2))
    assert (routes(158), routes()) == ((), ())
    charon.up(both)
    assert (routes(158), routes()) == (("10.7.0.0/16", "fd07::/64"), OURS)


def test_virtual_ips(charon: Charon) -> None:
    sa = SA.but(vips=("10.3.0.1", "fd33::1"))
    charon.up(sa, ROUTE)
    assert {"10.3.0.1/32", "fd33::1/128"} < set(shell.addresses("static"))
    charon.down(sa, ROUTE)
    assert shell.addresses("static") == ["10.99.0.1/30", "fd99::1/64"]


@pytest.mark.parametrize("arguments", [ROUTE, LINK], ids=["route", "link"])
def test_charon_was_killed(charon: Charon, arguments: str) -> None:
    """The SA is gone, so the routes are withdrawn; the next one brings them back."""
    before = everything()
    charon.arguments = arguments
    charon.up(SA)
    charon.restart()
    charon.up(
        Sa(
            child="other", mark=(50, 50), peer="192.0.2.50", pairs=(("10.3.0.1/32", "10.9.0.0/16"),)
        ),
        "--mode create",
    )
    assert routes() == ()
    charon.up(SA)
    assert everything() == before
    charon.restart()
    charon.up(SA)
    assert everything() == before


def test_somebody_put_a_route_back(charon: Charon) -> None:
    charon.arguments = ROUTE
    before = everything()
    charon.up(SA)
    charon.down(SA)
    shell.ip_batch(STATIC[5])
    charon.up(SA)
    assert everything() == before


def test_another_protocol(charon: Charon) -> None:
    charon.arguments = f"{ROUTE} --protocol 4"
    charon.up(SA)
    charon.down(SA)
    assert (routes(), routes(4)) == (OURS, ())
    charon.up(SA)
    assert (routes(), routes(4)) == (OURS, ("10.5.0.0/16",))


def test_no_device(charon: Charon) -> None:
    shell.ip_batch("link del dev static")
    assert "there is no device static to follow" in charon.refused(SA, ROUTE)
    assert "nothing of it is here" in charon.down(SA, ROUTE)[0]


def test_clean_leaves_the_device(charon: Charon) -> None:
    charon.up(SA.but(vips=("10.3.0.1",)), "--mode follow --device static --route 10.7.0.0/16")
    assert charon.clean().code == 0
    assert routes(158) == ()
    assert shell.addresses("static") == ["10.99.0.1/30", "fd99::1/64"]
    assert "UP" in shell.link("static")["flags"]
