# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sequences of charon's events, and exactly what is there after each of them."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.tests.hook.charon import (
    ME,
    ME6,
    PEER,
    PEER6,
    Charon,
    Device,
    Sa,
    devices,
)

Step = tuple[str, Sa, dict[str, Device]]

PAIRS = (("10.3.0.1/32", "10.1.0.0/16"), ("fd33::1/128", "fd01::/64"))
VIPS = ("10.3.0.1", "fd33::1")
BOTH = ("10.1.0.0/16", "fd01::/64")

VTI = Sa()
DUAL = Sa(pairs=PAIRS, vips=VIPS)
VTI6 = Sa(me=ME6, peer=PEER6)
XFRM = Sa(mark=None, if_id=(7, 7))
MADE = Device()
MADE_DUAL = Device(addresses=("10.3.0.1/32", "fd33::1/128"), routes=BOTH)
MADE_VTI6 = Device(kind="vti6", ends=(ME6, PEER6))
MADE_XFRM = Device(kind="xfrm", keys=(7, 7), ends=None, mtu=1500)

# each kind of device: an SA, the device's name and what it has to be
KINDS: dict[str, tuple[Sa, str, Device]] = {
    "vti": (VTI, "vti42", MADE),
    "vti of both families": (DUAL, "vti42", MADE_DUAL),
    "vti6": (VTI6, "vti42", MADE_VTI6),
    "xfrm": (XFRM, "xfrm7", MADE_XFRM),
    "xfrm of both families": (
        DUAL.but(mark=None, if_id=(7, 7)),
        "xfrm7",
        MADE_XFRM.but(addresses=MADE_DUAL.addresses, routes=BOTH),
    ),
    "one mark each way": (VTI.but(mark=(1, 2)), "vti2", MADE.but(keys=(1, 2))),
    "no virtual ip": (VTI.but(vips=()), "vti42", MADE.but(addresses=())),
    "many virtual ips": (
        VTI.but(vips=("10.3.0.1", "10.3.0.2", "fd33::1", "fd33::2")),
        "vti42",
        MADE.but(addresses=("10.3.0.1/32", "10.3.0.2/32", "fd33::1/128", "fd33::2/128")),
    ),
    "many pairs": (
        VTI.but(pairs=tuple(("10.3.0.1/32", f"10.{n}.0.0/16") for n in (1, 2, 4))),
        "vti42",
        MADE.but(routes=("10.1.0.0/16", "10.2.0.0/16", "10.4.0.0/16")),
    ),
    "pairs that differ in their ports": (
        VTI.but(extra=(("PEER_PORT", "1024:65535"), ("PEER_PROTOCOL", "6"))),
        "vti42",
        MADE,
    ),
    "host": (
        VTI.but(pairs=((f"{ME}/32", "10.1.0.0/16"),), vips=()),
        "vti42",
        MADE.but(addresses=()),
    ),
    "host over IPv6": (
        VTI6.but(pairs=((f"{ME6}/128", "fd01::/64"),), vips=()),
        "vti42",
        MADE_VTI6.but(addresses=(), routes=("fd01::/64",)),
    ),
    "host to host": (
        VTI.but(pairs=((f"{ME}/32", f"{PEER}/32"),), vips=()),
        "vti42",
        MADE.but(addresses=(), routes=()),
    ),
    "all networks": (
        DUAL.but(pairs=(("10.3.0.1/32", "0.0.0.0/0"), ("fd33::1/128", "::/0"))),
        "vti42",
        MADE_DUAL.but(routes=()),
    ),
    "networks around the peer": (
        VTI.but(pairs=(("10.3.0.1/32", "192.0.0.0/16"), ("10.3.0.1/32", "192.0.3.0/24"))),
        "vti42",
        MADE.but(routes=("192.0.3.0/24",)),
    ),
    "networks around the peer, IPv6": (
        VTI6.but(
            pairs=(("fd33::1/128", "2001:db8::/33"), ("fd33::1/128", "2001:db8:8000::/33")),
            vips=("fd33::1",),
        ),
        "vti42",
        MADE_VTI6.but(addresses=("fd33::1/128",), routes=("2001:db8:8000::/33",)),
    ),
}


def renewed(sa: Sa) -> Sa:
    """Return the SA after a reauthentication: another IKE SA, the same selectors, marks and reqid."""
    return sa.but(uid=sa.uid + 1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "events",
    [
        "up down",
        "up down' ",  # an IKE rekey in between
        "up down up' down'",  # break before make; the peer came back
        "up up' down down'",  # make before break; unique=replace
        "up up' down' down",  # the newer SA goes first
        "up up' down'' down'",  # make before break after an IKE rekey
        "up up' down up'' down' down''",
    ],
)
def test_events(charon: Charon, kind: str, events: str) -> None:
    sa, name, device = KINDS[kind]
    live = 0
    for word in events.split():
        verb, generation = word.rstrip("'"), word.count("'")
        charon.event(verb, sa.but(uid=1 + generation))
        live += 1 if verb == "up" else -1
        assert devices() == ({name: device} if live else {}), word


def run(charon: Charon, steps: t.Iterable[Step]) -> None:
    """Go through steps, each an event and what is there after it."""
    for verb, sa, expected in steps:
        charon.event(verb, sa)
        assert devices() == expected, (verb, sa)


WIDE = VTI.but(pairs=(("10.3.0.1/32", "10.1.0.0/16"), ("10.3.0.1/32", "10.2.0.0/16")))
MADE_WIDE = MADE.but(routes=("10.1.0.0/16", "10.2.0.0/16"))


@pytest.mark.parametrize(
    "narrowed",
    [
        pytest.param((("10.3.0.1/32", "10.1.0.0/16"),), id="first"),
        pytest.param((("10.3.0.1/32", "10.2.0.0/16"),), id="second"),
        pytest.param((("10.3.0.1/32", "10.2.7.0/24"),), id="inside"),
        pytest.param((("10.3.0.1/32", "10.1.7.0/24"), ("10.3.0.1/32", "10.2.7.0/24")), id="both"),
    ],
)
@pytest.mark.parametrize("reqid", [1, 9], ids=["same-reqid", "new-reqid"])
@pytest.mark.parametrize("uid", [1, 9], ids=["same-uid", "new-uid"])
def test_narrowed_by_a_rekey(
    charon: Charon, narrowed: tuple[tuple[str, str], ...], reqid: int, uid: int
) -> None:
    small = WIDE.but(pairs=narrowed, reqid=reqid, uid=uid)
    run(charon, [("up", WIDE, {"vti42": MADE_WIDE}), ("down", small, {})])
    # and beside its successor, which has all selectors again
    new = WIDE.but(uid=20)
    run(
        charon,
        [
            ("up", WIDE.but(uid=11), {"vti42": MADE_WIDE}),
            ("up", new, {"vti42": MADE_WIDE}),
            ("down", small, {"vti42": MADE_WIDE}),
            ("down", new, {}),
        ],
    )


def test_successor_with_fewer_selectors(charon: Charon) -> None:
    small = VTI.but(uid=2)
    run(
        charon,
        [
            ("up", WIDE, {"vti42": MADE_WIDE}),
            ("up", small, {"vti42": MADE_WIDE}),
            ("down", WIDE, {"vti42": MADE}),
            ("down", small, {}),
        ],
    )


def test_unique_marks_make_before_break(charon: Charon) -> None:
    """The endpoints are taken by the device of the same peer, which makes way."""
    new = VTI.but(uid=2, reqid=2, mark=(43, 43))
    run(
        charon,
        [
            ("up", VTI, {"vti42": MADE}),
            ("up", new, {"vti43": MADE.but(keys=(43, 43))}),
            ("down", VTI, {"vti43": MADE.but(keys=(43, 43))}),
            ("down", new, {}),
        ],
    )


def test_unique_marks_break_before_make(charon: Charon) -> None:
    new = VTI.but(uid=2, reqid=2, mark=(43, 43))
    run(
        charon,
        [
            ("up", VTI, {"vti42": MADE}),
            ("down", VTI, {}),
            ("up", new, {"vti43": MADE.but(keys=(43, 43))}),
            ("down", new, {}),
        ],
    )


@pytest.mark.parametrize("events", ["old new", "new old"])
def test_unique_marks_on_a_device_of_one_name(charon: Charon, events: str) -> None:
    charon.arguments = "--device tunnel --mtu 1380"
    old, new = VTI, VTI.but(uid=2, reqid=2, mark=(43, 44))
    made = {"old": MADE.but(mtu=1380), "new": MADE.but(keys=(43, 44), mtu=1380)}
    charon.up(old)
    assert devices() == {"tunnel": made["old"]}
    charon.up(new)
    assert devices() == {"tunnel": made["new"]}
    first, second = events.split()
    charon.down({"old": old, "new": new}[first])
    assert devices() == {"tunnel": made[second]}
    charon.down({"old": old, "new": new}[second])
    assert devices() == {}


@pytest.mark.parametrize("first", ["old", "new"])
def test_unique_if_ids_make_before_break(charon: Charon, first: str) -> None:
    """A device each; the route goes to the newer one, and back if that one ends first."""
    new = XFRM.but(uid=2, reqid=2, if_id=(8, 8))
    made = MADE_XFRM.but(keys=(8, 8))
    charon.up(XFRM)
    charon.up(new)
    assert devices() == {"xfrm7": MADE_XFRM.but(routes=()), "xfrm8": made}
    if first == "old":
        charon.down(XFRM)
        assert devices() == {"xfrm8": made}
        charon.down(new)
    else:
        charon.down(new)
        assert devices() == {"xfrm7": MADE_XFRM}
        charon.down(XFRM)
    assert devices() == {}


def test_if_ids_of_both_directions(charon: Charon) -> None:
    sa = XFRM.but(if_id=(7, 8))
    charon.up(sa)
    incoming = Device("xfrm", (7, 7), None, 1500, addresses=(), routes=())
    assert devices() == {"xfrm7": incoming, "xfrm8": MADE_XFRM.but(keys=(8, 8))}
    charon.down(sa)
    assert devices() == {}
    assert "take two devices" in charon.refused(sa, "--device one")


def test_unique_replace_from_a_new_address(charon: Charon) -> None:
    """The device of a fixed mark moves to the new endpoints."""
    new = VTI.but(uid=2, peer="192.0.2.9")
    made = MADE.but(ends=(ME, "192.0.2.9"))
    run(
        charon,
        [
            ("up", VTI, {"vti42": MADE}),
            ("up", new, {"vti42": made}),
            ("down", VTI, {"vti42": made}),
            ("down", new, {}),
        ],
    )


@pytest.mark.parametrize("kind", KINDS)
def test_moved_in_between(charon: Charon, kind: str) -> None:
    """MOBIKE and NAT rebinding call nothing: endpoints at down are others."""
    sa, name, device = KINDS[kind]
    charon.up(sa)
    assert devices() == {name: device}
    mine, theirs = (
        ("2001:db8::51", "2001:db8::52") if ":" in sa.me else ("192.0.2.51", "192.0.2.52")
    )
    charon.down(sa.but(me=mine, peer=theirs))
    assert devices() == {}


@pytest.mark.parametrize("kind", ["vti", "xfrm"])
def test_clients_share_a_device(charon: Charon, kind: str) -> None:
    """A gateway of many clients: routes come and go with each, the device with the last."""
    arguments = {"vti": "--remote any", "xfrm": ""}[kind]
    charon.arguments = arguments
    base, name, device = KINDS[kind]
    clients = [
        base.but(
            uid=number,
            reqid=number,
            peer_id=f"client {number}",
            peer="192.0.2.77",  # behind one NAT
            vips=(),
            pairs=(("10.1.0.0/16", f"10.3.0.{number}/32"),),
        )
        for number in (1, 2, 3)
    ]
    routes = [f"10.3.0.{number}" for number in (1, 2, 3)]
    device = device.but(addresses=(), ends=device.ends and (ME, "any"))
    for number, client in enumerate(clients, 1):
        charon.up(client)
        assert devices() == {name: device.but(routes=tuple(routes[:number]))}
    charon.up(clients[1].but(uid=9))
    charon.down(clients[1])
    assert devices() == {name: device.but(routes=tuple(routes))}
    charon.down(clients[0])
    assert devices() == {name: device.but(routes=tuple(routes[1:]))}
    charon.down(clients[1].but(uid=10))
    assert devices() == {name: device.but(routes=tuple(routes[2:]))}
    charon.down(clients[2])
    assert devices() == {}


def test_two_children_of_an_ike_sa(charon: Charon) -> None:
    one, two = VTI, VTI.but(child="other", reqid=2, mark=(43, 43), peer="192.0.2.3")
    charon.up(one)
    charon.up(two)
    assert set(devices()) == {"vti42", "vti43"}
    charon.down(one)
    assert set(devices()) == {"vti43"}
    charon.down(two)
    assert devices() == {}


def test_down_of_what_never_came_up(charon: Charon) -> None:
    assert "nothing of it is here" in charon.down(VTI)[0]
    charon.up(VTI)
    charon.down(VTI.but(child="another"))
    assert devices() == {"vti42": MADE}


def test_reqid_in_the_name_changed(charon: Charon) -> None:
    """A rekey that narrows the selectors gives another reqid."""
    charon.arguments = "--device r%r"
    charon.up(WIDE)
    assert set(devices()) == {"r1"}
    charon.down(WIDE.but(reqid=2, pairs=WIDE.pairs[:1]))
    assert devices() == {}


@pytest.mark.parametrize("kind", KINDS)
def test_charon_was_killed(charon: Charon, kind: str) -> None:
    """Another charon starts from nothing: numbers begin at 1 again, devices are made anew."""
    sa, name, device = KINDS[kind]
    charon.up(sa)
    charon.up(renewed(sa))
    charon.restart()
    charon.up(sa)
    assert devices() == {name: device}
    charon.down(sa)
    assert devices() == {}


def test_charon_was_killed_and_another_child_is_first(charon: Charon) -> None:
    charon.up(VTI)
    charon.restart()
    charon.up(XFRM.but(child="other", pairs=(("10.3.0.1/32", "10.9.0.0/16"),)))
    assert devices() == {"xfrm7": MADE_XFRM.but(routes=("10.9.0.0/16",))}
    charon.restart()
    charon.down(VTI)
    assert devices() == {}


def test_repeated_many_times(charon: Charon) -> None:
    """The journal of a device that lives on does not grow without end."""
    charon.up(VTI)
    for uid in range(2, 90):
        charon.up(VTI.but(uid=uid))
        charon.down(VTI.but(uid=uid - 1))
    assert devices() == {"vti42": MADE}
    assert (charon.state / "d.vti42").stat().st_size < 60_000
    charon.down(VTI.but(uid=89))
    assert devices() == {}
