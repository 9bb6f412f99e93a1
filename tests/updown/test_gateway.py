# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Events on a gateway that gives addresses to clients: without virtual addresses of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.charon.pair import wait_until
from ansible_collections.ipsec.strongswan.tests.updown.expect import Rules
from ansible_collections.ipsec.strongswan.tests.updown.host import settle
from ansible_collections.ipsec.strongswan.tests.updown.row import Row

ABOUT = "gateway"
XFRM = {"if_id_in": "42", "if_id_out": "42"}
VTI = {"mark_in": "42", "mark_out": "42"}
HARM = Path("/run/harm")  # no identity may bring it into being
HOSTILE = (
    *("two words", "x'; touch /run/harm; '", '"; touch /run/harm; "', "$(touch /run/harm)"),
    *("`touch /run/harm`", "a\nlink del dev lo\n", "\n. /run/harm\n", "--clean", "-h", "%n%s"),
    *("*", "|touch /run/harm", "back\\slash", "_", "a,b=c+d|e", "\x1b[31m\x07", "x" * 250),
)


def test_establish(row: Row) -> None:
    """Up, and down again."""
    row.up()
    row.check()
    row.gone()


def test_initial_contact(row: Row) -> None:
    """The peer crashed and came back (INITIAL_CONTACT)."""
    row.up()
    row.client.kill()
    row.client.clean()
    row.gateway.forget_calls()
    row.client_up(row.client)
    row.check()
    row.gone()


@pytest.mark.parametrize("kind", ["vti", "xfrm"])
def test_replaced(row: Row, kind: str) -> None:
    """unique=replace: the same peer from another address."""
    row.gateway_up(XFRM if kind == "xfrm" else VTI, unique="replace")
    row.client_up(row.client)
    row.client_up(row.other, local={"auth": "psk", "id": "client"}, unique="never")
    settle(row.gateway, row.client, row.other)
    row.check(of=row.other)
    row.other.terminate(ike="rw")
    settle(row.gateway, row.other)
    row.check(of=row.other, flows=False)


def test_dead_peer(row: Row) -> None:
    """The peer died, and DPD finds out."""
    row.gateway_up()
    child = row.child(row.gateway, **VTI)
    row.gateway.load("gw", row.connection(row.gateway, {"net": child}, dpd_delay="1s"))
    row.client_up(row.client)
    row.client.kill()
    row.client.clean()
    wait_until(lambda: not row.gateway.sas(), "the gateway does not miss its peer", 20)
    row.check(flows=False)


def test_nat_own_vti(row: Row) -> None:
    """Two clients behind one NAT, a VTI each: the second is refused."""
    row.site.masquerade()
    row.gateway_up({"mark_in": "%unique", "mark_out": "%unique"})
    row.client_up(row.client)
    row.client_up(row.other)
    row.must_say("failed", "for another client")
    row.check(nodes=[row.client])
    row.check(flows=False, of=row.other, devices=False)
    assert len(row.about_devices()) == 1, row.about_devices()
    row.other.terminate(ike="rw")
    settle(row.gateway, row.other)
    row.check()
    row.gone()


@pytest.mark.parametrize("kind", ["one VTI for all", "one XFRM device for all"])
def test_nat_shared(row: Row, kind: str) -> None:
    """Two clients behind one NAT."""
    row.site.masquerade()
    if kind == "one VTI for all":
        row.arguments["gateway"] = "--remote any --device vti-rw"
        row.rules["gateway"] = Rules(families=row.families, shared=True)
    row.gateway_up(VTI if kind == "one VTI for all" else XFRM)
    row.client_up(row.client)
    row.client_up(row.other)
    row.check()
    row.check(of=row.other)
    row.other.terminate(ike="rw")
    settle(row.gateway, row.other)
    row.check()
    row.check(of=row.other, flows=False)
    row.gone()


@pytest.mark.parametrize("kind", ["vti", "xfrm"])
def test_rebinding(row: Row, kind: str) -> None:
    """The NAT gives the client another address; then the client authenticates anew."""
    row.site.masquerade()
    row.gateway_up(VTI if kind == "vti" else XFRM)
    row.client_up(row.client)
    row.site.rebind()
    row.rekey_ike()  # the gateway learns the address by a packet of IKE
    moved = row.gateway.sas()[0]["remote-host"]
    assert moved == "10.77.9.254", moved
    row.check(flows=kind == "xfrm", devices=kind == "xfrm")  # a VTI fails closed
    row.reauthenticate()
    row.check()
    row.gone()


@pytest.mark.parametrize("kind", ["vti", "xfrm"])
def test_mobike(row: Row, kind: str) -> None:
    """MOBIKE: the client has another address; then it authenticates anew."""
    row.stay_on_ipv4()
    row.gateway_up(VTI if kind == "vti" else XFRM)
    row.client_up(row.client, {"if_id_in": "7", "if_id_out": "7"}, local_addrs=["%any"])
    row.move_client()
    row.check(flows=kind == "xfrm", devices=kind == "xfrm")
    row.reauthenticate()
    row.check()
    row.gone()


def test_unique(row: Row) -> None:
    """Numbers that charon gives to each client: %unique marks, reauthentication."""
    row.client.make_before_break = True
    row.gateway_up({"mark_in": "%unique", "mark_out": "%unique"})
    row.client_up(row.client)
    row.client_up(row.other)
    row.check()
    row.check(of=row.other)
    row.reauthenticate()
    row.check()
    row.check(of=row.other)
    row.gone()


@pytest.mark.parametrize("kind", ["keyid", "fqdn", "rfc822"])
def test_hostile_identities(row: Row, kind: str) -> None:
    """Hostile identities of the peer."""
    row.gateway_up()
    row.start(row.client)
    row.vips = ["10.3.0.1", "fd33::1"]
    for text in HOSTILE:
        identity = f"{kind}:#{text.encode().hex()}"
        row.load_client(row.client, local={"auth": "psk", "id": identity})
        row.client.initiate("net")
        settle(row.client, row.gateway)
        assert not row.problems(row.gateway), (text, row.problems(row.gateway))
        assert "net: vti42" in row.gateway.said()[-1] or row.column == "seed"
        row.client.terminate(ike="rw")
        settle(row.client, row.gateway)
        assert not row.problems(row.gateway), (text, row.problems(row.gateway))
        assert not HARM.exists(), text
    ids = {call.environment["PLUTO_PEER_ID"] for call in row.gateway.calls()}
    assert len(ids) > len(HOSTILE) // 2, ids
    row.check(flows=False)
