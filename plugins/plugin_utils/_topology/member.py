# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A member of a site, and an agreement of two of them that is not the site's (pure)."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.read import (
    Address,
    Network,
    Reader,
)

KINDS = ("vti", "xfrm")
FAMILIES = ("ipv4", "ipv6")
AUTHS = ("psk", "pubkey")
VERSIONS = {"ipv4": 4, "ipv6": 6}
U32_MAX = 2**32 - 1
NUMBER_MAX = 2**128 - 1
MTU_MIN, MTU_MAX = 576, 9000

MEMBER = (
    "underlay",
    "networks",
    "inside_address",
    "behind_nat",
    "public",
    "ike_id",
    "certificate",
    "number",
    "tunnel_kind",
    "underlay_mtu",
)
"""The variables of a host that are read."""

PAIR = (
    "between",
    "exclude",
    "key",
    "addresses",
    "underlay",
    "family",
    "kind",
    "mtu",
    "underlay_mtu",
    "device",
    "auth",
    "psk",
    "psk_generation",
    "connection",
    "child",
)
"""The options of a pair."""

Ends = t.Tuple[str, str]


@dataclass(frozen=True)
class Member:
    """A host of the site. O(public) is its address behind NAT as its peers see it."""

    name: str
    underlay: t.Tuple[Address, ...] = ()
    networks: t.Tuple[Network, ...] = ()
    inside: t.Tuple[Address, ...] = ()
    behind_nat: bool = False
    public: t.Tuple[Address, ...] = ()
    ike_id: str = ""
    certificate: t.Tuple[str, ...] = ()
    number: t.Optional[int] = None
    kind: str = ""
    underlay_mtu: t.Optional[int] = None

    @property
    def seen(self) -> t.Tuple[Address, ...]:
        """The addresses at which its peers find it; none if nobody can."""
        return self.public if self.behind_nat else self.underlay

    @property
    def versions(self) -> t.FrozenSet[int]:
        """The versions of IP over which it can have a tunnel."""
        own = frozenset(one.version for one in self.underlay)
        return own & frozenset(one.version for one in self.seen) if self.seen else own


def parse_member(name: str, values: t.Any, prefix: str = "") -> Member:
    """Return the member that the variables of a host describe.

    :raises InputError: a value is missing or wrong.
    """
    read = Reader(f"host {name}", {one: values.get(prefix + one) for one in MEMBER})
    underlay = read.addresses("underlay")
    if not underlay:
        raise InputError(
            f"host {name}: {prefix}underlay is missing: expected its address on the network that"
            " ESP crosses, like 198.51.100.11, or one of each family"
        )
    public = read.addresses("public")
    return Member(
        name=name,
        underlay=underlay,
        networks=read.networks("networks"),
        inside=read.addresses("inside_address"),
        behind_nat=bool(public) or bool(read.switch("behind_nat")),
        public=public,
        ike_id=read.text("ike_id", name),
        certificate=read.texts("certificate"),
        number=read.number("number", 0, NUMBER_MAX),
        kind=read.word("tunnel_kind", KINDS),
        underlay_mtu=underlay_mtu(read),
    )


@dataclass(frozen=True)
class Pair:
    """Two members, and what is theirs instead of the site's; None and V("") leave it the site's."""

    ends: Ends
    exclude: bool = False
    key: t.Optional[int] = None
    addresses: t.Tuple[Network, ...] = ()
    underlay: t.Mapping[str, Address] = field(default_factory=dict)
    family: str = ""
    kinds: t.Mapping[str, str] = field(default_factory=dict)
    mtu: t.Optional[int] = None
    underlay_mtu: t.Optional[int] = None
    devices: t.Mapping[str, str] = field(default_factory=dict)
    auth: str = ""
    psk: str = field(default="", repr=False)
    psk_generation: str = ""
    connection: t.Mapping[str, t.Any] = field(default_factory=dict)
    child: t.Mapping[str, t.Any] = field(default_factory=dict)


def underlay_mtu(read: Reader) -> t.Optional[int]:
    """Return the MTU of an underlay, None if it is not given."""
    return read.number("underlay_mtu", MTU_MIN, MTU_MAX)


def sorted_ends(one: str, other: str) -> Ends:
    """Return two names in the order that both hosts agree on."""
    return (one, other) if one < other else (other, one)


def parse_pair(site: str, entry: t.Any) -> Pair:
    """Return a pair: a list of two names, or a dictionary with C(between) and more.

    :raises InputError: a value is missing or wrong.
    """
    values = entry if isinstance(entry, t.Mapping) else {"between": entry}
    names = Reader(f"site {site}: pairs", values).texts("between")
    if len(names) != 2 or names[0] == names[1]:
        raise InputError(
            f"site {site}: pairs: between '{', '.join(names)}': expected the names of two hosts"
        )
    what = f"site {site}: pair {' and '.join(names)}"
    read = Reader(what, values)
    read.known(PAIR)
    kind = read.raw("kind")
    return Pair(
        ends=sorted_ends(*names),
        exclude=bool(read.switch("exclude")),
        key=read.number("key", 1, U32_MAX),
        addresses=_inner(read),
        underlay={name: _one_address(read, name) for name in _of_ends(read, "underlay", names)},
        family=read.word("family", FAMILIES),
        kinds=_words(read, "kind", names) if isinstance(kind, t.Mapping) else _both(read, names),
        mtu=read.number("mtu", MTU_MIN, MTU_MAX),
        underlay_mtu=underlay_mtu(read),
        devices={name: str(one) for name, one in _of_ends(read, "device", names).items()},
        auth=read.word("auth", AUTHS),
        psk=read.text("psk"),
        psk_generation=read.text("psk_generation"),
        connection=read.mapping("connection"),
        child=read.mapping("child"),
    )


def _inner(read: Reader) -> t.Tuple[Network, ...]:
    networks = read.networks("addresses")
    for one in networks:
        if one.num_addresses != 2:
            raise read.wrong("addresses", one, "an IPv4 network /31 or an IPv6 network /127")
    if len({one.version for one in networks}) < len(networks):
        raise read.wrong("addresses", ", ".join(map(str, networks)), "one network of each family")
    return networks


def _of_ends(read: Reader, option: str, names: t.Sequence[str]) -> t.Dict[str, t.Any]:
    """Return an option whose keys are the names of the pair's hosts."""
    found = read.mapping(option)
    for name in found:
        if name not in names:
            raise read.wrong(option, name, f"{names[0]} or {names[1]} as its keys")
    return found


def _one_address(read: Reader, name: str) -> Address:
    text = str(read.mapping("underlay")[name])
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise read.wrong(f"underlay of {name}", text, "an address like 192.0.2.1") from None


def _words(read: Reader, option: str, names: t.Sequence[str]) -> t.Dict[str, str]:
    found = Reader(f"{read.what}: {option}", _of_ends(read, option, names))
    return {name: found.word(name, KINDS) for name in read.mapping(option)}


def _both(read: Reader, names: t.Sequence[str]) -> t.Dict[str, str]:
    kind = read.word("kind", KINDS)
    return dict.fromkeys(names, kind) if kind else {}
