# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The addresses of a pool: checked, and as charon counts them (pure).

The rules are those of strongSwan's src/libcharon/attributes/mem_pool.c.
"""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass, field
from functools import cached_property

_HOST_BITS_MAX = 31  # of a larger network charon takes the first 2^31 addresses


@dataclass(frozen=True)
class PoolRange:
    """The addresses that a pool gives to clients: the first one, and how many.

    O(named) is the address that names a network if it is not given to clients; before version 6.0
    charon tells it in the place of the first one.
    """

    base: str
    size: int
    named: str = field(default="", compare=False)

    def is_told_as(self, base: str, size: int) -> bool:
        """Return whether charon tells these addresses so."""
        return size == self.size and base in {self.base, self.named}

    def overlaps(self, other: PoolRange) -> bool:
        """Return whether an address is in both."""
        mine, its = self._span, other._span
        return mine[0] == its[0] and mine[1] < its[2] and its[1] < mine[2]

    @cached_property
    def _span(self) -> t.Tuple[int, int, int]:
        """Family, first address, and the one after the last."""
        base = ipaddress.ip_address(self.base)
        return base.version, int(base), int(base) + self.size

    def __str__(self) -> str:
        return f"{self.size} addresses from {self.base} on"


def parse_pool_range(text: str) -> PoolRange:
    """Return the addresses of V(10.3.0.0/24), V(10.3.0.5/24) or V(10.3.0.10-10.3.0.99).

    Of a network the first and the last address are left out, and those before the given one.

    :raises ValueError: it is no such thing, or has no address to give.
    """
    first, dash, last = text.partition("-")
    try:
        if dash:
            return _range(ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip()))
        return _network(ipaddress.ip_interface(text))
    except _RangeError:
        raise
    except ValueError:
        raise ValueError(
            "expected a network like 10.3.0.0/24 or a range like 10.3.0.10-10.3.0.99"
        ) from None


class _RangeError(ValueError):
    """The notation is right, and the addresses are not."""


Address = t.Union[ipaddress.IPv4Address, ipaddress.IPv6Address]


def _range(first: Address, last: Address) -> PoolRange:
    size = int(last) - int(first) + 1
    if first.version != last.version or size < 1:
        raise _RangeError("expected a first and a last address of one family, the lower one first")
    if int(first) >> 32 != int(last) >> 32:
        raise _RangeError("the range is too large: its ends may differ in the last 32 bits only")
    return PoolRange(str(first), size)


def _network(
    interface: t.Union[ipaddress.IPv4Interface, ipaddress.IPv6Interface],
) -> PoolRange:
    network = interface.network
    bits = min(network.max_prefixlen - network.prefixlen, _HOST_BITS_MAX)
    size = 1 << bits
    skipped = int(interface.ip) & (size - 1)
    base, named = interface.ip, ""
    if size > 2:
        if skipped == 0:
            base, named, skipped = base + 1, str(base), 1
        size -= skipped + 1
    elif skipped:
        size -= 1
    if size < 1:
        raise _RangeError("no address is left to give: the last one of a network is not used")
    return PoolRange(str(base), size, named)


def parse_pool_attribute(text: str) -> str:
    """Return an address or a network that a pool gives as an attribute.

    :raises ValueError: it is neither.
    """
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        raise ValueError("expected an address, or a network like 10.1.0.0/16") from None
    return text
