# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What charon tells of itself and of what it holds, as a module's result (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.answer import Answer
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.moment import (
    Moment,
    iso,
    local_moment,
)

Facts = t.Dict[str, t.Any]
Told = t.Mapping[str, t.Any]


def daemon_facts(told: Told) -> Facts:
    """Return the daemon and its version."""
    answer = Answer(told)
    return {
        "name": answer.text("daemon"),
        "version": answer.text("version"),
        "sysname": answer.text("sysname"),
        "release": answer.text("release"),
        "machine": answer.text("machine"),
    }


def stats_facts(told: Told, now: Moment) -> Facts:
    """Return how long the daemon runs, and what it is busy with."""
    answer = Answer(told)
    since = local_moment(answer.section("uptime").text("since"))
    workers = answer.section("workers")
    ike_sas = answer.section("ikesas")
    return {
        "started_at": iso(since) if since else None,
        "uptime_seconds": round((now - since).total_seconds()) if since else None,
        "workers": {
            "total": workers.count("total"),
            "idle": workers.count("idle"),
            "active": _numbers(workers.section("active")),
        },
        "queues": _numbers(answer.section("queues")),
        "scheduled": answer.count("scheduled"),
        "ike_sas": {"total": ike_sas.count("total"), "half_open": ike_sas.count("half-open")},
    }


def plugin_facts(told: Told) -> t.List[str]:
    """Return the names of the plugins in the order in which they were loaded."""
    return list(Answer(told).texts("plugins"))


def algorithm_facts(told: Told) -> t.List[Facts]:
    """Return the algorithms."""
    return [
        {"name": name, "type": kind, "plugin": plugin}
        for kind, section in Answer(told).sections()
        for name, plugin in section.values()
    ]


def policy_facts(told: Told) -> t.List[Facts]:
    """Return the policies of one C(list-policy) event."""
    facts = []
    for name, policy in Answer(told).sections():
        mode = policy.text("mode").lower()
        facts.append(
            {
                "name": name,
                "connection": policy.text("ike"),
                "child": policy.text("child"),
                "kind": mode if mode in {"pass", "drop"} else "trap",
                "mode": mode,
                "local_ts": list(policy.texts("local-ts")),
                "remote_ts": list(policy.texts("remote-ts")),
            }
        )
    return facts


def counter_facts(told: Told) -> t.List[Facts]:
    """Return the counters: those of all connections first, under an empty name."""
    return [{"name": name, **_numbers(section)} for name, section in sorted(_by_name(told).items())]


def pool_facts(told: Told) -> t.Dict[str, Facts]:
    """Return the pools that charon holds, by name."""
    return {
        name: {
            "base": pool.text("base"),
            "size": pool.count("size"),
            "online": pool.count("online"),
            "offline": pool.count("offline"),
            "leases": _leases(pool),
        }
        for name, pool in Answer(told).sections()
    }


def authority_facts(told: t.Iterable[Told]) -> t.Dict[str, Facts]:
    """Return the certification authorities that charon holds, by name."""
    return {
        name: {
            "cacert": authority.text("cacert"),
            "crl_uris": list(authority.texts("crl_uris")),
            "ocsp_uris": list(authority.texts("ocsp_uris")),
            "cert_uri_base": authority.text("cert_uri_base") or None,
        }
        for event in told
        for name, authority in Answer(event).sections()
    }


def _leases(pool: Answer) -> t.Optional[t.List[Facts]]:
    """Return the leases; None if there were too many to ask for."""
    if "leases" not in pool:
        return None
    return [
        {
            "address": lease.text("address"),
            "identity": lease.text("identity"),
            "online": lease.text("status") == "online",
        }
        for _index, lease in pool.section("leases").sections()
    ]


def _by_name(told: Told) -> t.Dict[str, Answer]:
    return dict(Answer(told).sections())


def _numbers(section: Answer) -> t.Dict[str, int]:
    return {name.replace("-", "_"): section.count(name) for name, _text in section.values()}
