# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The children of connections, of files and of a play, as far as a look before the run needs them
(pure)."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.keys import split
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import (
    parse_if_id,
    parse_mark,
)

ANY = ("0.0.0.0/0", "::/0")
Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]


@dataclass(frozen=True)
class PlannedChild:
    """A child. O(where) is its file, V("") for one of the play.

    O(selected) says that a mark or an if_id ties it to a device; O(mark_out) and O(if_id_out) are
    None where it has none, or one that charon chooses. O(dynamic) says that it has a virtual
    address.
    """

    connection: str
    name: str
    where: str = ""
    selected: bool = False
    mark_out: t.Optional[int] = None
    if_id_out: t.Optional[int] = None
    local_addrs: t.Tuple[str, ...] = ()
    remote_ts: t.Tuple[str, ...] = ()
    dynamic: bool = False
    mode: str = "tunnel"

    @property
    def object(self) -> str:
        """How messages name it."""
        place = f" (file {self.where})" if self.where else ""
        return f"connection {self.connection}: child {self.name}{place}"

    @property
    def policy_based(self) -> bool:
        """Whether its policies alone, and no device, lead traffic into it."""
        return not self.selected and self.mode in {"tunnel", "beet"}

    def overlaps(self, other: PlannedChild) -> bool:
        """Whether both may be meant by one packet; what cannot be told may."""
        mine, theirs = _networks(self.remote_ts), _networks(other.remote_ts)
        if mine is None or theirs is None:
            return True
        return any(
            one.version == two.version and one.overlaps(two) for one in mine for two in theirs
        )


def children_of_section(connection: Section, where: str = "") -> t.Iterator[PlannedChild]:
    """Return the children of a connection in swanctl's words."""
    outer = connection.settings
    for section in connection.children("children").values():
        inner = section.settings
        marks = [inner.get("mark_in", ""), inner.get("mark_out", "")]
        if_ids = [inner.get(name) or outer.get(name, "") for name in ("if_id_in", "if_id_out")]
        mark = _tried(parse_mark, marks[1])
        if_id = _tried(parse_if_id, if_ids[1])
        yield PlannedChild(
            connection.name,
            section.name,
            where,
            selected=any((*marks, *if_ids)),
            mark_out=mark[0] if mark and isinstance(mark[0], int) else None,
            if_id_out=if_id if isinstance(if_id, int) else None,
            local_addrs=tuple(split(outer.get("local_addrs", ""))),
            remote_ts=tuple(split(inner.get("remote_ts", "dynamic"))),
            dynamic="vips" in outer,
            mode=inner.get("mode", "tunnel"),
        )


def child_of_ipsec_conf(entry: t.Mapping[str, t.Any]) -> PlannedChild:
    """Return what a connection of ipsec.conf is: it has one child, of its own name."""
    name = str(entry.get("name", ""))
    marks = [str(entry.get(one) or entry.get("mark") or "") for one in ("mark_in", "mark_out")]
    mark = _tried(parse_mark, marks[1])
    left = str(entry.get("left") or "")
    return PlannedChild(
        name,
        name,
        selected=any(marks),
        mark_out=mark[0] if mark and isinstance(mark[0], int) else None,
        local_addrs=() if left.startswith("%") else tuple(split(left)),
        remote_ts=tuple(_texts(entry.get("rightsubnet")) or ["dynamic"]),
        dynamic=bool(_texts(entry.get("leftsourceip"))),
        mode=str(entry.get("type") or "tunnel"),
    )


def _texts(value: t.Any) -> t.List[str]:
    if isinstance(value, (list, tuple)):
        return [str(one) for one in value]
    return split(str(value)) if value else []


def _tried(parse: t.Callable[[str], t.Any], text: str) -> t.Any:
    try:
        return parse(text) if text else None
    except ValueError:
        return None


def _networks(selectors: t.Sequence[str]) -> t.Optional[t.List[Network]]:
    try:
        return [ipaddress.ip_network(one.partition("[")[0], strict=False) for one in selectors]
    except ValueError:
        return None
