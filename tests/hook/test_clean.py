# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(updown --clean): what the hook made goes, and what a killed charon left in the kernel for it."""

from __future__ import annotations

import pytest

from ansible_collections.ipsec.strongswan.tests.hook.charon import ALIAS, ME, PEER, Charon, devices
from ansible_collections.ipsec.strongswan.tests.hook.test_events import DUAL, MADE, VTI, VTI6, XFRM
from ansible_collections.ipsec.strongswan.tests.support import shell

KEYS = f"auth-trunc hmac(sha256) 0x{'5e' * 32} 128 enc cbc(aes) 0x{'a5' * 16}"
ENDS = {"out": (ME, PEER), "in": (PEER, ME), "fwd": (PEER, ME)}


def install(reqid: int, words: str, *, inbound: str | None = None) -> None:
    """Install SAs and policies as charon does: an inbound SA need not have the mark."""
    inbound = words if inbound is None else inbound
    lines = []
    for number, (direction, (source, destination)) in enumerate(ENDS.items()):
        nets = ("10.3.0.1/32", f"10.{reqid}.0.0/16")
        one, two = nets if direction == "out" else nets[::-1]
        lines.append(
            f"xfrm policy add src {one} dst {two} dir {direction} {words} priority 7"
            f" tmpl src {source} dst {destination} proto esp reqid {reqid} mode tunnel"
        )
        if direction != "fwd":
            lines.append(
                f"xfrm state add src {source} dst {destination} proto esp spi {reqid * 16 + number}"
                f" reqid {reqid} mode tunnel {words if direction == 'out' else inbound} {KEYS}"
            )
    shell.ip_batch(*lines)


def left() -> tuple[list[str], list[str]]:
    """Return the reqids of the SAs and of the policies that are there."""
    found = []
    for what in ("state list nokeys", "policy list nosock"):
        words = shell.run(f"ip xfrm {what}").split()
        found.append([words[n + 1] for n, word in enumerate(words) if word == "reqid"])
    return found[0], found[1]


def test_nothing(charon: Charon) -> None:
    for _again in range(2):
        answer = charon.clean()
        assert (answer.code, answer.output) == (0, "")
    assert not charon.state.exists()


def test_after_a_crash(charon: Charon) -> None:
    foreign = f"link add foreign type vti local {ME} remote 192.0.2.99 ikey 99 okey 99"
    shell.ip_batch(foreign, "link set foreign up", "route add 10.98.0.0/24 dev foreign")
    charon.up(DUAL)
    charon.up(XFRM.but(child="x", pairs=(("10.3.0.1/32", "10.8.0.0/16"),)))
    charon.up(VTI6.but(child="six", mark=(6, 6), pairs=(("10.3.0.1/32", "10.9.0.0/16"),)))
    install(1, "mark 42 mask 0xffffffff", inbound="")
    install(2, "if_id 7")
    install(3, "mark 6 mask 0xff")
    install(4, "mark 99 mask 0xffffffff")
    install(5, "")
    install(6, "if_id 8")
    charon.restart()
    answer = charon.clean()
    assert answer.code == 0
    assert answer.output == "updown: removed 3 devices, 15 kernel SAs and policies\n"
    assert devices() == {}
    states, policies = left()
    assert sorted(states) == ["4", "4", "5", "5", "6", "6"]
    assert sorted(policies) == ["4"] * 3 + ["5"] * 3 + ["6"] * 3
    assert "foreign" in shell.run("ip route show 10.98.0.0/24")
    assert list(charon.state.glob("*")) == []
    charon.up(VTI)
    assert devices() == {"vti42": MADE}


@pytest.mark.parametrize("lost", ["state", "devices"])
def test_a_part_is_lost(charon: Charon, lost: str) -> None:
    """Devices tell their keys when the state is gone, the state tells them when devices are."""
    charon.up(VTI)
    install(1, "mark 42 mask 0xffffffff", inbound="")
    if lost == "state":
        for file in charon.state.glob("*"):
            file.unlink()
    else:
        shell.ip_batch("link del dev vti42")
    assert charon.clean().code == 0
    assert devices() == {}
    assert left() == ([], [])


def test_stray_routes(charon: Charon) -> None:
    shell.ip_batch(
        "route add 10.98.0.0/24 dev eth0 proto 158",
        "route add fd98::/64 dev eth0 proto 158 table 77",
        "route add 10.97.0.0/24 dev eth0 proto 157",
    )
    charon.clean()
    assert shell.routes("table all proto 158") == []
    assert shell.ip_json("-N -6 route show table all proto 158") == []
    assert [route["dst"] for route in shell.routes("proto 157")] == ["10.97.0.0/24"]


def test_a_description_follows_the_mark(charon: Charon) -> None:
    shell.ip_batch(
        "link add one type xfrm if_id 1",
        "link add two type xfrm if_id 2",
        f"link set dev two alias {ALIAS}x",
    )
    shell.ip_batch(f"link set dev one alias {ALIAS}")
    charon.clean()
    assert {one["ifname"] for one in shell.ip_json("link show type xfrm")} == {"two"}


def test_no_key_is_shown(charon: Charon) -> None:
    """Keys of SAs are in no output, and in no process's arguments."""
    charon.up(VTI)
    install(1, "mark 42 mask 0xffffffff")
    assert "5e5e" not in charon.clean().output


def test_an_end_that_got_lost(charon: Charon) -> None:
    """A hook killed at its start leaves no trace: the kernel's SAs tell, when the next SA ends."""
    charon.up(VTI)
    charon.up(VTI.but(uid=3))
    install(1, "mark 42 mask 0xffffffff", inbound="")  # of uid 3 only
    charon.down(VTI.but(uid=3))
    assert devices() == {}


def test_no_end_got_lost(charon: Charon) -> None:
    charon.up(VTI)
    charon.up(VTI.but(uid=3))
    install(1, "mark 42 mask 0xffffffff", inbound="")
    shell.ip_batch(
        f"xfrm state add src {ME} dst {PEER} proto esp spi 77 reqid 1 mode tunnel mark 42 {KEYS}",
        f"xfrm state add src {PEER} dst {ME} proto esp spi 78 reqid 1 mode tunnel {KEYS}",
    )
    charon.down(VTI.but(uid=3))
    assert devices() == {"vti42": MADE}
    charon.down(VTI)
    assert devices() == {}
