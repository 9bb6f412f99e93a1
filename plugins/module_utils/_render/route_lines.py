# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read routes and rules back from the lines that M(route) and M(rule) write (pure)."""

from __future__ import annotations

import shlex
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.nexthop import sort_hops
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    MAIN,
    TYPES,
    UNICAST,
    Encap,
    FoundRoute,
    NextHop,
    Route,
    RouteIdentity,
    RouteOptions,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.rule import (
    NOTHING_SUPPRESSED,
    Rule,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._render.route import INET6

COMMON = ("table", "proto", "tos", "metric", "scope", "src", "mtu", "advmss", "cwnd")

Words = t.List[str]


def read_lines(text: str) -> t.Tuple[t.List[FoundRoute], t.List[Rule]]:
    """Return the routes and rules of a file; a line that is not ours is passed over."""
    routes: t.List[FoundRoute] = []
    rules: t.List[Rule] = []
    for line in text.splitlines():
        version = 6 if line.startswith(INET6) else 4
        try:
            words = shlex.split(line[len(INET6) :] if version == 6 else line, comments=True)
            if words[:2] in (["route", "add"], ["route", "append"]):
                routes.append(_route(words[2:]))
            elif words[:2] == ["rule", "add"]:
                rules.append(_rule(words[2:], version))
        except (ValueError, IndexError):  # somebody else's, or cut off
            continue
    return routes, rules


def _route(words: Words) -> FoundRoute:
    kind = words.pop(0) if words[0] in TYPES else UNICAST
    dst = words.pop(0)
    common: t.Dict[str, str] = {}
    while words and words[0] in COMMON:
        name = words.pop(0)
        common[name] = words.pop(0)
    parts: t.List[Words] = [[]]
    for one in words:
        if one == "nexthop":
            parts.append([])
        else:
            parts[-1].append(one)
    hops = sort_hops(_hop(part) for part in parts if part)
    version = 6 if ":" in dst else 4
    identity = RouteIdentity(
        version,
        int(common.get("table", str(MAIN))),
        dst,
        int(common.get("tos", "0"), 16),
        int(common.get("metric", "0")),
    )
    options = RouteOptions(
        common.get("src", ""),
        common.get("scope", ""),
        int(common.get("mtu", "0")),
        int(common.get("advmss", "0")),
    )
    route = Route(identity, kind, hops, options)
    return FoundRoute(route, int(common.get("proto", "0")), int(common.get("cwnd", "0")))


def _hop(words: Words) -> NextHop:
    found: t.Dict[str, str] = {}
    onlink = False
    while words:
        name = words.pop(0)
        if name == "onlink":
            onlink = True
        elif name in ("encap", "via"):  # xfrm, or the gateway's family: always there
            words.pop(0)
            if name == "via":
                found["via"] = words.pop(0)
        else:
            found[name] = words.pop(0)
    encap = Encap(int(found["if_id"]), found.get("link_dev", "")) if "if_id" in found else None
    weight = int(found.get("weight", "1"))
    return NextHop(found.get("dev", ""), found.get("via", ""), weight, onlink, encap)


def _rule(words: Words, version: int) -> Rule:
    found = dict(zip(words[::2], words[1::2]))
    return Rule(
        version,
        int(found.get("pref", "0")),
        int(found.get("lookup", "0")),
        found.get("to", ""),
        suppress=int(found.get("suppress_prefixlength", NOTHING_SUPPRESSED)),
        protocol=int(found.get("protocol", "0")),
    )
