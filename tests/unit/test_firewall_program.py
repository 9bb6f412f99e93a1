# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role's program for firewalls: what it does with firewalld, and what it refuses.

What it does with nftables is seen in the kernel: molecule/firewall.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAM = Path(__file__).resolve().parents[2] / "roles/strongswan_vti/files/firewall"
# It keeps a file for each configuration and zone that has the service.
FIREWALL_CMD = """#!/bin/sh
[ ! -e "$STATE/stopped" ] || { echo "FirewallD is not running"; exit 252; }
where=runtime
for word; do
    case $word in
    --permanent) where=permanent ;;
    --zone=*) zone=${word#--zone=} ;;
    --get-default-zone) echo public ;;
    --query-service=ipsec) [ -e "$STATE/$where.$zone" ] || exit 1 ;;
    --add-service=ipsec) : >"$STATE/$where.$zone" ;;
    --remove-service=ipsec) rm "$STATE/$where.$zone" ;;
    *) exit 2 ;;
    esac
done
"""
OPENED = """\
firewall-cmd --zone=public --add-service=ipsec
firewall-cmd --permanent --zone=public --add-service=ipsec
"""


@dataclass(frozen=True)
class Firewalld:
    """A stand-in for firewalld, and what calls the program."""

    folder: Path

    def has(self) -> set[str]:
        """Return what has the service, as `runtime.ZONE` and `permanent.ZONE`."""
        return {path.name for path in (self.folder / "state").iterdir()}

    def call(self, lines: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the program of the owner `default` with lines as its standard input."""
        return subprocess.run(
            ["sh", str(PROGRAM), "default", *arguments],
            input=lines,
            env={
                "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
                "STATE": str(self.folder / "state"),
                "RECORDS": str(self.folder / "records"),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def ok(self, lines: str, *arguments: str) -> str:
        """Do the same where it has to succeed; return what it prints."""
        done = self.call(lines, *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout


@pytest.fixture
def firewalld(tmp_path: Path) -> Firewalld:
    """Return a firewalld in which nothing is open."""
    for name in ("bin", "state"):
        (tmp_path / name).mkdir()
    command = tmp_path / "bin/firewall-cmd"
    command.write_text(FIREWALL_CMD)
    command.chmod(0o755)
    return Firewalld(tmp_path)


def test_opens_the_default_zone_once(firewalld: Firewalld) -> None:
    assert firewalld.ok("open firewalld\n", "--check") == OPENED
    assert firewalld.has() == set()
    assert firewalld.ok("open firewalld\n") == OPENED
    assert firewalld.has() == {"runtime.public", "permanent.public"}
    assert firewalld.ok("open firewalld\n") == ""


def test_adds_only_what_is_missing(firewalld: Firewalld) -> None:
    (firewalld.folder / "state/permanent.public").touch()
    assert firewalld.ok("open firewalld\n") == OPENED.splitlines(keepends=True)[0]


def test_closes_what_it_has_opened(firewalld: Firewalld) -> None:
    firewalld.ok("open firewalld\n")
    firewalld.ok("", "--check")
    assert firewalld.has() == {"runtime.public", "permanent.public"}
    assert firewalld.ok("") == OPENED.replace("--add", "--remove")
    assert firewalld.has() == set()
    assert firewalld.ok("") == ""


def test_another_zone_takes_its_place(firewalld: Firewalld) -> None:
    firewalld.ok("open firewalld\n")
    firewalld.ok("open firewalld external\n")
    assert firewalld.has() == {"runtime.external", "permanent.external"}


def test_does_not_close_what_others_have_opened(firewalld: Firewalld) -> None:
    for name in ("runtime.public", "permanent.public"):
        (firewalld.folder / "state" / name).touch()
    assert firewalld.ok("open firewalld\n") == ""
    assert firewalld.ok("") == ""
    assert firewalld.has() == {"runtime.public", "permanent.public"}


def test_a_firewalld_that_does_not_run_is_an_error(firewalld: Firewalld) -> None:
    (firewalld.folder / "state/stopped").touch()
    done = firewalld.call("open firewalld\n")
    assert done.returncode == 1
    assert done.stderr.startswith("<3>firewall: firewalld does not run")


@pytest.mark.parametrize(
    "line",
    [
        'clamp a"b',
        "clamp a b",
        "clamp a-name-that-is-too-long",
        "open inet filter",
        "open inet filter in;put",
        "open arp filter input",
        "open firewalld a b",
        "close everything",
    ],
)
def test_a_line_that_says_nothing_known_is_refused(firewalld: Firewalld, line: str) -> None:
    done = firewalld.call(f"open firewalld\n{line}\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"line '{line}': expected" in done.stderr
    assert firewalld.has() == set()
