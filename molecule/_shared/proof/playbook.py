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
from datetime import datetime
from pathlib import Path
from typing import Any

_SHARED = Path(__file__).resolve().parent.parent


class PlaybookError(Exception):
    """A playbook failed."""


@dataclass(frozen=True)
class Task:
    """What a task returned on a host; when it started and ended on all of them."""

    host: str
    name: str
    result: dict[str, Any]
    started: datetime
    ended: datetime


@dataclass(frozen=True)
class Play:
    """A play of the run, and how long it took."""

    name: str
    seconds: float


@dataclass(frozen=True)
class Played:
    """What a playbook run did: `hosts` that took part, `tasks` and `plays` in their order."""

    hosts: tuple[str, ...]
    tasks: tuple[Task, ...]
    plays: tuple[Play, ...]

    @property
    def changed(self) -> tuple[tuple[str, str], ...]:
        """Tasks that changed something, as (host, task)."""
        return tuple((task.host, task.name) for task in self.tasks if task.result.get("changed"))

    def seconds(self, first: str, last: str) -> float:
        """Return how long it took from the start of a task to the end of another, by their names."""
        started = min(task.started for task in self.tasks if task.name.endswith(first))
        ended = max(task.ended for task in self.tasks if task.name.endswith(last))
        return (ended - started).total_seconds()


def play(scenario: Path, *arguments: str, playbook: str = "converge.yml") -> Played:
    """Run a playbook on a scenario's hosts: one of the shared ones, or any by its whole path.

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
    tasks = [
        Task(
            host,
            task["task"]["name"],
            result,
            *_times(task["task"]),
        )
        for each in report["plays"]
        for task in each["tasks"]
        for host, result in task["hosts"].items()
    ]
    plays = []
    for each in report["plays"]:
        started, ended = _times(each["play"])
        plays.append(Play(each["play"]["name"], (ended - started).total_seconds()))
    return Played(tuple(sorted(report["stats"])), tuple(tasks), tuple(plays))


def _times(reported: dict[str, Any]) -> tuple[datetime, datetime]:
    """Return when a task or a play started and ended."""
    duration = reported["duration"]
    return datetime.fromisoformat(duration["start"]), datetime.fromisoformat(duration["end"])
