# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ties a tunnel device to its SAs: kind, endpoints, keys, if_id, underlay device (pure)."""

from __future__ import annotations

import functools
import ipaddress
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    ANY,
    VTI,
    VTI6,
    XFRM,
    TunnelData,
    VtiData,
    XfrmData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.names import NAME_MAX
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.numbers import (
    U32_MAX,
    parse_key,
    parse_u32,
)

Entry = t.Mapping[str, t.Any]
Address = t.Union[ipaddress.IPv4Address, ipaddress.IPv6Address]

VTI_OPTIONS = ("local", "remote", "key", "ikey", "okey", "fwmark")
XFRM_OPTIONS = ("if_id", "external")
VERSIONS = {4: VTI, 6: VTI6}


def parse_data(what: str, entry: Entry) -> TunnelData:
    """Return the attributes that make a tunnel device what it is.

    :raises InputError: a value is missing, wrong, or of another kind of device.
    """
    kind = entry.get("kind")
    if kind is None and any(entry.get(option) for option in XFRM_OPTIONS):
        kind = XFRM
    foreign = VTI_OPTIONS if kind == XFRM else XFRM_OPTIONS
    given = [option for option in foreign if entry.get(option)]
    if given:
        raise InputError(
            f"{what}: {', '.join(given)} with kind {kind or 'vti'}: a device of this kind has none;"
            f" expected {'if_id, or external' if kind == XFRM else 'local, remote and key'}"
        )
    dev = entry.get("dev") or ""
    if len(dev.encode()) > NAME_MAX:
        raise InputError(
            f"{what}: dev '{dev}': expected the name of a device, 1 to {NAME_MAX} bytes"
        )
    if kind == XFRM:
        return _xfrm(what, entry, dev)
    local, remote = _endpoints(what, entry, kind)
    ikey, okey = _keys(what, entry)
    return VtiData(local, remote, ikey, okey, dev, _fwmark(what, entry.get("fwmark")))


def _xfrm(what: str, entry: Entry, dev: str) -> XfrmData:
    value = entry.get("if_id")
    if entry.get("external"):
        if value is not None:
            raise InputError(
                f"{what}: if_id {value} with external: expected one of them; an external device"
                " takes the if_id from each route (encap of vti_route)"
            )
        if dev:
            raise InputError(
                f"{what}: dev '{dev}' with external: the kernel binds no external device to an"
                " underlay device (xfrmi_newlink); leave dev out"
            )
        return XfrmData(0, "", True)
    try:
        number = parse_u32(value) if value is not None else 0
    except ValueError:
        number = 0
    if number == 0:
        raise InputError(
            f"{what}: if_id '{'' if value is None else value}': expected a number from 1 to"
            f" {U32_MAX} (decimal or 0x hexadecimal), the if_id of the child; or external: true"
        )
    return XfrmData(number, dev)


def _endpoints(what: str, entry: Entry, kind: t.Optional[str]) -> t.Tuple[str, str]:
    local, remote = (_endpoint(what, option, entry.get(option)) for option in ("local", "remote"))
    versions = {one.version for one in (local, remote) if one is not None}
    if len(versions) == 2:
        raise InputError(
            f"{what}: local {local} and remote {remote} are of two families:"
            " expected both IPv4 (kind vti) or both IPv6 (kind vti6)"
        )
    if not versions and kind is None:
        raise InputError(
            f"{what}: local and remote are both any: expected kind, vti or vti6, as no address"
            " tells the family of the underlay"
        )
    found = VERSIONS[versions.pop()] if versions else str(kind)
    if kind is not None and kind != found:
        raise InputError(
            f"{what}: kind {kind} with local {local or 'any'}, remote {remote or 'any'}: expected"
            f" kind {found} for this underlay (both families work inside a tunnel: see addresses)"
        )
    if local is None and remote is None and (found == VTI6 or not entry.get("dev")):
        fallback = "ip_vti0" if found == VTI else "ip6_vti0"
        raise InputError(
            f"{what}: local and remote are both any: that is the kernel's own {fallback}, which is"
            " never touched; give local or remote" + (", or dev" if found == VTI else "")
        )
    if local is not None and local == remote:
        raise InputError(f"{what}: local and remote are both {local}: expected two hosts")
    wildcard = ANY[found]
    return str(local or wildcard), str(remote or wildcard)


def _endpoint(what: str, option: str, value: t.Optional[str]) -> t.Optional[Address]:
    """Return the address of an endpoint, or None for any."""
    if not value:
        raise InputError(
            f"{what}: {option} is missing: give the underlay's address, or 'any' (kinds vti, vti6);"
            " or give if_id (kind xfrm)"
        )
    if value == "any":
        return None
    try:
        address = _address(value)
    except ValueError:
        raise InputError(
            f"{what}: {option} '{value}' is no IP address: expected one like 192.0.2.1 or"
            " 2001:db8::1, or 'any'"
        ) from None
    if address.is_unspecified or address.is_multicast:
        raise InputError(f"{what}: {option} {address}: expected the address of one host, or 'any'")
    if address.version == 6 and address.is_link_local:
        raise InputError(
            f"{what}: {option} {address}: expected a global address, as a tunnel device has no"
            " scope id for a link-local one"
        )
    return address


@functools.lru_cache(maxsize=1 << 12)  # the tunnels of a list mostly share an endpoint
def _address(value: str) -> Address:
    return ipaddress.ip_address(value)


def _keys(what: str, entry: Entry) -> t.Tuple[int, int]:
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


def _fwmark(what: str, value: t.Optional[str]) -> int:
    if value is None:
        return 0
    try:
        return parse_u32(value)
    except ValueError:
        raise InputError(
            f"{what}: fwmark '{value}': expected a number from 0 (none) to {U32_MAX}, decimal or"
            " 0x hexadecimal"
        ) from None
