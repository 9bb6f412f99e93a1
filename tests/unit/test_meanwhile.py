# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tools/meanwhile: two commands at the same time, and the exit code of the one that failed."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools/meanwhile"


def start(first: str, second: str) -> subprocess.Popen[str]:
    words = [str(TOOL), "bash", "-c", first, "--", "bash", "-c", second]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def long(ready: Path) -> str:
    """Return a command that says when it is ended, and makes a file when it can."""
    return f"trap 'echo ended' EXIT; touch {ready}; sleep 60"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("echo one", "echo two"),
        ("echo one; sleep 0.3", "echo two"),
        ("echo one", "sleep 0.3; echo two"),
    ],
)
def test_both_run_and_are_told(first: str, second: str) -> None:
    running = start(first, second)
    said = running.communicate(timeout=60)[0].splitlines()
    assert running.returncode == 0
    assert said.count("one") == said.count("two") == 1


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [("echo it; exit 3", "true", 3), ("true", "echo it; exit 4", 4)],
)
def test_the_one_that_fails_is_told(first: str, second: str, code: int) -> None:
    running = start(first, second)
    said = running.communicate(timeout=60)[0].splitlines()
    assert running.returncode == code
    assert said.count("it") == 1


@pytest.mark.parametrize("first_fails", [True, False])
def test_the_other_is_ended_when_one_fails(tmp_path: Path, first_fails: bool) -> None:
    ready = tmp_path / "ready"
    fails = f"until [ -e {ready} ]; do sleep 0.05; done; exit 3"
    running = start(fails, long(ready)) if first_fails else start(long(ready), fails)
    said = running.communicate(timeout=60)[0]
    assert running.returncode == 3
    assert "ended" in said.splitlines()


def test_both_are_ended_with_it(tmp_path: Path) -> None:
    ready = [tmp_path / "first", tmp_path / "second"]
    running = start(*map(long, ready))
    while not all(one.exists() for one in ready):
        time.sleep(0.05)
    running.send_signal(signal.SIGTERM)
    said = running.communicate(timeout=60)[0]
    assert running.returncode == 143
    assert "ended" in said.splitlines()
