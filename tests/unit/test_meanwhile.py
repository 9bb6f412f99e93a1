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
LONG = "trap 'echo ended' EXIT; sleep 60"


def start(first: str, second: str) -> subprocess.Popen[str]:
    words = [str(TOOL), "bash", "-c", first, "--", "bash", "-c", second]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("echo one", "echo two", 0),
        ("echo one; sleep 0.3", "echo two", 0),
        ("echo one", "sleep 0.3; echo two", 0),
        ("echo one; exit 3", "echo two; sleep 0.2", 3),
        ("sleep 0.3; echo one; exit 3", "echo two", 3),
        ("echo one", "sleep 0.3; echo two; exit 4", 4),
    ],
)
def test_both_run_and_are_told(first: str, second: str, code: int) -> None:
    running = start(first, second)
    said = running.communicate(timeout=20)[0]
    assert running.returncode == code
    assert said.splitlines().count("one") == said.splitlines().count("two") == 1


@pytest.mark.parametrize(("first", "second"), [("exit 3", LONG), (LONG, "sleep 0.2; exit 3")])
def test_the_other_is_ended_when_one_fails(first: str, second: str) -> None:
    running = start(first, second)
    said = running.communicate(timeout=20)[0]
    assert running.returncode == 3
    assert "ended" in said.splitlines()


def test_both_are_ended_with_it() -> None:
    running = start(LONG, LONG)
    time.sleep(0.5)  # until both run
    running.send_signal(signal.SIGTERM)
    said = running.communicate(timeout=20)[0]
    assert running.returncode == 143
    assert "ended" in said.splitlines()
