# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saved machine states: what one must match, and where it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from .qemu import Machine
from .recipe import Recipe, digest

FORMAT = 1  # raise it when the meaning of a saved state changes


@dataclass(frozen=True)
class SavedState:
    """A machine that had its engine up and its node images stocked, stopped at that moment."""

    folder: Path

    @property
    def disk(self) -> Path:
        """The disk as the machine left it; never written to again."""
        return self.folder / "disk.qcow2"

    @property
    def memory(self) -> Path:
        """Memory and devices, as QEMU's migration writes them."""
        return self.folder / "machine"

    @property
    def complete(self) -> bool:
        return self.disk.exists() and self.memory.exists()


def entry_name(
    guest: Recipe, nodes: Iterable[Recipe], machine: Machine, qemu_version: str, host: str
) -> str:
    """The cache entry of a state that fits exactly: recipes, machine, QEMU and host processor."""
    key = digest(
        FORMAT,
        guest.hash,
        sorted((node.name, node.hash) for node in nodes),
        asdict(machine),
        machine.kernel_parameters,
        machine.processor_model,
        qemu_version,
        host,
    )
    return f"state-{guest.name}-{machine.accelerator}-{key}"


def host_processor(machine: Machine, processor_information: str) -> str:
    """What of /proc/cpuinfo a state depends on: the model and flags under KVM, else nothing."""
    if machine.accelerator != "kvm":
        return ""
    wanted = ("vendor_id", "model name", "flags", "microcode")
    lines = processor_information.split("\n\n", 1)[0].splitlines()
    return "\n".join(line for line in lines if line.split("\t")[0].strip() in wanted)
