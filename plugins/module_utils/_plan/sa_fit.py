# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a configuration can have led to a live SA, by what the SA shows (pure).

Where the peer has a say, or an SA does not tell, it can have: a peer may narrow selectors, and
MOBIKE moves addresses.
"""

from __future__ import annotations

import functools
import ipaddress
import re
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import (
    BEGINNING,
    ChildSa,
    IkeSa,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import Mark
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa_algorithms import (
    agreed,
    could_lead_to,
)

Meanings = t.Mapping[str, t.Any]
Range = t.Tuple[int, int, int]

_REKEY_TIME = 3600  # charon's own default
_CLOCK = 2  # seconds by which ages, rounded each, may be off
_PLAIN_ID = re.compile(r"@?([A-Za-z0-9][A-Za-z0-9._-]*(?:@[A-Za-z0-9.-]+)?)\Z")


def ike_misfit(sa: IkeSa, wanted: Meanings) -> str:
    """Return an option that cannot have led to an IKE SA; empty if there is none."""
    return next(_ike_misfits(sa, wanted), "")


def child_misfit(sa: ChildSa, wanted: Meanings, ike: Meanings, version: int) -> str:
    """Return an option that cannot have led to a CHILD SA; empty if there is none.

    O(ike) is what the connection's own settings mean, O(version) that of the IKE SA.
    """
    return next(_child_misfits(sa, wanted, ike, version), "")


def _ike_misfits(sa: IkeSa, wanted: Meanings) -> t.Iterator[str]:
    if wanted.get("version", 0) not in {0, sa.version}:
        yield "version"
    if wanted.get("proposals") and not could_lead_to(wanted["proposals"], agreed(sa)):
        yield "proposals"
    for option, value in (("if_id_in", sa.if_id_in), ("if_id_out", sa.if_id_out)):
        if not _if_id_fits(value, wanted.get(option, 0)):
            yield option
    if sa.state not in BEGINNING:
        yield from _peer_misfits(sa, wanted)
    moves = sa.version == 2 and wanted.get("mobike", True)
    for option, host in (("local_addrs", sa.local_host), ("remote_addrs", sa.remote_host)):
        if not moves and not _host_fits(host, wanted.get(option, ())):
            yield option


def _peer_misfits(sa: IkeSa, wanted: Meanings) -> t.Iterator[str]:
    if bool(wanted.get("vips")) != bool(sa.local_vips):
        yield "vips"
    for side, shown in (("local", sa.local_id), ("remote", sa.remote_id)):
        if not _id_fits(shown, [value for name, value in wanted.items() if _is_id(name, side)]):
            yield f"{side}.id"


def _child_misfits(sa: ChildSa, wanted: Meanings, ike: Meanings, version: int) -> t.Iterator[str]:
    if sa.mode and sa.mode not in {wanted.get("mode", "tunnel").upper(), "TUNNEL"}:
        yield "mode"
    for option, mark in (("mark_in", sa.mark_in), ("mark_out", sa.mark_out)):
        if not _mark_fits(mark, wanted.get(option)):
            yield option
    for option, value in (("if_id_in", sa.if_id_in), ("if_id_out", sa.if_id_out)):
        if not _if_id_fits(value, wanted.get(option, ike.get(option, 0))):
            yield option
    if wanted.get("reqid", sa.reqid) != sa.reqid:
        yield "reqid"
    proposals = "ah_proposals" if sa.protocol == "AH" else "esp_proposals"
    if wanted.get(proposals) and not could_lead_to(wanted[proposals], agreed(sa)):
        yield proposals
    for option, selectors in (("local_ts", sa.local_ts), ("remote_ts", sa.remote_ts)):
        if not _selectors_fit(selectors, wanted.get(option, ())):
            yield option
    if version != 1 and not _life_fits(sa, wanted):
        yield "life_time"


def _mark_fits(shown: Mark, wanted: t.Any) -> bool:
    if wanted is None:
        return shown == Mark()
    if not isinstance(wanted, tuple):
        return True
    value, mask = wanted
    if isinstance(value, str):  # %unique
        return shown.value != 0
    return (shown.value, shown.mask) == (value, mask)


def _if_id_fits(shown: int, wanted: t.Any) -> bool:
    return shown != 0 if isinstance(wanted, str) else shown == wanted


def _is_id(name: str, side: str) -> bool:
    section, _dot, setting = name.rpartition(".")
    return section.startswith(side) and setting == "id"


def _id_fits(shown: str, wanted: t.Sequence[str]) -> bool:
    plain = [_PLAIN_ID.match(one) for one in wanted]
    if len(plain) != 1 or plain[0] is None:
        return True
    return plain[0].group(1).lower() == shown.lower()


def _host_fits(shown: str, wanted: t.Sequence[str]) -> bool:
    ranges = [_range(one) for one in wanted]
    host = _range(shown)
    if not ranges or None in ranges or host is None:  # a name, or %any
        return True
    return any(_within(host, one) for one in ranges if one is not None)


def _selectors_fit(shown: t.Sequence[str], wanted: t.Sequence[str]) -> bool:
    if set(shown) <= set(wanted):
        return True
    ranges = [_range(one) for one in wanted]
    if not ranges or None in ranges:  # dynamic, or with a protocol
        return True
    return all(
        any(_within(inner, outer) for outer in ranges if outer is not None)
        for inner in map(_range, shown)
        if inner is not None
    )


@functools.lru_cache(maxsize=1 << 12)
def _range(text: str) -> t.Optional[Range]:
    """Return version, first and last address of a network or range; None if it is neither."""
    first, _dots, last = text.replace("..", "-").partition("-")
    try:
        if last:
            low, high = ipaddress.ip_address(first), ipaddress.ip_address(last)
            return low.version, int(low), int(high)
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return network.version, int(network.network_address), int(network.broadcast_address)


def _within(inner: Range, outer: Range) -> bool:
    return inner[0] == outer[0] and outer[1] <= inner[1] and inner[2] <= outer[2]


def _life_fits(sa: ChildSa, wanted: Meanings) -> bool:
    """Return whether an SA ends when it should: this end alone decides that, without chance."""
    rekey_time: int = wanted.get("rekey_time", _REKEY_TIME)
    life_time: int = wanted.get("life_time", rekey_time * 110 // 100)
    if sa.install_time is None:
        return True
    if sa.life_time is None or life_time == 0:
        return (sa.life_time is None) == (life_time == 0)
    return abs(sa.install_time + sa.life_time - life_time) <= _CLOCK
