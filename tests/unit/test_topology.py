# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a site to a host's tunnels, routes, connections and secrets: what each option does."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.expand import topology
from ansible_collections.ipsec.strongswan.tests.support import sites

NAMES = ("mars", "moon", "sun", "venus")
KNOWN = sites.hosts(*NAMES)  # mars has 192.0.2.1 and 10.1.0.0/24, and so on
MESH = sites.mesh(KNOWN)
HUB = sites.hub(KNOWN, ["moon"])
TWO = sites.hub(KNOWN, ["sun", "moon"])
PAIRS = {**MESH, "topology": "pairs", "members": None, "pairs": [["moon", "sun"]]}
Result = dict[str, list[dict[str, Any]]]


def at(host: str, site: dict[str, Any] | None = None, **changes: Any) -> Result:
    """Return what a host has (in MESH), with changed variables of hosts; the modules take all of it."""
    known = {name: {**values, **changes.get(name, {})} for name, values in KNOWN.items()}
    result = topology(site or MESH, host, known)
    sites.parse(result)
    return result


def to(peer: str, result: Result) -> dict[str, dict[str, Any]]:
    """Return tunnel, connection, child and secret of a host to a peer."""
    found = next(one for one in result["peers"] if one["name"] == peer)
    tunnel = next(one for one in result["tunnels"] if one["name"] == found["device"])
    name = found["connection"]
    connection = next(one for one in result["connections"] if one["name"] == name)
    secret = next((one for one in result["secrets"] if one["name"] == name), {})
    child = connection["children"][0]
    return {"tunnel": tunnel, "connection": connection, "child": child, "secret": secret}


def pair(**options: Any) -> dict[str, Any]:
    """Return the mesh with something else for moon and sun."""
    return {**MESH, "pairs": [{"between": ["sun", "moon"], **options}]}


PEERS = [
    (MESH, "moon", ["mars", "sun", "venus"]),
    (HUB, "moon", ["mars", "sun", "venus"]),
    (HUB, "mars", ["moon"]),
    (TWO, "mars", ["sun", "moon"]),
    (TWO, "moon", ["sun", "mars", "venus"]),
    (PAIRS, "moon", ["sun"]),
    ({**PAIRS, "members": list(NAMES)}, "mars", []),
    (pair(exclude=True), "moon", ["mars", "venus"]),
]


@pytest.mark.parametrize(("site", "host", "expected"), PEERS)
def test_peers(site: dict[str, Any], host: str, expected: list[str]) -> None:
    assert [one["name"] for one in at(host, site)["peers"]] == expected


def test_a_pair_as_a_whole() -> None:
    found = to(
        "sun", at("moon", {**PAIRS, "keys": [1000, 1999]}, moon={"number": 1}, sun={"number": 2})
    )
    assert found["tunnel"] == {
        "name": "vpn-sun",
        "kind": "vti",
        "local": "192.0.2.2",
        "remote": "192.0.2.3",
        "key": "1003",
        "mtu": 1400,
        "addresses": ["10.99.0.6/31", "fd00:99::6/127"],
        "description": "to sun",
    }
    assert found["connection"] == {
        "name": "sun",
        "version": 2,
        "local_addrs": ["192.0.2.2"],
        "remote_addrs": ["192.0.2.3"],
        "mobike": False,
        "dpd_delay": "30s",
        "local": [{"auth": "psk", "id": "moon"}],
        "remote": [{"auth": "psk", "id": "sun"}],
        "children": [
            {
                "name": "sun",
                "local_ts": ["0.0.0.0/0", "::/0"],
                "remote_ts": ["0.0.0.0/0", "::/0"],
                "mark_in": "1003",
                "mark_out": "1003",
                "start_action": "trap",
            }
        ],
    }
    assert found["secret"]["ids"] == ["moon", "sun"]


def test_an_allocation_never_changes() -> None:
    # Recorded: other values would make every device of every site anew.
    found = to("sun", at("moon"))["tunnel"]
    assert found["key"] == "1989912487"
    assert found["addresses"] == ["10.99.79.78/31", "fd00:99::d637:3704:6d37:4f4e/127"]


def test_routes_and_guards() -> None:
    site = {**PAIRS, "guards": ["10.0.0.0/8"]}
    found = at("moon", site, moon={"inside_address": ["10.2.0.1"]})["routes"]
    assert found == [
        {"dst": "10.3.0.0/24", "dev": "vpn-sun", "guard": True, "src": "10.2.0.1"},
        {"dst": "fd00:3::/64", "dev": "vpn-sun", "guard": True},
        {"dst": "10.0.0.0/8", "type": "unreachable", "metric": 4278190079},
        {"dst": "10.99.0.0/16", "type": "unreachable", "metric": 4278190079},
        {"dst": "fd00:99::/64", "type": "unreachable", "metric": 4278190079},
    ]


def devices(result: Result) -> dict[str, str]:
    """Return the device of each destination that has one."""
    return {
        one["dst"]: one["dev"] for one in result["routes"] if "dev" in one and "." in one["dst"]
    }


def test_a_hub_leads_to_the_other_spokes() -> None:
    assert devices(at("mars", HUB)) == {
        "10.2.0.0/24": "vpn-moon",
        "10.3.0.0/24": "vpn-moon",
        "10.4.0.0/24": "vpn-moon",
    }
    assert devices(at("moon", HUB))["10.1.0.0/24"] == "vpn-mars"
    assert devices(at("mars", {**HUB, "summary": ["10.0.0.0/8"]})) == {
        "10.2.0.0/24": "vpn-moon",
        "10.0.0.0/8": "vpn-moon",
    }


def test_two_hubs_without_failover_have_metrics() -> None:
    found = at("mars", {**TWO, "failover": False})
    ways = [(one["dev"], one["metric"]) for one in found["routes"] if one["dst"] == "10.4.0.0/24"]
    assert ways == [("vpn-sun", 100), ("vpn-moon", 200)]
    assert to("sun", found)["child"]["start_action"] == "trap"


def test_with_failover_the_hook_has_the_routes() -> None:
    found = at("mars", {**TWO, "metrics": [10, 20], "overlay": ["10.99.0.0/16"]})
    assert all(one["type"] == "unreachable" for one in found["routes"])
    assert {"10.2.0.0/24", "10.3.0.0/24", "10.4.0.0/24"} <= {one["dst"] for one in found["routes"]}
    one = to("moon", found)
    assert one["child"]["updown"] == (
        "/usr/local/lib/strongswan-vti/updown --mode follow --device vpn-moon --metric 20"
        " --route 10.2.0.0/24 --route fd00:2::/64 --route 10.4.0.0/24 --route fd00:4::/64"
    )
    assert (one["child"]["start_action"], one["connection"]["keyingtries"]) == ("start", 0)
    assert to("mars", at("moon", TWO))["child"]["start_action"] == "none"
    assert to("moon", at("sun", TWO))["child"]["start_action"] == "start"
    assert "updown" not in to("moon", at("mars", HUB))["child"]


KINDS = [
    ({}, {}, "vti", "vti"),
    ({"kind": "xfrm"}, {}, "xfrm", "xfrm"),
    ({"kind": "xfrm"}, {"moon": {"tunnel_kind": "vti"}}, "vti", "xfrm"),
    ({}, {"moon": {"tunnel_kind": "xfrm"}}, "xfrm", "vti"),
    (pair(kind="xfrm"), {}, "xfrm", "xfrm"),
    (pair(kind={"sun": "xfrm"}), {"sun": {"tunnel_kind": "vti"}}, "vti", "xfrm"),
    ({"family": "ipv6"}, {}, "vti6", "vti6"),
    ({"family": "ipv6", "kind": "xfrm"}, {}, "xfrm", "xfrm"),
    ({}, {"moon": {"behind_nat": True}}, "xfrm", "xfrm"),
    ({"kind": "vti"}, {"moon": {"public": "203.0.113.2"}}, "vti", "vti"),
]


@pytest.mark.parametrize(("site", "changes", "moon", "sun"), KINDS)
def test_kinds(site: dict[str, Any], changes: dict[str, Any], moon: str, sun: str) -> None:
    """Each end has its own kind; key, addresses and names stay what they are."""
    ends = [
        to(peer, at(host, {**MESH, **site}, **changes))
        for host, peer in (("moon", "sun"), ("sun", "moon"))
    ]
    assert [one["tunnel"]["kind"] for one in ends] == [moon, sun]
    for one in ends:
        xfrm = one["tunnel"]["kind"] == "xfrm"
        assert one["tunnel"]["if_id" if xfrm else "key"] == "1989912487"
        assert one["child"]["if_id_in" if xfrm else "mark_in"] == "1989912487"
        assert ("mark_out" in one["child"]) != xfrm
        assert one["tunnel"]["addresses"][0] in {"10.99.79.78/31", "10.99.79.79/31"}


V4, V6 = {"underlay": "198.51.100.7"}, {"underlay": "2001:db8:7::7"}
UNDERLAYS = [
    ({}, {}, "192.0.2.2", "192.0.2.3"),
    ({"family": "ipv6"}, {}, "2001:db8::2", "2001:db8::3"),
    ({"family": "ipv6"}, {"moon": V4}, "198.51.100.7", "192.0.2.3"),
    ({}, {"moon": V6}, "2001:db8:7::7", "2001:db8::3"),
    (pair(family="ipv6"), {}, "2001:db8::2", "2001:db8::3"),
    (pair(underlay={"sun": "10.255.0.3"}), {}, "192.0.2.2", "10.255.0.3"),
    (pair(underlay={"sun": "fd00::3", "moon": "fd00::2"}), {}, "fd00::2", "fd00::3"),
    ({}, {"sun": {"public": "203.0.113.3"}}, "192.0.2.2", "203.0.113.3"),
]


@pytest.mark.parametrize(("site", "changes", "local", "remote"), UNDERLAYS)
def test_underlays(site: dict[str, Any], changes: dict[str, Any], local: str, remote: str) -> None:
    found = to("sun", at("moon", {**MESH, **site}, **changes))["connection"]
    assert (found["local_addrs"], found["remote_addrs"]) == ([local], [remote])


def test_behind_nat() -> None:
    hidden = {"moon": {"underlay": "192.168.1.2", "behind_nat": True}}
    inside, outside = to("sun", at("moon", **hidden)), to("moon", at("sun", **hidden))
    assert inside["connection"]["remote_addrs"] == ["192.0.2.3"]
    assert outside["connection"]["remote_addrs"] == ["%any"]
    assert (inside["child"]["start_action"], outside["child"]["start_action"]) == ("start", "none")
    assert inside["connection"]["keyingtries"] == 0
    assert inside["secret"]["secret"] == outside["secret"]["secret"]


def test_two_behind_one_nat_with_equal_addresses_are_no_clash() -> None:
    hidden = {"underlay": "192.168.1.2", "behind_nat": True}
    found = at("sun", {**HUB, "hubs": ["sun"]}, moon=hidden, mars=hidden)
    assert [one["kind"] for one in found["tunnels"]] == ["xfrm", "xfrm", "vti"]


def test_default_route() -> None:
    """The tunnel's own packets take the underlay; of an XFRM interface's peer vti_route knows nothing."""
    everything = {"moon": {"networks": ["0.0.0.0/0"]}}
    site = {**HUB, "overlay": ["fd00:99::/64"]}
    found = [one for one in at("mars", site, **everything)["routes"] if "." in one["dst"]]
    assert found[0] == {
        "dst": "0.0.0.0/0",
        "dev": "vpn-moon",
        "guard": True,
        "underlay_exception": True,
    }
    found = at("mars", {**site, "kind": "xfrm"}, **everything)["routes"]
    assert {"dst": "192.0.2.2", "type": "throw", "table": "15700"} in found


def test_authentication() -> None:
    own = to("sun", at("moon", pair(psk="a key of these two, long enough")))
    assert own["secret"]["secret"] == "a key of these two, long enough"
    first, second = (to("sun", at("moon", {**MESH, "psk_generation": n})) for n in ("", "2"))
    assert first["secret"]["secret"] != second["secret"]["secret"]
    assert to("sun", at("moon", pair(psk_generation="2")))["secret"] == second["secret"]
    site = {**MESH, "auth": "pubkey", "cacerts": ["ca.pem"], "master_secret": None}
    found = to("sun", at("moon", site, moon={"certificate": "moon.pem", "ike_id": "m.example.org"}))
    assert found["secret"] == {}
    assert found["connection"]["local"] == [
        {"auth": "pubkey", "id": "m.example.org", "certs": ["moon.pem"]}
    ]
    assert found["connection"]["remote"] == [{"auth": "pubkey", "id": "sun", "cacerts": ["ca.pem"]}]


def test_what_a_pair_has_of_its_own() -> None:
    found = to(
        "sun",
        at(
            "moon",
            pair(
                key="0x2a",
                addresses=["10.98.0.2/31"],
                mtu=1300,
                device={"moon": "vti42"},
                connection={"dpd_delay": "5s"},
                child={"rekey_time": "2h"},
            ),
        ),
    )
    assert found["tunnel"]["name"] == "vti42"
    assert found["tunnel"]["key"] == found["child"]["mark_in"] == "42"
    assert found["tunnel"]["addresses"] == ["10.98.0.2/31", "fd00:99::d637:3704:6d37:4f4e/127"]
    assert found["tunnel"]["mtu"] == 1300
    assert (found["connection"]["dpd_delay"], found["child"]["rekey_time"]) == ("5s", "2h")


def test_members_outside_the_inventory() -> None:
    partner = {"underlay": "203.0.113.77", "networks": ["172.20.0.0/16"], "ike_id": "p.example.net"}
    site = {**MESH, "members": ["moon"], "external": {"partner": partner}}
    inside, outside = to("partner", at("moon", site)), to("moon", at("partner", site))
    assert inside["connection"]["remote"] == [{"auth": "psk", "id": "p.example.net"}]
    assert inside["secret"]["secret"] == outside["secret"]["secret"]
    assert inside["tunnel"]["key"] == outside["tunnel"]["key"]


def test_names_that_do_not_fit() -> None:
    long = "frankfurt-gateway-1.example.org"
    found = topology(
        {**MESH, "members": ["moon", long]}, "moon", {**KNOWN, long: {"underlay": "192.0.2.99"}}
    )
    sites.parse(found)
    assert found["tunnels"][0]["name"] == "vpn-frank-409bf"
    assert found["connections"][0]["name"] == "frankfurt-gateway-1_example_org"


def test_variables_with_a_prefix() -> None:
    known = {name: {"ipsec_underlay": values["underlay"]} for name, values in KNOWN.items()}
    found = topology({**MESH, "prefix": "ipsec_"}, "moon", known)
    assert found["tunnels"][0]["local"] == "192.0.2.2"


SAME = {"number": 7}
ERRORS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"topologie": "mesh"}, {}, "'topologie' does not exist; did you mean topology"),
    ({"topology": "ring"}, {}, "topology 'ring': expected one of pairs, mesh, hub"),
    ({"topology": None}, {}, "topology is missing"),
    ({"members": None}, {}, "members is missing"),
    ({"members": ["moon", "pluto"]}, {}, "host pluto is not in the inventory"),
    ({"members": ["sun", "mars"]}, {}, "host moon is no member"),
    ({"hubs": ["sun"]}, {}, "hubs 'sun': expected none with topology mesh"),
    ({"topology": "hub"}, {}, "expected the names of one or two hosts"),
    ({"pairs": [["moon"]]}, {}, "expected the names of two hosts"),
    ({"pairs": [["moon", "pluto"]]}, {}, "pairs 'pluto'"),
    ({"pairs": [["moon", "sun"], ["sun", "moon"]]}, {}, "in the list twice"),
    (pair(kei=3), {}, "pair sun and moon: option 'kei' does not exist; did you mean key"),
    (pair(key=0), {}, "key '0': expected a number from 1"),
    (pair(addresses=["10.0.0.0/30"]), {}, "expected an IPv4 network /31"),
    (pair(device={"mars": "vti1"}), {}, "expected sun or moon as its keys"),
    (pair(device={"moon": "a/b"}), {}, "expected no '/'"),
    ({"master_secret": "short"}, {}, "master_secret has 5 characters"),
    (
        {"master_secret": ["long enough"] * 4},
        {},
        "master_secret (hidden): expected a text",
    ),
    ({"master_secret": None}, {}, "has no key: give the site a master_secret"),
    ({"overlay": ["10.99.0.1/16"]}, {}, "has host bits set"),
    ({"overlay": ["10.0.0.0/8"]}, {}, "overlaps the overlay"),
    ({"overlay": ["10.99.0.0/31"]}, {}, "room for two pairs"),
    ({"keys": [9, 3]}, {}, "the last number behind the first"),
    ({"guards": ["0.0.0.0/0"]}, {}, "guards: a default route"),
    ({}, {"moon": {"underlay": None}}, "host moon: underlay is missing"),
    ({}, {"moon": {"underlay": "moon.example.org"}}, "expected an address like"),
    ({}, {"moon": {"tunnel_kind": "gre"}}, "tunnel_kind 'gre': expected one of vti, xfrm"),
    ({}, {"sun": {"networks": ["10.2.0.0/24"]}}, "10.2.0.0/24 is behind moon and behind sun"),
    ({}, {"sun": {"underlay": "192.0.2.2"}}, "moon and sun both have the underlay address"),
    (
        {},
        {"moon": V4, "sun": V6},
        "pair moon and sun: moon has 198.51.100.7, sun has 2001:db8:7::7",
    ),
    ({}, {"moon": {"behind_nat": True}, "sun": {"behind_nat": True}}, "neither can reach"),
    ({"kind": "vti"}, {"sun": {"behind_nat": True}}, "a VTI needs one"),
    (
        {"kind": "vti"},
        {"mars": {"public": "203.0.113.1"}, "sun": {"public": "203.0.113.1"}},
        "two VTIs from 192.0.2.2 to 203.0.113.1",
    ),
    ({}, {"mars": SAME, "sun": SAME}, "mars and sun have the same number modulo 1073741824"),
    (
        pair(key=77) | {"pairs": [{"between": ["moon", n], "key": 77} for n in ("sun", "mars")]},
        {},
        "the tunnels of moon to mars and to sun have the same key 77",
    ),
    ({"underlay_mtu": 1300}, {}, "pair mars and moon: underlay MTU 1300: ESP leaves 1214 bytes"),
    (pair(underlay_mtu=100), {}, "underlay_mtu '100': expected a number from 576 to 9000"),
    (
        {"underlay_mtu": 1500, "child": {"ah_proposals": ["sha256"]}},
        {},
        "what AH leaves of it is not known",
    ),
    (pair(device={"moon": "vpn-mars"}), {}, "same device vpn-mars for mars and for sun"),
]


@pytest.mark.parametrize(("site", "changes", "message"), ERRORS)
def test_errors(site: dict[str, Any], changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        at("moon", {**MESH, **site}, **changes)
    assert message in str(caught.value)
    assert sites.MASTER not in str(caught.value)


def test_a_collision_can_be_settled_for_a_pair() -> None:
    """Three hosts with two peers in common: each of these needs another key and other networks."""
    site = {
        **MESH,
        "members": ["mars", "moon", "sun"],
        "pairs": [
            {"between": ["moon", "sun"], "key": 5, "addresses": ["10.98.0.0/31", "fd98::/127"]}
        ],
    }
    found = at("moon", site, mars=SAME, sun=SAME)
    assert len({one["key"] for one in found["peers"]}) == 2


GCM = {"esp_proposals": ["aes256gcm16-x25519"]}
MTUS: list[tuple[dict[str, Any], dict[str, Any], int]] = [  # site, variables of moon, MTU
    ({"underlay_mtu": 1500}, {}, 1422),
    ({"underlay_mtu": 1500, "child": GCM}, {}, 1446),
    ({"underlay_mtu": 1500, "child": GCM, "family": "ipv6"}, {}, 1426),
    ({"underlay_mtu": 1500, "child": GCM, "connection": {"encap": True}}, {}, 1438),
    ({"underlay_mtu": 1500, "child": GCM}, {"behind_nat": True}, 1438),
    ({"underlay_mtu": 1500, "child": GCM}, {"underlay_mtu": 1492}, 1438),
    ({"underlay_mtu": 1500, "child": {**GCM, "mode": "transport"}}, {}, 1466),
    ({"underlay_mtu": 9000, "child": GCM, "mtu": 1500}, {}, 1500),
    ({"underlay_mtu": 1500, "child": GCM, "mtu": 1500}, {}, 1446),
    ({"child": GCM}, {"underlay_mtu": 1492}, 1438),
    ({"mtu": 1380}, {}, 1380),
    ({}, {}, 1400),
]


@pytest.mark.parametrize(("site", "moon", "expected"), MTUS)
def test_the_mtu_is_what_esp_leaves(
    site: dict[str, Any], moon: dict[str, Any], expected: int
) -> None:
    whole = {**MESH, **site}
    assert to("sun", at("moon", whole, moon=moon))["tunnel"]["mtu"] == expected
    assert to("moon", at("sun", whole, moon=moon))["tunnel"]["mtu"] == expected


def test_a_pair_has_an_underlay_of_its_own() -> None:
    site = {**pair(underlay_mtu=1400, child=GCM), "underlay_mtu": 1500}
    assert to("sun", at("moon", site))["tunnel"]["mtu"] == 1346
    assert to("mars", at("moon", site))["tunnel"]["mtu"] == 1422
    assert (
        to("sun", at("moon", {**site, **pair(underlay_mtu=1400, mtu=1300)}))["tunnel"]["mtu"]
        == 1300
    )
