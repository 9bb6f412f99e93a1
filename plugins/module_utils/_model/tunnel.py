# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tunnel device as the user wants it: parsed and checked (pure)."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.names import (
    check_device_name,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.numbers import parse_key

MTU_MIN, MTU_MAX = 68, 65515  # ETH_MIN_MTU; IP_MAX_MTU less an IPv4 header (ip_tunnel.c)
MTU_MIN_IPV6 = 1280  # RFC 8200, section 5: below it the kernel takes IPv6 off the device


@dataclass(frozen=True)
class Tunnel:
    """A wanted tunnel device; where O(present) is false only O(name) counts.

    O(mtu), O(addresses) and O(disable_policy) are None where they are left as they are.
    """

    name: str
    present: bool = True
    kind: str = "vti"
    local: str = ""
    remote: str = ""
    ikey: int = 0
    okey: int = 0
    dev: str = ""
    mtu: t.Optional[int] = None
    addresses: t.Optional[t.Tuple[str, ...]] = None
    addresses_exclusive: bool = True
    disable_policy: t.Optional[bool] = True
    up: bool = True

    @property
    def object(self) -> str:
        """How messages name it."""
        return f"tunnel {self.name}"


def parse_tunnel(entry: t.Mapping[str, t.Any]) -> Tunnel:
    """Return the tunnel device that an entry wants.

    :raises InputError: a value is missing or wrong.
    """
    name = check_device_name("tunnel", entry["name"])
    if entry["state"] == "absent":
        return Tunnel(name=name, present=False)
    what = f"tunnel {name}"
    local, remote = _endpoints(what, entry)
    ikey, okey = _keys(what, entry)
    addresses = _addresses(what, entry.get("addresses"))
    return Tunnel(
        name=name,
        kind=entry["kind"],
        local=local,
        remote=remote,
        ikey=ikey,
        okey=okey,
        dev=entry.get("dev") or "",
        mtu=_mtu(what, entry.get("mtu"), addresses),
        addresses=addresses,
        addresses_exclusive=entry["addresses_exclusive"],
        disable_policy=entry.get("disable_policy"),
        up=entry["up"],
    )


def check_tunnels(tunnels: t.Sequence[Tunnel]) -> None:
    """Check the entries of a list against each other.

    :raises InputError: two have the same name or the same (local, remote, dev).
    """
    names: t.Set[str] = set()
    pairs: t.Dict[t.Tuple[str, str, str], str] = {}
    for tunnel in tunnels:
        if tunnel.name in names:
            raise InputError(f"{tunnel.object}: it is in the list twice; keep one entry")
        names.add(tunnel.name)
        if not tunnel.present:
            continue
        pair = (tunnel.local, tunnel.remote, tunnel.dev)
        if pair in pairs:
            raise InputError(
                f"{tunnel.object}: local {tunnel.local}, remote {tunnel.remote},"
                f" dev {tunnel.dev or '(none)'} is also that of tunnel {pairs[pair]} in this list;"
                " the kernel holds one VTI for each, whatever the keys"
            )
        pairs[pair] = tunnel.name


def _endpoints(what: str, entry: t.Mapping[str, t.Any]) -> t.Tuple[str, str]:
    found = {}
    for option in ("local", "remote"):
        value = entry.get(option)
        if not value:
            raise InputError(f"{what}: {option} is missing: give the underlay's address")
        try:
            found[option] = ipaddress.ip_address(value)
        except ValueError:
            raise InputError(
                f"{what}: {option} '{value}' is no IP address: expected one like 192.0.2.1"
            ) from None
    local, remote = found["local"], found["remote"]
    if local.version != remote.version:
        raise InputError(
            f"{what}: local {local} is IPv{local.version} and remote {remote} is"
            f" IPv{remote.version}: expected both of one family"
        )
    if local.version != 4:
        raise InputError(
            f"{what}: local {local} is IPv6: kind vti expects an IPv4 underlay"
            " (IPv6 inside the tunnel works: see addresses)"
        )
    for option, address in found.items():
        if address.is_unspecified or address.is_multicast:
            raise InputError(f"{what}: {option} {address}: expected the address of one host")
    if local == remote:
        raise InputError(f"{what}: local and remote are both {local}: expected two hosts")
    return str(local), str(remote)


def _keys(what: str, entry: t.Mapping[str, t.Any]) -> t.Tuple[int, int]:
    key, ikey, okey = (entry.get(option) for option in ("key", "ikey", "okey"))
    if key is not None:
        if ikey is not None or okey is not None:
            raise InputError(f"{what}: key excludes ikey and okey: give key, or both of the others")
        number = parse_key(what, "key", key)
        return number, number
    if ikey is None or okey is None:
        raise InputError(
            f"{what}: key is missing: give key (the mark of the child), or both ikey and okey"
        )
    return parse_key(what, "ikey", ikey), parse_key(what, "okey", okey)


def _addresses(what: str, values: t.Optional[t.Sequence[str]]) -> t.Optional[t.Tuple[str, ...]]:
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
    try:
        interface = ipaddress.ip_interface(value) if "/" in value else None
    except ValueError:
        interface = None
    if interface is None:
        raise InputError(
            f"{what}: address '{value}': expected an address with its prefix length,"
            " like 10.99.0.1/30 or fd99::1/64"
        )
    return str(interface)


def _mtu(
    what: str, value: t.Optional[int], addresses: t.Optional[t.Tuple[str, ...]]
) -> t.Optional[int]:
    if value is None:
        return None
    if not MTU_MIN <= value <= MTU_MAX:
        raise InputError(f"{what}: mtu {value}: expected {MTU_MIN} to {MTU_MAX} bytes")
    if value < MTU_MIN_IPV6 and any(":" in address for address in addresses or ()):
        raise InputError(
            f"{what}: mtu {value} with an IPv6 address: expected {MTU_MIN_IPV6} or more (RFC 8200)"
        )
    return value
