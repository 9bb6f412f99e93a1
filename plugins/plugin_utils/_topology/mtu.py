# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The MTU of a tunnel: given, or what ESP leaves of the underlay's (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._mtu import (
    MODES,
    TUNNEL,
    Path,
    tunnel_mtu,
)
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.end import End
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.read import Reader
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.routes import destinations
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.site import Site

MTU = 1400  # room for ESP in UDP over IPv6, 1500 bytes on the underlay
IPV6 = 6


def mtu_of(site: Site, end: End) -> int:
    """Return the MTU of a tunnel's device; both ends have the same.

    :raises InputError: it cannot be computed, or is less than IPv6 inside needs.
    """
    if end.pair.mtu is not None:
        return end.pair.mtu
    underlay = _underlay(site, end)
    if underlay is None:
        return MTU if site.mtu is None else site.mtu
    found = _computed(site, end, underlay)
    return found if site.mtu is None else min(found, site.mtu)


def _underlay(site: Site, end: End) -> t.Optional[int]:
    """Return the underlay's MTU: the pair's, or the smaller one of both ends."""
    if end.pair.underlay_mtu is not None:
        return end.pair.underlay_mtu
    sides = (one.underlay_mtu or site.underlay_mtu for one in (end.me, end.peer))
    return min((one for one in sides if one is not None), default=None)


def _computed(site: Site, end: End, underlay: int) -> int:
    what = f"site {site.name}: pair {' and '.join(end.pair.ends)}"
    child = Reader(what, {**site.child, **end.pair.child})
    connection = Reader(what, {**site.connection, **end.pair.connection})
    mode = child.text("mode") or TUNNEL
    other = "AH" if child.raw("ah_proposals") else f"mode {mode}" if mode not in MODES else ""
    if other:
        raise InputError(
            f"{what}: underlay_mtu: what {other} leaves of it is not known: give the pair an mtu"
        )
    nat = end.me.behind_nat or end.peer.behind_nat
    path = Path(end.local.version, nat or bool(connection.switch("encap")), mode)
    try:
        return tunnel_mtu(
            underlay, child.texts("esp_proposals"), path, ipv6=_carries_ipv6(site, end)
        )
    except InputError as error:
        raise InputError(f"{what}: {error}") from None


def _carries_ipv6(site: Site, end: End) -> bool:
    inner = any(":" in own for own, _peer in end.inner)
    return inner or any(one.version == IPV6 for one in (*destinations(site, end), *end.me.networks))
