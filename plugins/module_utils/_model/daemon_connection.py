# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection as charon tells of it, with swanctl.conf's names where it has some (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.answer import Answer

Facts = t.Dict[str, t.Any]

VERSIONS = {"IKEv1": 1, "IKEv2": 2}
"""What charon calls the versions; any other word stands for both, 0."""


def daemon_connection(told: t.Mapping[str, t.Any]) -> t.Iterator[t.Tuple[str, Facts]]:
    """Return name and settings of the connection of one C(list-conn) event."""
    for name, connection in Answer(told).sections():
        yield name, _connection(connection)


def _connection(told: Answer) -> Facts:
    facts: Facts = {
        "version": VERSIONS.get(told.text("version"), 0),
        "local_addrs": list(told.texts("local_addrs")),
        "remote_addrs": list(told.texts("remote_addrs")),
        "local_port": told.number("local_port"),
        "remote_port": told.number("remote_port"),
        "unique": told.text("unique").lower().replace("unique_", ""),
        "rekey_time": told.count("rekey_time"),
        "reauth_time": told.count("reauth_time"),
        "dpd_delay": told.count("dpd_delay"),
        "local": _rounds(told, "local-"),
        "remote": _rounds(told, "remote-"),
        "children": [_child(name, child) for name, child in told.section("children").sections()],
    }
    return facts


def _rounds(told: Answer, prefix: str) -> t.List[Facts]:
    return [
        {
            "name": name,
            "class": one.text("class") or None,
            "eap_type": one.text("eap-type") or None,
            "id": one.text("id") or None,
            "eap_id": one.text("eap_id") or None,
            "xauth_id": one.text("xauth_id") or None,
            "aaa_id": one.text("aaa_id") or None,
            "ca_id": one.text("ca_id") or None,
            "revocation": one.text("revocation") or None,
            "groups": list(one.texts("groups")),
            "certs": list(one.texts("certs")),
            "cacerts": list(one.texts("cacerts")),
        }
        for name, one in told.sections()
        if name.startswith(prefix)
    ]


def _child(name: str, told: Answer) -> Facts:
    return {
        "name": name,
        "mode": told.text("mode").lower(),
        "local_ts": list(told.texts("local-ts")),
        "remote_ts": list(told.texts("remote-ts")),
        "rekey_time": told.count("rekey_time"),
        "rekey_bytes": told.count("rekey_bytes"),
        "rekey_packets": told.count("rekey_packets"),
        "dpd_action": told.text("dpd_action"),
        "close_action": told.text("close_action"),
        "interface": told.text("interface") or None,
        "priority": told.count("priority"),
        "label": told.text("label") or None,
    }
