# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tools/run-steps: in order, up to the first that fails; once more only where the lab was lost below it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools/run-steps"
UP, DOWN, LOST = 0, 3, 4  # exit codes of lab/lab status


def script(path: Path, *lines: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(("#!/bin/sh", *lines, "")))
    path.chmod(0o755)


def run(folder: Path, lab: int, broken: int, *steps: str) -> tuple[int, str, list[str]]:
    """Run steps, of which "broken" fails so many times; return exit code, output and what ran."""
    (folder / "tools").mkdir()
    shutil.copy(TOOL, folder / "tools")
    script(folder / "lab/lab", f"echo of the lab; exit {lab}")
    made = folder / "made"
    script(
        folder / "make",
        f"echo $2 >>{made}",
        f'[ "$2" != broken ] || [ $(grep -c broken {made}) -gt {broken} ] || exit 2',
    )
    environment = {**os.environ, "MAKE": str(folder / "make")}
    done = subprocess.run(
        [str(folder / "tools/run-steps"), *steps],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, made.read_text().split()


def test_steps_run_in_order_and_are_told_with_their_times(tmp_path: Path) -> None:
    code, said, made = run(tmp_path, UP, 0, "lint", "unit")
    assert (code, made) == (0, ["lint", "unit"])
    assert "All passed in 0 s: lint 0 s, unit 0 s" in said


@pytest.mark.parametrize("lab", [UP, DOWN])
def test_a_step_that_fails_ends_it(tmp_path: Path, lab: int) -> None:
    code, said, made = run(tmp_path, lab, 1, "lint", "broken", "unit")
    assert (code, made) == (2, ["lint", "broken"])
    assert "=== broken FAILED after 0 s (make broken)" in said


def test_a_step_below_which_the_lab_was_lost_runs_once_more_and_that_is_told(
    tmp_path: Path,
) -> None:
    code, said, made = run(tmp_path, LOST, 1, "broken", "unit")
    assert (code, made) == (0, ["broken", "broken", "unit"])
    assert "=== broken: the lab was lost after 0 s, the step runs once more" in said
    assert "All passed in 0 s: LAB LOST in broken 0 s, broken 0 s, unit 0 s" in said


def test_it_runs_only_once_more(tmp_path: Path) -> None:
    code, _said, made = run(tmp_path, LOST, 2, "broken", "unit")
    assert (code, made) == (2, ["broken", "broken"])
