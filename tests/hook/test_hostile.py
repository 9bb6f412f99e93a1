# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the peer sends must not reach a shell, C(ip -batch), a file name or the log as it is."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.hook.charon import Charon, devices
from ansible_collections.ipsec.strongswan.tests.hook.test_events import MADE, VTI
from ansible_collections.ipsec.strongswan.tests.support import shell

HOSTILE = (
    "a b",
    "  ",
    "",
    "'",
    '"',
    "`touch /run/strongswan-vti/pwned`",
    "$(touch /run/strongswan-vti/pwned)",
    "${IFS}",
    "; touch /run/strongswan-vti/pwned #",
    "a\nlink del dev eth0\n",
    "\n.\n",
    "x .\nX 1 1 net 1 x .",
    "-rf",
    "--mode",
    "-",
    "*",
    "?",
    "[a-z]*",
    "../../etc/passwd",
    "/",
    "\\",
    "\\n",
    "%s%n",
    "a|b",
    "a+b,c",
    "\u00fc\u20ac",
    "\x01\x7f\x1b[31m",
    "C=CH, O=strongSwan, CN=moon.strongswan.org",
    "x" * 3000,
)


def unharmed(charon: Charon) -> None:
    """Fail if any of the hostile values was carried out."""
    assert not (charon.state.parent / "pwned").exists()
    assert {"eth0", "eth1"} <= {one["ifname"] for one in shell.ip_json("link show")}
    assert {path.name for path in charon.state.glob("*")} <= {
        "charon",
        "pending",
        "said",
        "d.vti42",
        "k.vti42",
    }


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("field", ["peer_id", "child"])
def test_names(charon: Charon, field: str, value: str) -> None:
    """A name may be anything: all works as with any other one."""
    old = VTI.but(**{field: value})
    new = old.but(uid=2)
    for verb, sa, expected in (
        ("up", old, {"vti42": MADE}),
        ("up", new, {"vti42": MADE}),
        ("down", old, {"vti42": MADE}),
        ("down", new, {}),
    ):
        (line,) = charon.event(verb, sa)
        assert line.isprintable()
        assert line.isascii()
        assert len(line) < 200
        assert devices() == expected
        unharmed(charon)


@pytest.mark.parametrize("value", HOSTILE[:-2])
def test_other_identities_are_others(charon: Charon, value: str) -> None:
    """An identity that looks like another one in the journal does not take over its endpoints."""
    charon.up(VTI.but(peer_id=value))
    for other in ("gw", "_s", value + "x", value.replace(" ", "_")):
        if other == value:
            continue
        line = charon.refused(VTI.but(uid=2, mark=(43, 43), peer_id=other))
        assert "for another client" in line
        assert devices() == {"vti42": MADE}


def test_identities_that_one_word_stands_for(charon: Charon) -> None:
    charon.up(VTI.but(peer_id="\u00fc"))
    assert "another client" in charon.refused(VTI.but(uid=2, mark=(43, 43), peer_id="\u00e4"))


FIELDS = (
    "UNIQUEID",
    "REQID",
    "ME",
    "PEER",
    "MY_CLIENT",
    "PEER_CLIENT",
    "MY_PORT",
    "PEER_PROTOCOL",
    "MARK_IN",
    "MARK_OUT",
    "IF_ID_IN",
    "MY_SOURCEIP4_1",
    "MY_SOURCEIP6_1",
    "VERB",
)
VALUES = (
    "1 2",
    "1\nlink del dev eth0",
    "192.0.2.1\nlink del dev eth0",
    "192.0.2.1 dev eth0",
    "10.1.0.0/16\nlink del dev eth0\n",
    "10.1.0.0/16 via 192.0.2.2",
    "$(touch /run/strongswan-vti/pwned)",
    "a[$(touch /run/strongswan-vti/pwned)]",
    "0x2a",
    "-1",
    "4294967296",
    "99999999999999999999",
    "192.0.2.1.1",
    ":::1",
    "fd01::/64;reboot",
)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("field", FIELDS)
def test_values(charon: Charon, field: str, value: str) -> None:
    """A value that is not what it should be is refused, in a line that does not repeat it."""
    environment = VTI.environments("up")[0]
    answer = charon.call({**environment, f"PLUTO_{field}": value})
    unharmed(charon)
    if field in {"MY_PORT", "PEER_PROTOCOL"} and not set(value) - set("0123456789:"):
        return  # only compared, and of harmless letters
    assert answer.code in {1, 2}, answer.output
    assert answer.output.count("\n") == 1
    assert "\nlink del" not in answer.output
    assert devices() == {}
    unharmed(charon)


@pytest.mark.parametrize("name", ["VERB", "ME", "PEER", "MY_CLIENT", "PEER_CLIENT"])
def test_missing(charon: Charon, name: str) -> None:
    environment = VTI.environments("up")[0]
    del environment[f"PLUTO_{name}"]
    answer = charon.call(environment)
    assert answer.code in {1, 2}
    assert answer.output.count("\n") == 1
    assert devices() == {}


@pytest.mark.parametrize("text", ["", "garbage", "\nU 1 net", "\nU 1 net 1 gw x + + ", "\n\n\nK"])
def test_journal_cut_short(charon: Charon, text: str) -> None:
    """A line that a full disk or a crash cut short counts for nothing."""
    charon.up(VTI)
    with (charon.state / "d.vti42").open("a") as file:
        file.write(text)
    charon.up(VTI.but(uid=2))
    charon.down(VTI)
    assert devices() == {"vti42": MADE}
    charon.down(VTI.but(uid=2))
    assert devices() == {}


def test_the_state_is_private(charon: Charon) -> None:
    charon.up(VTI)
    modes: t.Iterable[Path] = [charon.state, *charon.state.glob("*")]
    assert all(path.stat().st_mode & 0o077 == 0 for path in modes)
