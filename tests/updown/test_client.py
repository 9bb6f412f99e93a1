# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Events on a client with virtual addresses, the seed's case."""

from __future__ import annotations

import pytest

from ansible_collections.ipsec.strongswan.tests.updown.expect import Rules
from ansible_collections.ipsec.strongswan.tests.updown.host import settle
from ansible_collections.ipsec.strongswan.tests.updown.row import Row

ABOUT = "client"
XFRM = {"if_id_in": "7", "if_id_out": "7"}


def test_establish(row: Row) -> None:
    """Up, and down again."""
    row.up()
    row.check()
    row.gone()


def test_ipv6_inside(row: Row) -> None:
    """IPv6 in the tunnel, up and down."""
    row.families = (4, 6)
    row.up()
    row.check()
    row.gone()


def test_child_rekey(row: Row) -> None:
    """Rekey of the CHILD SA."""
    row.up()
    row.rekey_child()
    row.check()
    row.gone()


def test_ike_rekey(row: Row) -> None:
    """Rekey of the IKE SA."""
    row.up()
    row.rekey_ike()
    row.check()
    row.gone()


@pytest.mark.parametrize("kind", ["vti", "xfrm"])
@pytest.mark.parametrize("order", ["break before make", "make before break"])
def test_reauthentication(row: Row, order: str, kind: str) -> None:
    """Reauthentication."""
    row.client.make_before_break = order == "make before break"
    row.gateway_up()
    row.client_up(row.client, XFRM if kind == "xfrm" else None)
    row.reauthenticate()
    row.check()
    row.gone()


@pytest.mark.parametrize("order", ["break before make", "make before break"])
@pytest.mark.parametrize(
    "which", ["mark %unique", "mark %unique-dir", "if_id %unique", "if_id %unique-dir"]
)
def test_unique(row: Row, which: str, order: str) -> None:
    """Numbers that charon gives: rekey, reauthentication."""
    row.client.make_before_break = order == "make before break"
    what, number = which.split()
    row.gateway_up()
    row.client_up(row.client, {f"{what}_in": number, f"{what}_out": number})
    row.check()
    row.rekey_child()
    row.rekey_ike()
    row.check()
    row.reauthenticate()
    row.check()
    row.gone()


def test_selectors_narrowed(row: Row) -> None:
    """Selectors narrowed by the gateway: rekeys, then the next authentication."""
    wide, narrow = ["10.2.0.0/24", "10.4.0.0/24", "fd02::/64"], ["10.2.0.0/24", "fd02::/64"]
    row.arguments["client"] = ""
    row.rules["client"] = Rules(families=row.families)
    row.client.make_before_break = True
    row.gateway_up()
    row.client_up(row.client, {"mark_in": "2", "mark_out": "2", "remote_ts": wide})
    row.check()
    child = row.child(row.gateway, mark_in="42", mark_out="42", local_ts=narrow)
    row.gateway.load("gw", row.connection(row.gateway, {"net": child}))
    for node in (row.client, row.gateway):  # a live SA keeps its selectors, whoever begins
        row.rekey_child(by=node)
        row.check()
    row.rekey_ike()
    row.check()
    row.reauthenticate()
    assert {ts for _ike, one in row.client.children() for ts in one["remote-ts"]} == set(narrow)
    row.check()
    row.gone()


def test_selector_pairs(row: Row) -> None:
    """Several selector pairs."""
    row.arguments["client"] = ""
    row.rules["client"] = Rules(families=row.families)
    remote = ["10.2.0.0/24", "10.4.0.0/24", "fd02::/64", "fd44::/64"]
    row.gateway_up()
    row.client_up(row.client, {"mark_in": "2", "mark_out": "2", "remote_ts": remote})
    row.check()
    row.rekey_ike()
    row.reauthenticate()
    row.check()
    row.gone()


def test_host_verbs(row: Row) -> None:
    """Selectors that are the hosts themselves (up-host)."""
    row.arguments["client"] = ""
    row.rules["client"] = Rules(families=row.families)
    hosts = {"local_ts": ["dynamic"], "remote_ts": ["dynamic"]}
    row.gateway_up({"mark_in": "42", "mark_out": "42", **hosts}, pools=[])
    row.client_up(row.client, {"mark_in": "2", "mark_out": "2", **hosts}, vips=[])
    assert row.client.verbs() == ["up-host"]
    row.families = ()  # no route leads through the tunnel: it would take the tunnel's own packets
    row.check()
    row.gone()


def test_no_marks(row: Row) -> None:
    """An SA without marks and if_ids."""
    row.gateway_up()
    row.client_up(row.client, {"local_ts": ["dynamic"]})
    row.must_say("refused")
    assert not row.about_devices(), "a device that no SA belongs to"
    row.check(flows=False, devices=False)


def test_ipv6_underlay(row: Row) -> None:
    """IPv6 underlay."""
    four, six = (row.gateway.addresses[number] for number in (0, 1))
    row.families = (4, 6)
    row.gateway_up(local_addrs=[four, six])
    row.client_up(row.client, local_addrs=[row.client.addresses[1]], remote_addrs=[six])
    row.check()
    row.reauthenticate()
    row.check()
    row.gone()


def test_xfrm(row: Row) -> None:
    """An XFRM device: rekeys."""
    row.gateway_up({"if_id_in": "42", "if_id_out": "42"})
    row.client_up(row.client, XFRM)
    row.check()
    row.rekey_child()
    row.rekey_ike()
    row.check()
    row.gone()


@pytest.mark.parametrize("which", ["one VTI", "one XFRM device", "a device each"])
def test_children(row: Row, which: str) -> None:
    """Two children."""
    numbers = {
        "one VTI": ({"mark_in": "2", "mark_out": "2"},) * 2,
        "one XFRM device": (XFRM,) * 2,
        "a device each": (XFRM, {"if_id_in": "8", "if_id_out": "8"}),
    }[which]
    row.arguments["client"] = ""
    row.rules["client"] = Rules(families=row.families)
    row.start(row.gateway, row.client)
    row.gateway_up({"if_id_in": "42", "if_id_out": "42"})
    networks = (["10.2.0.0/24", "fd02::/64"], ["10.4.0.0/24", "fd44::/64"])
    for node, kinds in (
        (row.gateway, [{"if_id_in": "42", "if_id_out": "42", "local_ts": one} for one in networks]),
        (row.client, [{**n, "remote_ts": one} for n, one in zip(numbers, networks, strict=True)]),
    ):
        names = ("net", "net2")
        children = {name: row.child(node, **own) for name, own in zip(names, kinds, strict=True)}
        node.load("gw" if node is row.gateway else "rw", row.connection(node, children))
    for name in ("net", "net2"):
        row.client.initiate(name)
    settle(row.client, row.gateway)
    row.check()
    row.client.terminate(child="net2")
    settle(row.client, row.gateway)
    row.check()
    row.client.initiate("net2")
    row.reauthenticate()
    row.check()
    row.gone()


def test_stop(row: Row) -> None:
    """Stop of the daemon."""
    row.up()
    row.client.stop()
    row.client.clean()
    row.check(flows=False)


@pytest.mark.parametrize("unit", ["by its unit", "by starter, which clears nothing"])
def test_killed(row: Row, unit: str) -> None:
    """charon killed with -9, and started again."""
    row.up()
    row.client.kill()
    row.check(flows=False, nodes=[], devices=False) if row.column == "seed" else None
    if unit == "by its unit":
        row.client.clean()
        if row.column == "ours":
            row.check(flows=False, nodes=[row.client])
            assert not row.client.xfrm_leftovers(), row.client.xfrm_leftovers()
    row.client_up(row.client)
    row.check()
    row.reauthenticate()
    row.check()
    row.gone()


@pytest.mark.parametrize("which", ["client", "gateway"])
def test_host_reset(row: Row, which: str) -> None:
    """Reset and reboot of a host, which the peer does not notice."""
    row.up()
    if which == "client":
        row.client.reset()
    else:
        row.gateway.reset()
        row.gateway_up()
        row.client.terminate(ike="rw")
    row.client_up(row.client)
    row.check()
    row.reauthenticate()
    row.check()
    row.gone()


@pytest.mark.parametrize("at", ["up", "down"])
@pytest.mark.parametrize("after", [0.002, 0.01, 0.02, 0.04])
def test_hook_killed(row: Row, at: str, after: float) -> None:
    """The hook killed with -9 in mid-run; then the next events."""
    row.gateway_up()
    if at == "up":
        with row.client.killing(after):
            row.client_up(row.client)
        row.client.terminate(ike="rw")
        settle(row.client, row.gateway)
    else:
        row.client_up(row.client)
        with row.client.killing(after):
            row.client.terminate(ike="rw")
            settle(row.client, row.gateway)
    row.leaks_only()
    row.client.initiate("net")
    settle(row.client, row.gateway)
    row.check()
    row.gone()


def _move(row: Row, where: str) -> None:
    if where == "to IPv6":
        row.move_client_to_ipv6()
    else:
        row.move_client()


@pytest.mark.parametrize("where", ["to another address", "to IPv6"])
def test_mobike_vti(row: Row, where: str) -> None:
    """MOBIKE: the client moves (VTI), then it authenticates anew, or goes."""
    if where != "to IPv6":
        row.stay_on_ipv4()
    row.gateway_up()
    row.client_up(row.client, local_addrs=["%any"])
    _move(row, where)
    row.check(flows=False, devices=False)  # fails closed: nothing calls the hook
    if where != "to IPv6":  # the gateway's name of the connection is an IPv4 address
        row.reauthenticate()
        row.check()
    row.gone()


@pytest.mark.parametrize("where", ["to another address", "to IPv6"])
def test_mobike_xfrm(row: Row, where: str) -> None:
    """MOBIKE: the client moves (XFRM)."""
    if where != "to IPv6":
        row.stay_on_ipv4()
    row.gateway_up({"if_id_in": "42", "if_id_out": "42"})
    row.client_up(row.client, XFRM, local_addrs=["%any"])
    _move(row, where)
    row.check()
    row.gone()


def test_leftover(row: Row) -> None:
    """A device of the hook's from before, with another key."""
    row.start(row.gateway, row.client)
    name = {"ours": "vti2", "seed": "vti1"}[row.column]
    row.client.ip(
        f"link add {name} type vti local 10.77.1.2 remote 10.77.9.2 key 9",
        f"link set {name} alias ipsec.strongswan:updown",
        f"link set {name} up",
        f"addr add 10.3.0.9/32 dev {name}",
    )
    row.up()
    row.check()
    row.gone()


def test_foreign(row: Row) -> None:
    """Somebody else's device of that name."""
    name = {"ours": "vti2", "seed": "vti1"}[row.column]
    row.client.ip(
        f"link add {name} type vti local 10.77.1.2 remote 192.0.2.99 key 9",
        f"link set {name} up",
        f"addr add 192.0.2.1/32 dev {name}",
    )
    row.start(row.client)
    row.up()
    row.must_say("refused", name)
    row.check(flows=False, devices=False)
    row.client.terminate(ike="rw")
    settle(row.client, row.gateway)
    row.check(flows=False)


def test_run_full(row: Row) -> None:
    """No space left below /run."""
    row.start(row.client)
    row.client.inside(
        "mount -t tmpfs -o size=4k,nr_inodes=3 none /run/strongswan-vti;"
        "dd if=/dev/zero of=/run/strongswan-vti/full bs=4k count=1 2>/dev/null"
    )
    row.up()
    row.must_say("failed", "space")
    if row.column == "ours":
        assert not row.about_devices()
        row.check(flows=False, devices=False)
    else:
        row.check()
    row.client.terminate(ike="rw")
    settle(row.client, row.gateway)
    row.check(flows=False)
    row.client.inside("umount /run/strongswan-vti")
    row.client.initiate("net")
    settle(row.client, row.gateway)
    row.check()
    row.gone()


def test_ip_fails(row: Row) -> None:
    """`ip` fails."""
    row.start(row.client)
    row.client.break_ip()
    row.up()
    row.must_say("failed", "No buffer space")
    row.check(flows=False, devices=False)
    row.client.terminate(ike="rw")
    settle(row.client, row.gateway)
    row.check(flows=False)
    row.client.mend_ip()
    row.client.initiate("net")
    settle(row.client, row.gateway)
    row.check()
    row.client.break_ip()
    row.client.terminate(ike="rw")
    settle(row.client, row.gateway)
    row.client.mend_ip()
    row.client.initiate("net")
    settle(row.client, row.gateway)
    row.check()
    row.gone()


def test_route_taken(row: Row) -> None:
    """Somebody else's route of that destination."""
    row.client.ip("link add dummy0 type dummy", "link set dummy0 up")
    row.client.ip("route add 10.2.0.0/24 dev dummy0")
    row.start(row.client)
    row.up()
    row.must_say("failed", "10.2.0.0/24")
    if row.column == "seed":  # it knows one call, which failed
        assert not row.about_devices(), "a device without its route"
    else:  # the IPv4 call is undone; that of IPv6 made a device, with all addresses of the SA
        assert not row.client.show("-4 -N route show dev vti2 proto 158")
    row.leaks_only()
    row.client.terminate(ike="rw")
    settle(row.client, row.gateway)
    row.check(flows=False)
