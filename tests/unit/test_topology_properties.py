# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every site: numbers are stable, both ends agree, the modules take all of it."""

from __future__ import annotations

import hashlib
import ipaddress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.allocate import check
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.connection import secret
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.end import (
    ALWAYS,
    ON_DEMAND,
    WAIT,
    end_of,
)
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.expand import topology
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.peers import peers_of
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.site import (
    Site,
    parse_site,
)
from ansible_collections.ipsec.strongswan.tests.support import sites

MANY = 500
LABELS = st.from_regex(r"\A[a-z][a-z0-9-]{0,14}(\.[a-z]{1,9}){0,2}\Z")


@st.composite
def names_of_hosts(draw: st.DrawFn, most: int = MANY) -> list[str]:
    """Draw names: numbered ones, as large sites have them, and some of every other form."""
    number = draw(st.just(most) | st.integers(3, most))
    odd = draw(st.sets(LABELS, max_size=min(number, 8)))
    numbered = [f"gw-{position}.example.org" for position in range(number - len(odd))]
    return sorted({*odd, *numbered})


def hosts(names: list[str]) -> sites.Hosts:
    """Return the variables of so many hosts; each value depends on the host's own name only."""
    known: sites.Hosts = {}
    for name in names:
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big")
        underlay = ipaddress.IPv6Address((0x20010DB8 << 96) + number)
        network = ipaddress.IPv6Network(((0xFD01 << 112) + (number << 64), 64))
        known[name] = {"underlay": str(underlay), "networks": [str(network)]}
    return known


def drawn_site(draw: st.DataObject, names: list[str]) -> dict[str, Any]:
    """Draw a mesh, or a site with one or two hubs; with IPv6 inside, where nothing collides."""
    number = draw.draw(st.integers(0, 2), label="hubs")
    overlay = ["fd00:99::/64"]
    if number:
        return sites.hub(hosts(names), names[:number], overlay=overlay)
    return sites.mesh(hosts(names), overlay=overlay)


def without(result: dict[str, list[dict[str, Any]]], name: str) -> dict[str, Any]:
    """Return what a host has without what is between it and one peer."""
    gone = [one for one in result["peers"] if one["name"] == name]
    left = {key: list(value) for key, value in result.items()}
    for peer in gone:
        nets = set(peer["networks"])
        left["peers"].remove(peer)
        left["tunnels"] = [one for one in left["tunnels"] if one["name"] != peer["device"]]
        left["routes"] = [one for one in left["routes"] if one["dst"] not in nets]
        for what in ("connections", "secrets"):
            left[what] = [one for one in left[what] if one["name"] != peer["connection"]]
    return left


@settings(max_examples=10, deadline=None)
@given(names_of_hosts(), st.data())
def test_who_comes_or_goes_changes_nothing_for_others(
    names: list[str], data: st.DataObject
) -> None:
    """In a mesh, and for hubs; a spoke has routes to what other spokes have, unless summarised."""
    site = drawn_site(data, names)
    if site["topology"] == "hub":
        site["summary"] = ["fd01::/16"]
    known = hosts(names)
    hubs = site.get("hubs", [])
    gone = data.draw(st.sampled_from([name for name in names if name not in hubs]), label="gone")
    stays = data.draw(st.sampled_from([name for name in names if name != gone]), label="stays")
    before = topology(site, stays, known)
    after = topology({**site, "members": [n for n in names if n != gone]}, stays, known)
    assert after == without(before, gone)


@settings(max_examples=10, deadline=None)
@given(names_of_hosts(), st.data())
def test_the_order_of_members_does_not_matter(names: list[str], data: st.DataObject) -> None:
    site = drawn_site(data, names)
    host = data.draw(st.sampled_from(names), label="host")
    shuffled = data.draw(st.permutations(names[:20]), label="order") + names[20:]
    known = hosts(names)
    assert topology(site, host, known) == topology({**site, "members": shuffled}, host, known)


@settings(max_examples=10, deadline=None)
@given(names_of_hosts(), st.data())
def test_both_ends_agree(names: list[str], data: st.DataObject) -> None:
    site = parse_site(drawn_site(data, names), hosts(names))
    host = data.draw(st.sampled_from(names), label="host")
    for peer in peers_of(site, host)[:40]:
        assert host in peers_of(site, peer)
        one, other = end_of(site, host, peer), end_of(site, peer, host)
        assert one.key == other.key
        assert (one.local, one.remote) == (other.remote, other.local)
        assert [(theirs, own) for own, theirs in one.inner] == list(other.inner)
        assert {one.start, other.start} in ({ON_DEMAND}, {ALWAYS, WAIT})
        ours, theirs = secret(site, one), secret(site, other)
        assert ours is not None
        assert theirs is not None
        assert (ours["secret"], ours["ids"]) == (theirs["secret"], theirs["ids"][::-1])


@settings(max_examples=5, deadline=None)
@given(names_of_hosts(), st.data())
def test_the_modules_take_all_of_it(names: list[str], data: st.DataObject) -> None:
    site = drawn_site(data, names)
    host = data.draw(st.sampled_from(names), label="host")
    result = topology(site, host, hosts(names))
    parsed = sites.parse(result)
    assert len(parsed["tunnels"]) == len(result["peers"])


def refused(site: Site) -> bool:
    """Return whether the check finds a collision."""
    try:
        check(site)
    except InputError:
        return True
    return False


@settings(max_examples=20, deadline=None)
@given(names_of_hosts(60), st.integers(24, 30), st.integers(3, 200))
def test_no_collision_is_overlooked(names: list[str], length: int, keys: int) -> None:
    """With too little room: either the check names one, or no host has one."""
    description = sites.mesh(hosts(names), overlay=[f"10.99.0.0/{length}"], keys=[1000, 999 + keys])
    site = parse_site(description, hosts(names))
    collides = False
    for host in names:
        ends = [end_of(site, host, peer) for peer in peers_of(site, host)]
        networks = [
            tuple(ipaddress.ip_interface(own).network for own, _peer in one.inner) for one in ends
        ]
        for values in ([one.key for one in ends], networks):
            collides = collides or len(set(values)) < len(values)
    assert refused(site) == collides
