# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""QEMU: that of Debian 13, built from packages into the cache and run from there, not installed.

QEMU 7.2 (Debian 12), emulating several processors, runs breakpoints that the guest's kernel has
taken away again (it patches its code for static keys, text_poke_bp): the guest panics, "Oops: int3".
Measured: within a second when sockets get and lose SO_TIMESTAMP beside traffic, which is what `ping`
does; with 10.0, not once in 18,000 times.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import bootstrap
from .cache import Cache
from .progress import step
from .recipe import TRIXIE, Recipe

RECIPE = Recipe("debian13", "emulator", TRIXIE, ("qemu-system-x86", "qemu-utils"))


@dataclass(frozen=True)
class Emulator:
    """Where its packages are unpacked."""

    root: Path

    @property
    def machine(self) -> list[str]:
        """The command that runs a machine, without options for it."""
        data = ("usr/share/qemu", "usr/share/seabios")
        folders = [word for name in data for word in ("-L", str(self.root / name))]
        return [*self._program("qemu-system-x86_64"), *folders]

    @property
    def disks(self) -> list[str]:
        """The command that makes disks."""
        return self._program("qemu-img")

    def _program(self, name: str) -> list[str]:
        # With the libraries that it was built for, which need not be those of this machine.
        return [
            str(self.root / "usr/lib64/ld-linux-x86-64.so.2"),
            "--library-path",
            str(self.root / "usr/lib/x86_64-linux-gnu"),
            str(self.root / "usr/bin" / name),
        ]

    def version(self) -> str:
        """The first line of `qemu-system-x86_64 --version`."""
        words = [*self.machine, "--version"]
        answer = subprocess.run(words, capture_output=True, text=True, check=True)
        return answer.stdout.splitlines()[0]


def entry_name() -> str:
    return f"{RECIPE.kind}-{RECIPE.name}-{RECIPE.hash}"


def of(store: Cache) -> Emulator:
    """QEMU as it is, or will be, in the cache."""
    return Emulator(store.entry(entry_name()) / "root")


def ensure(store: Cache, mirror: str) -> None:
    """Unpack QEMU now if the cache has none."""
    if of(store).root.exists():
        return
    bootstrap.check(RECIPE, store, mirror)
    with store.building(entry_name()) as scratch:
        if scratch is not None:
            with step("unpacking QEMU from packages", 10):
                bootstrap.build(RECIPE, mirror, scratch / "root", store.log(entry_name()))
