# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keywords of a connection in swanctl.conf: all of them, one row each (pure).

Names and meanings are those of swanctl.conf(5). A row with O(Key.option) is an option of
M(strongswan_conn), documented in its doc fragment; the others are given by its O(settings).
The versions are those whose vici plugin first took the keyword or the value.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import value_kinds as kinds
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.value_kinds import Kind
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import U32_MAX


@dataclass(frozen=True)
class Key:
    """A keyword: its name, the kind of its value and, for a number, its range.

    O(since) is the version of strongSwan that it came with, O(newer) the same for single choices.
    """

    name: str
    kind: Kind
    choices: t.Tuple[t.Any, ...] = ()
    minimum: int = 0
    maximum: int = U32_MAX
    default: t.Any = None
    option: bool = True
    since: str = "5.2.0"
    newer: t.Mapping[str, str] = field(default_factory=dict)


def _other(
    name: str, kind: Kind, since: str = "5.2.0", choices: t.Tuple[str, ...] = (), **newer: str
) -> Key:
    """Return a keyword that is no option of its own."""
    return Key(name, kind, choices, option=False, since=since, newer=newer)


CONNECTION: t.Tuple[Key, ...] = (
    Key("version", kinds.NUMBER, choices=(0, 1, 2), default=2),
    Key("local_addrs", kinds.ENDPOINTS),
    Key("remote_addrs", kinds.ENDPOINTS),
    Key("local_port", kinds.NUMBER, minimum=1, maximum=65535),
    Key("remote_port", kinds.NUMBER, minimum=1, maximum=65535),
    Key("proposals", kinds.PROPOSALS),
    Key("vips", kinds.VIRTUAL_IPS),
    Key("pools", kinds.TEXTS),
    Key("mobike", kinds.SWITCH),
    Key("encap", kinds.SWITCH),
    Key("fragmentation", kinds.WORD, choices=("yes", "accept", "force", "no")),
    Key("send_cert", kinds.WORD, choices=("ifasked", "always", "never")),
    Key("dpd_delay", kinds.TIME),
    Key("dpd_timeout", kinds.TIME),
    Key("rekey_time", kinds.TIME),
    Key("reauth_time", kinds.TIME),
    Key("over_time", kinds.TIME),
    Key("rand_time", kinds.TIME),
    Key("keyingtries", kinds.NUMBER),
    Key("unique", kinds.WORD, choices=("never", "no", "replace", "keep")),
    Key("if_id_in", kinds.IF_ID, since="5.8.0"),
    Key("if_id_out", kinds.IF_ID, since="5.8.0"),
    _other("aggressive", kinds.SWITCH),
    _other("pull", kinds.SWITCH),
    _other("dscp", kinds.DSCP, "5.5.2"),
    _other(
        "childless", kinds.WORD, "5.8.0", ("allow", "prefer", "force", "never"), prefer="5.9.10"
    ),
    _other("send_certreq", kinds.SWITCH),
    _other("ocsp", kinds.WORD, "5.9.14", ("never", "reply", "request", "both")),
    _other("ppk_id", kinds.IDENTITY, "5.7.0"),
    _other("ppk_required", kinds.SWITCH, "5.7.0"),
    _other("mediation", kinds.SWITCH, "5.5.2"),
    _other("mediated_by", kinds.TEXT, "5.5.2"),
    _other("mediation_peer", kinds.IDENTITY, "5.5.2"),
)

_ROUND: t.Tuple[Key, ...] = (
    Key("round", kinds.NUMBER, since="5.4.0"),
    Key("auth", kinds.AUTH),
    Key("id", kinds.IDENTITY),
    Key("certs", kinds.FILES),
    Key("pubkeys", kinds.FILES, since="5.4.0"),
)

LOCAL: t.Tuple[Key, ...] = (
    *_ROUND,
    Key("eap_id", kinds.IDENTITY),
    Key("aaa_id", kinds.IDENTITY),
    Key("xauth_id", kinds.IDENTITY),
)

REMOTE: t.Tuple[Key, ...] = (
    *_ROUND,
    Key("cacerts", kinds.FILES),
    Key("ca_id", kinds.IDENTITY, since="5.8.2"),
    Key("eap_id", kinds.IDENTITY),
    Key("groups", kinds.TEXTS),
    Key("revocation", kinds.WORD, choices=("strict", "ifuri", "relaxed")),
    _other("cert_policy", kinds.TEXTS, "5.5.2"),
)

CERTIFICATE: t.Tuple[Key, ...] = (
    _other("file", kinds.TEXT, "5.5.2"),
    _other("handle", kinds.TEXT, "5.5.2"),
    _other("slot", kinds.NUMBER, "5.5.2"),
    _other("module", kinds.TEXT, "5.5.2"),
)
"""The keywords of a section C(cert...) or C(cacert...) in a round."""

MODES = ("tunnel", "transport", "transport_proxy", "beet", "iptfs", "pass", "drop")
OFFLOADS = ("no", "yes", "crypto", "packet", "auto")

CHILD: t.Tuple[Key, ...] = (
    Key("local_ts", kinds.SELECTORS),
    Key("remote_ts", kinds.SELECTORS),
    Key("mode", kinds.WORD, choices=MODES, newer={"iptfs": "6.0.2"}),
    Key("esp_proposals", kinds.PROPOSALS),
    Key("ah_proposals", kinds.PROPOSALS),
    Key("mark_in", kinds.MARK),
    Key("mark_in_sa", kinds.SWITCH, since="5.6.1"),
    Key("mark_out", kinds.MARK),
    Key("set_mark_in", kinds.SET_MARK, since="5.7.0"),
    Key("set_mark_out", kinds.SET_MARK, since="5.7.0"),
    Key("if_id_in", kinds.IF_ID, since="5.8.0"),
    Key("if_id_out", kinds.IF_ID, since="5.8.0"),
    Key("reqid", kinds.NUMBER),
    Key("rekey_time", kinds.TIME),
    Key("life_time", kinds.TIME),
    Key("rand_time", kinds.TIME),
    Key("rekey_bytes", kinds.SIZE),
    Key("life_bytes", kinds.SIZE),
    Key(
        "start_action",
        kinds.ACTION,
        choices=("none", "trap", "start", "trap|start"),
        newer={"trap|start": "5.9.6"},
    ),
    Key("close_action", kinds.ACTION, choices=("none", "trap", "start")),
    Key("dpd_action", kinds.ACTION, choices=("clear", "trap", "restart")),
    Key("inactivity", kinds.TIME),
    Key("updown", kinds.TEXT),
    Key("hostaccess", kinds.SWITCH),
    Key("policies", kinds.SWITCH, since="5.3.3"),
    Key("replay_window", kinds.NUMBER),
    Key("copy_df", kinds.SWITCH, since="5.7.0"),
    Key(
        "hw_offload",
        kinds.OFFLOAD,
        choices=OFFLOADS,
        since="5.5.3",
        newer={"crypto": "5.9.10", "packet": "5.9.10"},
    ),
    _other("rand_bytes", kinds.SIZE),
    _other("rekey_packets", kinds.COUNT),
    _other("life_packets", kinds.COUNT),
    _other("rand_packets", kinds.COUNT),
    _other("ipcomp", kinds.SWITCH),
    _other("tfc_padding", kinds.PADDING),
    _other("priority", kinds.NUMBER, "5.5.0"),
    _other("interface", kinds.TEXT, "5.5.0"),
    _other("policies_fwd_out", kinds.SWITCH, "5.5.1"),
    _other("sha256_96", kinds.SWITCH, "5.5.3"),
    _other("copy_ecn", kinds.SWITCH, "5.7.0"),
    _other("copy_dscp", kinds.WORD, "5.7.0", ("out", "in", "yes", "no")),
    _other("label", kinds.TEXT, "5.9.6"),
    _other("label_mode", kinds.WORD, "5.9.6", ("system", "simple", "selinux")),
    _other("per_cpu_sas", kinds.PER_CPU, "6.0.2"),
    _other("icmp", kinds.SWITCH, "6.0.5"),
)
