# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a host on which all is meant to be up (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.health import Facts, Health
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight import (
    ERROR,
    WARNING,
    Problem,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight_wanted import Wanted

LOST_SA = ("no SA", "an SA", "no IPsec policy", "the kernel has asked")
"""How problems of a device begin that only say that no SA is up."""


def find_faults(wanted: Wanted, health: Health) -> t.List[Problem]:
    """Return all that is wrong, errors and what is only doubtful."""
    return [
        *_charon_faults(wanted, health),
        *_device_faults(wanted, health),
        *_ping_faults(wanted, health),
        *_drift_faults(wanted, health),
        *_policy_faults(wanted, health),
        *_route_faults(wanted, health),
    ]


def summary(problems: t.Sequence[Problem], health: Health) -> str:
    """Return the state in lines for a person: errors first, or what is well."""
    errors = [one for one in problems if one.severity == ERROR]
    others = [one for one in problems if one.severity != ERROR]
    if errors:
        head = f"not healthy: {len(errors)} {'error' if len(errors) == 1 else 'errors'}"
    else:
        installed = sum(one["sa"] == "installed" for one in health.after)
        head = (
            f"healthy: {len(health.after)} devices, {installed} with SAs,"
            f" {len(health.pinged)} pinged through"
        )
    lines = [f"{one.severity}: {one.sentence}" for one in (*errors, *others)]
    return "\n".join([head, *lines])


def _charon_faults(wanted: Wanted, health: Health) -> t.Iterator[Problem]:
    if not health.charon:
        return
    for one in health.charon.get("problems") or ():
        where = f" (file {one['file']}, line {one['line']})" if one["file"] else ""
        yield Problem("charon", f"{one['kind']} {one['name']}".strip() + where, one["problem"])
    names = {one["name"]: one for one in health.charon.get("connections") or ()}
    for name in sorted({one.connection for one in wanted.children} - names.keys()):
        yield Problem(
            "charon",
            f"connection {name}",
            "no file and no daemon has it",
            "",
            "run the role",
        )
    for name in sorted(names.keys() - wanted.connections):
        yield Problem(
            "orphans",
            f"connection {name}",
            f"it is of owner {wanted.owner}, and in no list",
            "",
            "run the role with strongswan_vti_purge: true, or put it into its list",
            ERROR if wanted.purge else WARNING,
        )


def _device_faults(wanted: Wanted, health: Health) -> t.Iterator[Problem]:
    there = {one["name"]: one for one in health.after}
    pinged = {one.device for one in health.pinged}
    for tunnel in wanted.tunnels:
        device = there.get(tunnel.name)
        if device is None:
            continue  # the drift says so
        for text in device["problems"]:
            lost = text.startswith(LOST_SA)
            idle = lost and tunnel.name not in pinged
            yield Problem(
                "sas" if lost else "devices",
                tunnel.object,
                text,
                "SAs of both directions" if lost else "",
                "see 'swanctl --list-sas' and 'journalctl -u strongswan' here and at the peer"
                if lost
                else "",
                WARNING if idle else ERROR,
            )


def _ping_faults(wanted: Wanted, health: Health) -> t.Iterator[Problem]:
    for one in health.pinged:
        what = f"tunnel {one.device}"
        if not one.received:
            yield Problem(
                "pings",
                what,
                f"none of {one.sent} pings to {one.address} was answered"
                if one.sent
                else f"no ping to {one.address} could be sent, as no route leads there",
                "an answer",
                "see whether the peer has the tunnel up, the route back, and no filter",
            )
            continue
        if _rise(health, [one.device], "tx_packets") < 1:
            yield Problem(
                "counters",
                what,
                f"{one.address} answers, and the device has sent nothing",
                "a route to it through this device",
                f"'ip route get {one.address}' shows which way it takes",
            )
        names = [tunnel.name for tunnel in wanted.tunnels]
        if _rise(health, names or [one.device], "rx_packets") < 1:
            yield Problem(
                "counters",
                what,
                f"{one.address} answers, and no tunnel device has received anything",
                "answers through the tunnel",
                "the peer answers around it, perhaps in the clear: see its routes and table 220",
            )


def _rise(health: Health, names: t.Sequence[str], counter: str) -> int:
    """Return by how much a counter of some devices has risen."""
    return _sum(health.after, names, counter) - _sum(health.before, names, counter)


def _sum(devices: t.Sequence[Facts], names: t.Sequence[str], counter: str) -> int:
    return sum(int(one["counters"][counter]) for one in devices if one["name"] in names)


def _drift_faults(wanted: Wanted, health: Health) -> t.Iterator[Problem]:
    for change in health.drift:
        orphan = change["action"] == "remove"
        yield Problem(
            "orphans" if orphan else "drift",
            change["object"],
            f"a run of the role would {change['action']} it ({change['reason']})",
            "",
            "it is in no list: remove it, or run the role with strongswan_vti_purge: true"
            if orphan
            else "run the role",
            WARNING if orphan and not wanted.purge else ERROR,
        )


def _policy_faults(wanted: Wanted, health: Health) -> t.Iterator[Problem]:
    """Name the policies whose mark or if_id no device has."""
    keys = {key for one in health.after for key in (one["ikey"], one["okey"]) if key}
    if_ids = {one["if_id"] for one in health.after if one["if_id"]}
    if any(one["external"] for one in health.after):
        return  # it stands for each if_id
    ours = {one.mark_out for one in wanted.children} | {one.if_id_out for one in wanted.children}
    seen = set()
    for policy in health.policies or ():
        if policy.if_id:
            name, number, held = "if_id", policy.if_id, policy.if_id in if_ids
        else:
            name, number = "mark", policy.mark.value
            held = not policy.mark or any(policy.mark.matches(key) for key in keys)
        if held or (name, number) in seen:
            continue
        seen.add((name, number))
        yield Problem(
            "orphans",
            f"IPsec policy {policy.source} to {policy.destination}, {name} {number}",
            f"no device has this {name}"
            + (", so what it is for leaves in the clear" if name == "if_id" else ""),
            "",
            "run the role, or end its connection (swanctl --terminate)",
            ERROR if number in ours else WARNING,
        )


def _route_faults(wanted: Wanted, health: Health) -> t.Iterator[Problem]:
    if wanted.install_routes:
        return
    for found in health.charon_routes:
        yield Problem(
            "table_220",
            f"route {found.route.identity.dst} in table 220",
            "charon has made it, and it leads around the tunnel devices",
            "an empty table 220, as install_routes is off",
            "restart charon, which reads install_routes only at its start",
        )
