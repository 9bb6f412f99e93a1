# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a peer and its traffic are, in swanctl.conf's notation: checked (pure)."""

from __future__ import annotations

import functools
import ipaddress
import re

_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}(?:/(?:3[0-2]|[12]?[0-9]))?\Z")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9.])?\Z")
_SELECTOR = re.compile(r"([^\[\]]+)(?:\[([A-Za-z0-9-]*)(?:/([A-Za-z0-9-]*))?\])?\Z")


@functools.lru_cache(maxsize=1 << 12)
def parse_endpoint(text: str) -> str:
    """Return where a peer may be: address, network, range, host name or V(%any).

    :raises ValueError: it is none of these.
    """
    if text in {"%any", "%any4", "%any6"}:
        return text
    first, dash, last = text.partition("-")
    if dash and _is_address(first) and _is_address(last):
        return text
    if "/" in text or ":" in text or re.fullmatch(r"[\d.]+", text):
        if not _is_network(text.partition("%")[0]):
            raise ValueError("expected an address, a network, a range or a host name")
    elif not _HOST.match(text):
        raise ValueError("expected an address, a network, a range, a host name or %any")
    return text


def parse_virtual_ip(text: str) -> str:
    """Return an address to ask for: V(0.0.0.0) and V(::) leave the choice to the peer.

    :raises ValueError: it is no address.
    """
    if text not in {"%any", "%any4", "%any6"} and not _is_address(text):
        raise ValueError("expected an address; 0.0.0.0 or :: asks for any")
    return text


@functools.lru_cache(maxsize=1 << 12)
def parse_selector(text: str) -> str:
    """Return a traffic selector: network, range or V(dynamic), then maybe V([protocol/port]).

    :raises ValueError: it is none.
    """
    match = _SELECTOR.match(text)
    where = match.group(1) if match else ""
    first, dash, last = where.partition("-")
    good = (
        where == "dynamic"
        or (dash and _is_address(first) and _is_address(last))
        or _is_network(where)
    )
    if not good:
        raise ValueError(
            "expected a network like 10.1.0.0/16, a range like 10.1.0.1-10.1.0.9, or dynamic,"
            " and [protocol/port] after it if wanted"
        )
    return text


@functools.lru_cache(maxsize=4096)
def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


@functools.lru_cache(maxsize=4096)  # a thousand connections name few networks
def _is_network(text: str) -> bool:
    if _IPV4.match(text):  # most are, and ipaddress is slow
        return True
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
