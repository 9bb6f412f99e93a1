# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes and rules as lines for C(ip -batch) (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    UNICAST,
    FoundRoute,
    NextHop,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.rule import (
    NOTHING_SUPPRESSED,
    Rule,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._render.words import word

INET6 = "#-6 "
"""Starts a line for C(ip -6 -batch); to ip it is a comment.

ip tells the family of a route by its destination, but takes each rule for IPv4 (iproute.c,
iprule.c of iproute2).
"""


def route(found: FoundRoute) -> str:
    """Return the line that adds a route."""
    one, identity = found.route, found.route.identity
    # An IPv6 route may have others beside it that differ in their next hops only.
    command = "append" if identity.version == 6 and one.type == UNICAST else "add"
    words = ["route", command]
    words += [one.type] if one.type != UNICAST else []
    words += [identity.dst, "table", str(identity.table), "proto", str(found.protocol)]
    options = one.options
    pairs: t.Tuple[t.Tuple[str, t.Union[str, int]], ...] = (
        ("tos", f"0x{identity.tos:02x}" if identity.tos else ""),
        ("metric", identity.metric),
        ("scope", options.scope),
        ("src", options.src),
        ("mtu", options.mtu),
        ("advmss", options.advmss),
        ("cwnd", found.mark),
    )
    words += [part for name, value in pairs if value for part in (name, str(value))]
    if len(one.hops) == 1:
        return " ".join([*words, *_hop(one.hops[0])])
    # ip loses the word that follows an encap (parse_encap_xfrm, iproute_lwtunnel.c of iproute2).
    last = [hop for hop in one.hops if hop.encap is not None]
    if len(last) > 1:
        raise InputError(
            f"{one.object}: several next hops with encap cannot be persisted, as ip reads an encap"
            " at the end of a line only: give the sites routes of their own, or leave persist out"
        )
    for hop in (*(hop for hop in one.hops if hop.encap is None), *last):
        words += ["nexthop", *_hop(hop, weight=True)]
    return " ".join(words)


def _hop(hop: NextHop, weight: bool = False) -> t.List[str]:
    words: t.List[str] = []
    if hop.gateway:
        words += ["via", "inet6" if ":" in hop.gateway else "inet", hop.gateway]
    words += ["dev", word(hop.dev)] if hop.dev else []
    words += ["weight", str(hop.weight)] if weight else []
    words += ["onlink"] if hop.onlink else []
    if hop.encap is not None:
        words += ["encap", "xfrm", "if_id", str(hop.encap.if_id)]
        words += ["link_dev", word(hop.encap.dev)] if hop.encap.dev else []
    return words


def rule(one: Rule) -> str:
    """Return the line that adds a rule."""
    words = ["rule", "add", "pref", str(one.priority)]
    words += ["to", one.dst] if one.dst else []
    words += ["lookup", str(one.table)]
    if one.suppress != NOTHING_SUPPRESSED:
        words += ["suppress_prefixlength", str(one.suppress)]
    line = " ".join([*words, "protocol", str(one.protocol)])
    return f"{INET6}{line}" if one.version == 6 else line
