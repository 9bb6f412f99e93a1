# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the updown hook has made on a host."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from testinfra.host import Host

_MARK = "ipsec.strongswan:updown"
_PROTOCOL = "158"


@dataclass(frozen=True)
class Made:
    """Kinds of its devices by their names, their addresses, and devices of its routes by destination.

    Host routes are given without their prefix length.
    """

    devices: dict[str, str]
    addresses: frozenset[str]
    routes: dict[str, str]


def made_by_hook(host: Host) -> Made:
    """Return what bears the hook's mark or its routing protocol."""
    links = [
        link
        for link in _ip(host, "-details address show")
        if link.get("ifalias", "").startswith(_MARK)
    ]
    routes = [
        route
        for family in ("-4", "-6")
        for route in _ip(host, f"{family} route show table all proto {_PROTOCOL}")
    ]
    return Made(
        devices={link["ifname"]: link["linkinfo"]["info_kind"] for link in links},
        addresses=frozenset(
            address["local"]
            for link in links
            for address in link["addr_info"]
            if address["scope"] == "global"
        ),
        routes={route["dst"]: route["dev"] for route in routes},
    )


def _ip(host: Host, words: str) -> list[dict[str, Any]]:
    printed = host.check_output(f"ip -json {words}")
    return [one for one in json.loads(printed or "[]") if one]
