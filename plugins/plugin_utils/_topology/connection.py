# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections and secrets of a member (pure)."""

from __future__ import annotations

import shlex
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.end import (
    ALWAYS,
    ON_DEMAND,
    XFRM,
    End,
)
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.keys import derive_psk
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.routes import (
    Entry,
    destinations,
    metric_of,
)
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.site import Site

HOOK = "/usr/local/lib/strongswan-vti/updown"  # where the role installs it
ALL = ("0.0.0.0/0", "::/0")
DPD_DELAY = "30s"
DPD_DELAY_FAILOVER = "10s"
FOR_EVER = 0  # keyingtries


def connection(site: Site, end: End) -> Entry:
    """Return the entry for strongswan_conn of a tunnel."""
    entry: Entry = {
        "name": end.connection,
        "version": 2,
        "local_addrs": [str(end.local)],
        "remote_addrs": [str(end.remote) if end.remote else "%any"],
        "mobike": False,
        "dpd_delay": DPD_DELAY_FAILOVER if end.follows else DPD_DELAY,
        "local": [_local(site, end)],
        "remote": [_remote(site, end)],
        "children": [_child(site, end)],
    }
    if end.start == ALWAYS:
        entry["keyingtries"] = FOR_EVER
    return {**entry, **site.connection, **end.pair.connection}


def secret(site: Site, end: End) -> t.Optional[Entry]:
    """Return the entry for strongswan_secret of a tunnel; with certificates there is none."""
    if _auth(site, end) != "psk":
        return None
    value = end.pair.psk
    if not value:
        if not site.master_secret:
            raise InputError(
                f"site {site.name}: pair {' and '.join(end.pair.ends)} has no key: give the site a"
                " master_secret (in Ansible Vault), the pair a psk, or auth: pubkey"
            )
        generation = end.pair.psk_generation or site.psk_generation
        value = derive_psk(site.master_secret, site.name, end.pair.ends, generation)
    ids = [end.me.ike_id, end.peer.ike_id]
    return {"name": end.connection, "type": "ike", "ids": ids, "secret": value}


def _auth(site: Site, end: End) -> str:
    return end.pair.auth or ("psk" if end.pair.psk else site.auth)


def _local(site: Site, end: End) -> Entry:
    entry: Entry = {"auth": _auth(site, end), "id": end.me.ike_id}
    if end.me.certificate and entry["auth"] != "psk":
        entry["certs"] = list(end.me.certificate)
    return entry


def _remote(site: Site, end: End) -> Entry:
    entry: Entry = {"auth": _auth(site, end), "id": end.peer.ike_id}
    if site.cacerts and entry["auth"] != "psk":
        entry["cacerts"] = list(site.cacerts)
    return entry


def _child(site: Site, end: End) -> Entry:
    """Return the child: the routes choose the traffic, so the selectors take everything."""
    number = str(end.key)
    tie = ("if_id_in", "if_id_out") if end.kind == XFRM else ("mark_in", "mark_out")
    entry: Entry = {
        "name": end.connection,
        "local_ts": list(ALL),
        "remote_ts": list(ALL),
        **dict.fromkeys(tie, number),
        **_start(end),
    }
    if end.follows:
        entry["updown"] = _hook(site, end)
    return {**entry, **site.child, **end.pair.child}


def _start(end: End) -> Entry:
    if end.start == ON_DEMAND:
        return {"start_action": "trap"}
    if end.start == ALWAYS:
        return {"start_action": "start", "dpd_action": "restart", "close_action": "start"}
    return {"start_action": "none"}


def _hook(site: Site, end: End) -> str:
    words = [HOOK, "--mode", "follow", "--device", end.device]
    metric = metric_of(site, end)
    if metric is not None:
        words += ["--metric", str(metric)]
    found = destinations(site, end)
    for dst in found:
        words += ["--route", str(dst)]
    if not found:
        words += ["--routes", "none"]  # or it would make them of the selectors
    return " ".join(map(shlex.quote, words))
