# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keywords of a C(conn) section: all that strongSwan's starter knows (pure).

Names and meanings are those of ipsec.conf(5). A row with O(Keyword.option) is an option of
M(strongswan_ipsec_conf), documented in its doc fragment; the others are given by its O(settings).
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf import values
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.values import Kind


@dataclass(frozen=True)
class Keyword:
    """A keyword: its name, the kind of its value, and the words that it takes."""

    name: str
    kind: Kind = values.TEXT
    choices: t.Tuple[str, ...] = ()
    option: bool = True


def _other(name: str, kind: Kind = values.TEXT, *choices: str) -> Keyword:
    """Return a keyword that is no option of its own."""
    return Keyword(name, kind, choices, option=False)


AUTO = ("ignore", "add", "route", "start")
_TYPES = ("tunnel", "transport", "transport_proxy", "beet", "passthrough", "drop")
_AUTHBY = ("psk", "secret", "pubkey", "rsasig", "ecdsasig", "xauthpsk", "xauthrsasig", "never")
_DPD = ("none", "clear", "hold", "restart")

_CONNECTION: t.Tuple[Keyword, ...] = (
    Keyword("auto", choices=AUTO),
    Keyword("keyexchange", choices=("ike", "ikev1", "ikev2")),
    Keyword("type", choices=_TYPES),
    Keyword("authby", choices=_AUTHBY),
    Keyword("ike"),
    Keyword("esp"),
    Keyword("mark", values.MARK),
    Keyword("mark_in", values.MARK),
    Keyword("mark_out", values.MARK),
    Keyword("reqid", values.NUMBER),
    Keyword("ikelifetime", values.TIME),
    Keyword("lifetime", values.TIME),
    Keyword("margintime", values.TIME),
    Keyword("rekeyfuzz", values.PERCENT),
    Keyword("rekey", values.SWITCH),
    Keyword("reauth", values.SWITCH),
    Keyword("keyingtries", values.TRIES),
    Keyword("dpdaction", choices=_DPD),
    Keyword("dpddelay", values.TIME),
    Keyword("dpdtimeout", values.TIME),
    Keyword("closeaction", choices=_DPD),
    Keyword("inactivity", values.TIME),
    Keyword("mobike", values.SWITCH),
    Keyword("forceencaps", values.SWITCH),
    Keyword("fragmentation", choices=("yes", "accept", "force", "no")),
    Keyword("installpolicy", values.SWITCH),
    Keyword("eap_identity"),
    Keyword("aaa_identity"),
    Keyword("xauth_identity"),
    _other("aggressive", values.SWITCH),
    _other("compress", values.SWITCH),
    _other("ah"),
    _other("ikedscp", values.BINARY),
    _other("keylife", values.TIME),
    _other("rekeymargin", values.TIME),
    _other("lifebytes", values.COUNT),
    _other("marginbytes", values.COUNT),
    _other("lifepackets", values.COUNT),
    _other("marginpackets", values.COUNT),
    _other("sha256_96", values.SWITCH),
    _other("modeconfig", values.TEXT, "push", "pull"),
    _other("xauth", values.TEXT, "client", "server"),
    _other("mediation", values.SWITCH),
    _other("mediated_by"),
    _other("me_peerid"),
    _other("replay_window", values.COUNT),
    _other("tfc", values.PADDING),
)

_END: t.Tuple[Keyword, ...] = (
    Keyword(""),
    Keyword("id"),
    Keyword("subnet", values.LIST),
    Keyword("sourceip", values.LIST),
    Keyword("dns", values.LIST),
    Keyword("auth"),
    Keyword("auth2"),
    Keyword("cert"),
    Keyword("ca"),
    Keyword("sendcert", choices=("always", "ifasked", "never", "yes", "no")),
    Keyword("updown"),
    Keyword("firewall", values.SWITCH),
    Keyword("hostaccess", values.SWITCH),
    Keyword("protoport"),
    Keyword("ikeport", values.NUMBER),
    Keyword("allowany", values.SWITCH),
    _other("subnetwithin", values.LIST),
    _other("id2"),
    _other("sigkey"),
    _other("rsasigkey"),
    _other("cert2"),
    _other("certpolicy", values.LIST),
    _other("ca2"),
    _other("groups", values.LIST),
    _other("groups2", values.LIST),
)

CONN: t.Tuple[Keyword, ...] = (
    *_CONNECTION,
    *(replace(one, name="left" + one.name) for one in _END),
    *(replace(one, name="right" + one.name) for one in _END),
)
BY_NAME: t.Mapping[str, Keyword] = {one.name: one for one in CONN}

# The same keyword by another name
SYNONYMS = {"keylife": "lifetime", "rekeymargin": "margintime"}
SYNONYMS.update({f"{end}rsasigkey": f"{end}sigkey" for end in ("left", "right")})
SYNONYMS.update({f"{end}subnetwithin": f"{end}subnet" for end in ("left", "right")})


def split(value: str) -> t.List[str]:
    """Return the items of a list."""
    return [item.strip() for item in value.split(",") if item.strip()]


def meaning(name: str, text: t.Optional[str]) -> t.Any:
    """Return what a setting means: V(1h) and V(3600) are the same."""
    keyword = BY_NAME.get(name)
    if keyword is None or text is None:
        return text
    try:
        if keyword.kind.many:
            return [keyword.kind.parse(item) for item in split(text)]
        return keyword.kind.parse(text)
    except ValueError:
        return text
