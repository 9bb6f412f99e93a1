# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Debian's AppArmor profiles, loaded so that the kernel enforces them, and what it denies."""

from __future__ import annotations

import contextlib
import re
import subprocess
import typing as t
from dataclasses import dataclass, field
from pathlib import Path

PROFILES = Path("/etc/apparmor.d")
SECURITY = Path("/sys/kernel/security")
PARSER = ("apparmor_parser", "--skip-cache", "--base", str(PROFILES))


@dataclass
class Enforced:
    """Profiles that are enforced now, and what the kernel's log said before."""

    names: tuple[str, ...]
    _before: int = field(default_factory=lambda: len(_log()))

    def denied(self) -> list[str]:
        """Return what the kernel has denied to these profiles since they were loaded."""
        return [
            line
            for line in _log()[self._before :]
            if 'apparmor="DENIED"' in line and any(f'profile="{one}"' in line for one in self.names)
        ]


def confinement(pid: int) -> str:
    """Return the profile and the mode of a process, as C(/usr/sbin/charon-systemd (enforce))."""
    return Path(f"/proc/{pid}/attr/current").read_text().strip()


@contextlib.contextmanager
def enforced(programs: dict[str, str], additions: str) -> t.Iterator[Enforced]:
    """Enforce Debian's profiles of programs, given by the profile's file and the program.

    The additions are rules for what tests keep elsewhere than a host does. They go where an administrator's
    go: C(/etc/apparmor.d/local).
    """
    if not (SECURITY / "apparmor").exists():
        _run("mount", "-t", "securityfs", "securityfs", str(SECURITY))
    loaded = Enforced(tuple(programs.values()))
    with contextlib.ExitStack() as stack:
        for name in programs:
            (PROFILES / "local" / name).write_text(additions)
            text = _without_complain((PROFILES / name).read_text())
            stack.callback(_run, *PARSER, "--remove", given=text)
            _run(*PARSER, "--replace", given=text)
        yield loaded


def _without_complain(profile: str) -> str:
    """Return a profile's text with its flag for complain mode left out."""

    def flags(found: re.Match[str]) -> str:
        left = [one for one in re.split(r"[\s,]+", found[1]) if one not in ("", "complain")]
        return f"flags=({','.join(left)})" if left else ""

    return re.sub(r"flags=\(([^)]*)\)", flags, profile)


def _log() -> list[str]:
    return _run("dmesg").splitlines()


def _run(*words: str, given: str = "") -> str:
    done = subprocess.run(words, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stdout}{done.stderr}"
    return done.stdout
