# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that stands in the way of a run, found before anything is changed (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight import (
    CHECKS,
    ERROR,
    WARNING,
    HostFacts,
    Problem,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight_child import (
    PlannedChild,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight_wanted import Wanted
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan import (
    preflight_devices as devices,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan import (
    preflight_networks as networks,
)

DAEMONS = {
    "pluto": "Libreswan",
    "charon": "strongSwan by starter",
    "charon-systemd": "strongSwan by charon-systemd",
    "iked": "OpenIKED",
    "racoon": "racoon",
}
"""Programs that hold the ports and the policies of IKE."""


def find_problems(
    wanted: Wanted, facts: HostFacts, files: t.Sequence[PlannedChild]
) -> t.List[Problem]:
    """Return all problems; O(files) are the children of the files that are on the host."""
    kept = [one for one in files if one.connection not in wanted.connections]
    return [
        *devices.kernel_problems(wanted, facts),
        *_package_problems(wanted),
        *_daemon_problems(wanted, facts),
        *devices.device_problems(wanted, facts),
        *devices.mark_problems(wanted, facts),
        *devices.wildcard_problems(replace(wanted, children=(*wanted.children, *kept)), facts),
        *_policy_based_problems(wanted, (*wanted.children, *kept)),
        *networks.network_problems(wanted, facts),
        *networks.networkd_problems(wanted, facts),
        *networks.rp_filter_problems(wanted, facts),
        *networks.forwarding_problems(wanted, facts),
    ]


def tolerated(problems: t.Iterable[Problem], names: t.Collection[str]) -> t.List[Problem]:
    """Return the problems, those that somebody tolerates as warnings.

    :raises InputError: there is no such check.
    """
    unknown = sorted(set(names) - set(CHECKS))
    if unknown:
        raise InputError(
            f"tolerate '{unknown[0]}': there is no such check; expected some of {', '.join(CHECKS)}"
        )
    return [replace(one, severity=WARNING) if one.check in names else one for one in problems]


def summary(problems: t.Sequence[Problem]) -> str:
    """Return all errors as one message, a line each; nothing if there are none."""
    errors = [one for one in problems if one.severity == ERROR]
    if not errors:
        return ""
    count = "1 problem stands" if len(errors) == 1 else f"{len(errors)} problems stand"
    lines = [f"{number}. {one.sentence}" for number, one in enumerate(errors, start=1)]
    return "\n".join([f"{count} in the way, and nothing was changed:", *lines])


def _package_problems(wanted: Wanted) -> t.Iterator[Problem]:
    for name in wanted.packages:
        yield Problem(
            "packages",
            f"package {name}",
            f"this host has the package {name}, which runs charon, too",
            f"what {wanted.service} comes with, and no other daemon",
            "set strongswan_vti_daemon to what the host has, or remove the package by hand (its"
            " tunnels go down)",
        )


def _daemon_problems(wanted: Wanted, facts: HostFacts) -> t.Iterator[Problem]:
    for process in facts.processes:
        if process.name in DAEMONS and process.unit != wanted.service:
            unit = f"unit {process.unit}" if process.unit else "no unit of systemd"
            yield Problem(
                "daemons",
                f"process {process.pid} ({process.name})",
                f"{DAEMONS[process.name]} runs on this host, by {unit}",
                f"no IKE daemon but that of {wanted.service}",
                f"stop and disable it (systemctl disable --now {process.unit})"
                if process.unit
                else "end it, and what starts it",
            )


def _policy_based_problems(
    wanted: Wanted, children: t.Sequence[PlannedChild]
) -> t.Iterator[Problem]:
    """Name the children that charon's own routes, which are about to be off, lead traffic into."""
    if wanted.install_routes:
        return
    for child in children:
        if child.policy_based:
            virtual = child.dynamic
            yield Problem(
                "policy_based",
                child.object,
                "it has no mark and no if_id, and charon's install_routes is off: "
                + (
                    "nothing chooses its virtual address as the source"
                    if virtual
                    else "only routes of others lead its traffic, and choose its source address"
                ),
                "mark_out or if_id_out with a tunnel device, or routes of its own",
                "give it a device; or set strongswan_vti_install_routes: true on a host that has"
                " XFRM interfaces only",
                ERROR if virtual else WARNING,
            )
