# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every kind of tunnel device has: MTU, addresses, group, description (pure)."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    SCRATCH_GROUPS,
    VTI,
    VTI6,
    XFRM,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.numbers import U32_MAX

MTU_MIN = 68  # ETH_MIN_MTU
MTU_MAX = {
    VTI: 65515,  # IP_MAX_MTU less an IPv4 header (ip_tunnel_change_mtu, net/ipv4/ip_tunnel.c)
    VTI6: 65495,  # IP_MAX_MTU less an IPv6 header (vti6_dev_setup, net/ipv6/ip6_vti.c)
    XFRM: 65535,  # xfrmi_dev_setup, net/xfrm/xfrm_interface_core.c
}
MTU_MIN_IPV6 = 1280  # RFC 8200, section 5: below it the kernel takes IPv6 off the device
DESCRIPTION_MAX = 160  # IFALIASZ is 256, and the mark stands in front


def parse_mtu(
    what: str, value: t.Optional[int], kind: str, addresses: t.Optional[t.Tuple[str, ...]]
) -> t.Optional[int]:
    """Return an MTU in bytes that the kernel takes for this kind.

    :raises InputError: out of range, or too small for an IPv6 address.
    """
    if value is None:
        return None
    if not MTU_MIN <= value <= MTU_MAX[kind]:
        raise InputError(
            f"{what}: mtu {value}: expected {MTU_MIN} to {MTU_MAX[kind]} bytes for kind {kind}"
        )
    if value < MTU_MIN_IPV6 and any(":" in address for address in addresses or ()):
        raise InputError(
            f"{what}: mtu {value} with an IPv6 address: expected {MTU_MIN_IPV6} or more (RFC 8200)"
        )
    return value


def parse_addresses(
    what: str, values: t.Optional[t.Sequence[str]]
) -> t.Optional[t.Tuple[str, ...]]:
    """Return addresses in the form V(10.99.0.1/30) or V(10.99.0.1 peer 10.99.0.2/32).

    :raises InputError: one is wrong or listed twice.
    """
    if values is None:
        return None
    found: t.List[str] = []
    for value in values:
        address = _address(what, value)
        if address in found:
            raise InputError(f"{what}: address {address} is listed twice; keep one")
        found.append(address)
    return tuple(found)


def _address(what: str, value: str) -> str:
    own, separator, peer = value.partition(" peer ")
    try:
        if separator:
            address, interface = ipaddress.ip_address(own.strip()), _interface(peer.strip())
            if address.version == interface.version:
                if address == interface.ip:  # the kernel keeps no peer that is the address itself
                    return str(interface)
                return f"{address} peer {interface}"
        else:
            return _plain(own.strip())
    except ValueError:
        pass
    raise InputError(
        f"{what}: address '{value}': expected an address with its prefix length, like"
        " 10.99.0.1/30 or fd99::1/64, or with a peer, like 10.99.0.1 peer 10.99.0.2/32"
    )


def _plain(text: str) -> str:
    """Return an address and its prefix length; the usual form without the cost of a network."""
    own, _slash, length = text.partition("/")
    if length.isascii() and length.isdigit():
        address = ipaddress.ip_address(own)
        if int(length) <= address.max_prefixlen:
            return f"{address}/{int(length)}"
    return str(_interface(text))


def _interface(text: str) -> t.Union[ipaddress.IPv4Interface, ipaddress.IPv6Interface]:
    if "/" not in text:
        raise ValueError(text)
    return ipaddress.ip_interface(text)


def parse_group(what: str, value: t.Optional[int]) -> t.Optional[int]:
    """Return the number of a link group.

    :raises InputError: outside 0 to 4294967295, or one of those that this collection works with.
    """
    if value is None or (0 <= value <= U32_MAX and value not in SCRATCH_GROUPS):
        return value
    raise InputError(
        f"{what}: group {value}: expected 0 to {U32_MAX}, other than"
        f" {' and '.join(str(group) for group in sorted(SCRATCH_GROUPS))}, which mark devices"
        " that are being made or removed"
    )


def parse_description(what: str, value: t.Optional[str]) -> t.Optional[str]:
    """Return a description that fits into C(ifalias) behind the mark.

    :raises InputError: too long, or not printable.
    """
    if not value:
        return value
    text = value.strip(" ;")
    if not text.isprintable() or len(text.encode()) > DESCRIPTION_MAX:
        raise InputError(
            f"{what}: description '{value}': expected one line of printable characters,"
            f" up to {DESCRIPTION_MAX} bytes, and it has {len(text.encode())}"
        )
    return text
