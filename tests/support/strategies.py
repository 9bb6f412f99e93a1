# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random valid states of a host, by hypothesis: few names and values, so that they collide often.

A state says everything about its objects: what a call leaves out stays as it was, and would differ
between a host that had another state before and one that had none.
"""

from __future__ import annotations

import typing as t

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from .states import INNER, VRFS, Entry, State

LOCALS = {"vti": ("192.0.2.1", "192.0.2.11", "any"), "vti6": ("2001:db8::1", "2001:db8::11", "any")}
REMOTES = {
    "vti": ("198.51.100.2", "198.51.100.3", "any"),
    "vti6": ("2001:db8:51::2", "2001:db8:51::3", "any"),
}
KEYS = ("1", "0x2a", "0.0.1.0", "4294967295")
SOURCES = {4: "192.0.2.1", 6: "2001:db8::1"}
ROUTERS = {4: "192.0.2.254", 6: "2001:db8::254"}  # on the underlay
ANYWHERE = {4: "10.77.0.1", 6: "fd77::1"}  # for onlink
DESTINATIONS = {
    4: ("10.2.0.0/24", "10.3.0.0/16", "10.2.0.1/32"),
    6: ("fd02::/64", "fd03::/48", "fd02::1/128"),
}


def drawn(number: int, start: int) -> list[State]:
    """Draw a number of states, always the same ones for the same start."""
    found: list[State] = []

    @seed(start)
    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(states())
    def collect(state: State) -> None:
        found.append(state)

    collect()
    return found[:number]


def one_of(*values: t.Any) -> st.SearchStrategy[t.Any]:
    """Draw one of the values."""
    return st.sampled_from(values)


@st.composite
def states(draw: st.DrawFn) -> State:
    """Draw a state; what the kernel or the module would refuse in it is left out."""
    numbers = [number for number in range(5) if draw(one_of(True, True, False))]
    tunnels = _without_conflicts([draw(_tunnel(number)) for number in numbers])
    least = draw(one_of(0, 2, 4))
    routes = st.lists(_route(tunnels), min_size=least, max_size=least + 1, unique_by=_identity)
    return State(tunnels, draw(routes))


def _some(values: t.Iterable[t.Any]) -> st.SearchStrategy[list[t.Any]]:
    return st.lists(st.sampled_from(list(values)), unique=True)


# --- tunnels -----------------------------------------------------------------------------------


@st.composite
def _tunnel(draw: st.DrawFn, number: int) -> Entry:
    kind = draw(one_of("vti", "vti6", "xfrm"))
    entry: Entry = {
        "name": f"t{number}",
        "kind": kind,
        "dev": draw(one_of("", "eth0", "eth1")),
        "mtu": draw(one_of(1280, 1400, 1500)),
        "addresses": draw(_addresses(number)),
        "disable_policy": draw(st.booleans()),
        "forwarding": draw(st.booleans()),
        "rp_filter": draw(one_of(0, 1, 2)),
        "master": draw(one_of("", *VRFS)),
        "group": draw(one_of(0, 7)),
        "description": draw(one_of("", "to Berlin", "nach Köln; 2")),
        "target_netns": "",
        "up": draw(one_of(True, True, True, False)),
    }
    entry.update(draw(_xfrm(number) if kind == "xfrm" else _vti(kind)))
    if entry["target_netns"]:
        entry["master"] = ""  # it would have to be of that namespace
    return entry


@st.composite
def _vti(draw: st.DrawFn, kind: str) -> Entry:
    entry: Entry = {
        "local": draw(one_of(*LOCALS[kind])),
        "remote": draw(one_of(*REMOTES[kind])),
        "fwmark": draw(one_of("0", "0x10", "4294967295")),
    }
    if draw(st.booleans()):
        return {**entry, "key": draw(one_of(*KEYS))}
    return {**entry, "ikey": draw(one_of(*KEYS)), "okey": draw(one_of(*KEYS))}


@st.composite
def _xfrm(draw: st.DrawFn, number: int) -> Entry:
    entry: Entry = {"target_netns": draw(one_of("", "", INNER))}
    if draw(one_of(False, False, True)):
        return {**entry, "external": True, "dev": ""}  # the kernel binds it to no device
    # Some numbers are shared, so that an if_id goes from one device to another.
    return {**entry, "if_id": draw(one_of("1", "0x2", str(10 + number), "4294967295"))}


@st.composite
def _addresses(draw: st.DrawFn, number: int) -> list[str]:
    return [
        draw(one_of(*choices))
        for choices in draw(
            _some(
                [
                    (f"10.99.{number}.1/30", f"10.99.{number}.1/24", f"10.99.{number}.5/30"),
                    (f"10.98.{number}.1 peer 10.98.{number}.2/32",),
                    (f"fd99:{number}::1/64", f"fd99:{number}::5/64"),
                    (f"fd98:{number}::1 peer fd98:{number}::2/128",),
                ]
            )
        )
    ]


def _without_conflicts(entries: t.Iterable[Entry]) -> list[Entry]:
    """Leave out what the kernel has no place for beside the entries before."""
    places: set[t.Any] = set()
    kept = []
    for entry in entries:
        place = _place(entry)
        if place is not None and place not in places:
            places.add(place)
            kept.append(entry)
    return kept


def _place(entry: Entry) -> t.Any:
    kind, local, remote = entry["kind"], entry.get("local"), entry.get("remote")
    if kind == "xfrm":
        return "external" if entry.get("external") else int(entry["if_id"], 0)
    if local == remote and (kind == "vti6" or not entry["dev"]):
        return None  # any and any: the kernel's own fallback device
    return (kind, local, remote, entry["dev"] if kind == "vti" else "")


# --- routes ------------------------------------------------------------------------------------


@st.composite
def _route(draw: st.DrawFn, tunnels: t.Sequence[Entry]) -> Entry:
    version = draw(one_of(4, 6))
    through = [one for one in tunnels if one["up"] and not one["target_netns"]]
    entry: Entry = {
        "dst": draw(one_of(*DESTINATIONS[version])),
        "table": draw(one_of("main", "main", "100", "4294967295")),
        "metric": draw(one_of(0, 10, 4278190079)),
    }
    if version == 4:
        entry["tos"] = draw(one_of("0", "0", "0x10"))
    kind = draw(one_of("unicast", "unicast", "special")) if through else "special"
    if kind == "special":
        return {**entry, "type": draw(one_of("blackhole", "unreachable", "prohibit", "throw"))}
    entry.update(draw(_ways(version, through)))
    entry["mtu"] = draw(one_of(0, 1300))
    entry["advmss"] = draw(one_of(0, 1200))
    if entry.get("dev") and "encap" not in entry and entry.get("tos", "0") == "0":
        entry["guard"] = draw(st.booleans())
    if not any(one["master"] for one in through):  # an address of another VRF is none of the host
        entry["src"] = draw(one_of("", SOURCES[version]))
    return entry


@st.composite
def _ways(draw: st.DrawFn, version: int, through: t.Sequence[Entry]) -> Entry:
    """Draw where a unicast route leads."""
    form = draw(one_of("device", "device", "onlink", "router", "nexthops"))
    if form == "router":
        return {"gateway": ROUTERS[version], "dev": draw(one_of("", "eth0"))}
    if form == "nexthops":
        ways = [draw(_hop(version, one)) for one in through[:2]]
        ways.append({"gateway": ROUTERS[version], "dev": "eth0"})
        hops = [{**way, "weight": draw(one_of(1, 7))} for way in ways]
        return {"nexthops": hops} if len(hops) > 1 else hops[0]
    tunnel = draw(st.sampled_from(through))
    if form == "onlink":
        return {"dev": tunnel["name"], "gateway": ANYWHERE[version], "onlink": True}
    entry: Entry = {"dev": tunnel["name"]}
    if tunnel.get("external"):
        entry["encap"] = {"if_id": draw(one_of("7", "0x8")), "dev": draw(one_of("", "eth0"))}
    if version == 4 and draw(st.booleans()):
        entry["scope"] = draw(one_of("link", "global", "host"))
    return entry


@st.composite
def _hop(draw: st.DrawFn, version: int, tunnel: Entry) -> Entry:
    if version == 6 or draw(st.booleans()):
        return {"dev": tunnel["name"], "gateway": ANYWHERE[version], "onlink": True}
    return {"dev": tunnel["name"]}


def _identity(route: Entry) -> t.Any:
    version = 6 if ":" in route["dst"] else 4
    metric = route["metric"] or (1024 if version == 6 else 0)
    return (version, route["table"], route["dst"], int(route.get("tos", "0"), 0), metric)
