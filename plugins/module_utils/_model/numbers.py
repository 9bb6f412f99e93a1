# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Numbers as the kernel and the tools around it write them (pure)."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError

U32_MAX = 2**32 - 1


def parse_u32(text: t.Union[str, int]) -> int:
    """Return a 32 bit number given in decimal, hexadecimal (V(0x2a)) or dotted (V(0.0.0.42)).

    The dotted form is how C(ip) prints keys.

    :raises ValueError: it is no such number.
    """
    text = str(text).strip()
    if text.count(".") == 3:
        return int(ipaddress.IPv4Address(text))
    number = int(text, 16) if text.lower().startswith("0x") else int(text, 10)
    if not 0 <= number <= U32_MAX:
        raise ValueError(f"{text} is outside 0 to {U32_MAX}")
    return number


def parse_key(owner: str, option: str, text: t.Union[str, int]) -> int:
    """Return the key of a VTI: 1 to 4294967295; 0 is no key (net/ipv4/ip_vti.c).

    :raises InputError: it is not.
    """
    try:
        number = parse_u32(text)
    except ValueError:
        number = 0
    if number == 0:
        raise InputError(
            f"{owner}: {option} '{text}' is no key: expected a number from 1 to {U32_MAX}"
            " (decimal, 0x hexadecimal or dotted), the mark of the child"
        )
    return number
