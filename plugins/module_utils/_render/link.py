# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tunnel devices as lines for C(ip -batch) (pure)."""

from __future__ import annotations

import shlex
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    ANY,
    TunnelData,
    VtiData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._render.words import word

SYSCTL = "#sysctl "
"""Starts a line for sysctl(8); to ip it is a comment."""

FAMILIES = {
    "disable_policy": ("ipv4", "ipv6"),
    "forwarding": ("ipv4", "ipv6"),
    "rp_filter": ("ipv4",),
}


def create(name: str, data: TunnelData, mtu: t.Optional[int], group: int) -> str:
    """Return the line that makes a device."""
    # "name" and "dev" before the names: ip takes a short one for an abbreviated keyword.
    words = ["link", "add", "name", word(name)]
    words += ["mtu", str(mtu)] if mtu is not None else []
    words += ["group", str(group)] if group else []
    return " ".join([*words, "type", data.kind, *_data(data)])


def underlay(lines: t.Sequence[str]) -> str:
    """Return the underlay device that the lines of a device name, or V("")."""
    try:
        words = shlex.split(lines[0]) if lines else []
    except ValueError:  # not our line
        words = []
    words = words[words.index("type", 4) :] if "type" in words[4:] else []
    return words[words.index("dev") + 1] if "dev" in words[:-1] else ""


def finish(name: str, alias: str, master: str, up: bool) -> str:
    """Return the line that marks a device, gives it its master, and sets it up."""
    words = ["link", "set", "dev", word(name), "alias", word(alias)]
    words += ["master", word(master)] if master else []
    return " ".join([*words, *(["up"] if up else [])])


def address(name: str, text: str) -> str:
    """Return the line that adds an address, V(10.99.0.1/30) or V(10.99.0.1 peer 10.99.0.2/32)."""
    return f"addr add {text} dev {word(name)}"


def sysctls(name: str, key: str, value: int) -> t.List[str]:
    """Return the lines for sysctl(8), with slashes: a device's name may hold dots."""
    return [f"{SYSCTL}net/{family}/conf/{word(name)}/{key}={value}" for family in FAMILIES[key]]


def _data(data: TunnelData) -> t.List[str]:
    words = ["dev", word(data.dev)] if data.dev else []
    if not isinstance(data, VtiData):
        return [*words, *(["external"] if data.external else ["if_id", str(data.if_id)])]
    unset = ANY[data.kind]
    pairs = (
        ("local", data.local if data.local != unset else ""),
        ("remote", data.remote if data.remote != unset else ""),
        ("ikey", data.ikey),
        ("okey", data.okey),
        ("fwmark", data.fwmark),
    )
    return [*words, *(part for name, value in pairs if value for part in (name, str(value)))]
