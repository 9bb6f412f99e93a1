# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a playbook from a test, as molecule runs it, and read what it did."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SHARED = Path(__file__).resolve().parent.parent


class PlaybookError(Exception):
    """A playbook failed."""


@dataclass(frozen=True)
class Played:
    """What a playbook run did: `changed` tasks as (host, task), `hosts` that took part."""

    hosts: tuple[str, ...]
    changed: tuple[tuple[str, str], ...]


def play(scenario: Path, *arguments: str, playbook: str = "converge.yml") -> Played:
    """Run one of the shared playbooks on a scenario's hosts.

    :raises PlaybookError: it failed on a host.
    """
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("ansible-playbook")),
            f"--inventory={_SHARED / 'inventory' / 'hosts.yml'}",
            f"--inventory={scenario / 'inventory' / 'hosts.yml'}",
            *arguments,
            str(_SHARED / playbook),
        ],
        env={**os.environ, "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise PlaybookError(f"{playbook} {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}")
    return _read(json.loads(done.stdout[done.stdout.index("{") :]))


def _read(report: dict[str, Any]) -> Played:
    changed = [
        (host, task["task"]["name"])
        for each in report["plays"]
        for task in each["tasks"]
        for host, result in task["hosts"].items()
        if result.get("changed")
    ]
    return Played(tuple(sorted(report["stats"])), tuple(changed))
