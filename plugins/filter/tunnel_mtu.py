# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter C(ipsec.strongswan.tunnel_mtu); its documentation is in tunnel_mtu.yml."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.plugin_utils import _mtu
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.member import VERSIONS
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.read import Reader

OPTIONS = ("proposals", "family", "udp", "mode", "inner")


def tunnel_mtu(underlay_mtu: t.Any, *arguments: t.Any, **options: t.Any) -> int:
    """Return the MTU of a tunnel device."""
    try:
        return _tunnel_mtu(underlay_mtu, {**dict(zip(OPTIONS, arguments)), **options})
    except InputError as error:
        raise AnsibleFilterError(str(error)) from None


def _tunnel_mtu(underlay_mtu: t.Any, options: t.Mapping[str, t.Any]) -> int:
    read = Reader("tunnel_mtu", {**options, "underlay_mtu": underlay_mtu})
    read.known(("underlay_mtu", *OPTIONS))
    mtu = read.number("underlay_mtu", _mtu.MTU_MIN, _mtu.PACKET_MAX)
    if mtu is None:
        raise read.wrong("underlay_mtu", underlay_mtu, "a number of bytes, like 1500")
    path = _mtu.Path(
        version=VERSIONS[read.word("family", tuple(VERSIONS)) or "ipv4"],
        udp=bool(read.switch("udp")),
        mode=read.word("mode", _mtu.MODES) or _mtu.TUNNEL,
    )
    inner = read.texts("inner")
    for one in inner:
        if one not in VERSIONS:
            raise read.wrong("inner", one, f"one of {', '.join(VERSIONS)}, or both")
    return _mtu.tunnel_mtu(mtu, read.texts("proposals"), path, ipv6="ipv6" in inner)


class FilterModule:
    """The filters of this file."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """Return them by name."""
        return {"tunnel_mtu": tunnel_mtu}
