# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Debian's AppArmor profile of charon-systemd lets it execute, against what it executes for the hook.

Nothing is enforced here: the kernel has AppArmor off, but for `make apparmor` (tests/apparmor).
"""

from __future__ import annotations

import re
import time
from pathlib import Path

from ansible_collections.ipsec.strongswan.tests.charon.pair import wait_until
from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.updown.row import Row

ABOUT = "client"
COLUMNS = ("ours",)
PROFILE = Path("/etc/apparmor.d/usr.sbin.charon-systemd")
TO_UNCONFINED = re.compile(r"[pPcC]?[uU]x")  # the last resort of a transition is no profile at all


def _alternatives(path: str) -> list[str]:
    """Return the paths that a rule's path with braces stands for."""
    found = re.search(r"\{([^{}]*)\}", path)
    if not found:
        return [path]
    return [
        text
        for one in found.group(1).split(",")
        for text in _alternatives(path[: found.start()] + one + path[found.end() :])
    ]


def _modes(profile: str, program: str) -> list[str]:
    """Return the modes of a profile's rules for a program that is named without wildcards."""
    rules = re.findall(r"^\s*(deny\s+)?(/\S+)\s+(\w+),", profile, re.MULTILINE)
    return [f"{deny}{mode}".strip() for deny, path, mode in rules if program in _alternatives(path)]


def test_charon_executes_only_the_shell(row: Row, tmp_path: Path) -> None:
    """AppArmor: charon itself executes the shell, and its profile lets that go unconfined."""
    row.client.retransmit_tries = 6  # traced and emulated, it takes its time
    row.gateway_up()
    row.start(row.client)
    trace = tmp_path / "trace"
    words = ["strace", "-f", "-qq", "-e", "trace=execve", "-o", str(trace), "-p"]
    with shell.beside(*words, str(row.client.pid)):
        tasks = Path(f"/proc/{row.client.pid}/task")
        wait_until(
            lambda: all(
                "TracerPid:\t0" not in (one / "status").read_text() for one in tasks.iterdir()
            ),
            "strace is not attached",
        )
        row.client_up(row.client)
        row.check()
        row.gone()
        time.sleep(0.2)  # strace writes what it has seen
    first: dict[str, str] = {}  # what each process executes first, it executes as charon's child
    for process, program in re.findall(
        r'^(\d+) +execve\("([^"]+)"', trace.read_text(), re.MULTILINE
    ):
        first.setdefault(process, program)
    calls = [program for program in first.values() if program == "/bin/sh"]
    assert len(calls) >= 4, first  # up and down, in two families
    program = str(Path("/bin/sh").resolve())
    modes = _modes(PROFILE.read_text(), program)
    assert modes, f"no rule for {program}"
    assert all(TO_UNCONFINED.search(mode) for mode in modes), modes
    assert not list(PROFILE.parent.glob(f"*bin.{Path(program).name}")), "the shell has a profile"
