# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""QEMU's options for a machine, and nothing that runs it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from .guest_image import GuestImage

EMULATED_ACCELERATION = "tcg"
KERNEL_PARAMETERS = (
    "root=/dev/vda",
    "rootfstype=ext4",
    "rw",
    "console=ttyS0",
    "quiet",
    "net.ifnames=0",
    "mitigations=off",  # the guest runs nothing but its own tests
    "selinux=0",
    "fsck.mode=skip",
    "systemd.show_status=no",
    "systemd.firstboot=off",
    "noinit_itable",
    "panic=-1",
)
# The engine would load profiles at each start, and few tests confine anything.
UNCONFINED = ("apparmor=0", "audit=0")
CONFINING = ("apparmor=1", "printk.devkmsg=on")  # what is denied, the kernel's log tells
PROBE_PARAMETERS = ("console=ttyS0", "panic=-1", "lab.probe")


@dataclass(frozen=True)
class Machine:
    """What must be the same for a saved state to fit. Memory in MiB."""

    accelerator: str
    processors: int
    memory: int
    apparmor: bool = False

    @property
    def kernel_parameters(self) -> tuple[str, ...]:
        return (*KERNEL_PARAMETERS, *(CONFINING if self.apparmor else UNCONFINED))

    @property
    def processor_model(self) -> str:
        """The processor; emulated, the plainest: what uses AVX or AES, emulated, takes longer.

        Against `max`: SHA-256 in a third of the time, ssh in less than half, Python 5 % less.
        """
        return "host" if self.accelerator == "kvm" else "qemu64"

    @property
    def acceleration(self) -> str:
        return "kvm" if self.accelerator == "kvm" else "tcg,thread=multi"


@dataclass(frozen=True)
class Wiring:
    """Files, sockets and the port of one run of a machine.

    `incoming` is a saved state to start from.
    """

    disk: Path
    monitor: Path
    agent: Path
    console: Path
    ssh_port: int
    incoming: Path | None = None


def common_arguments(machine: Machine) -> list[str]:
    return [
        "-no-user-config",
        "-nodefaults",
        "-display",
        "none",
        "-no-reboot",
        "-machine",
        "q35,vmport=off",
        "-accel",
        machine.acceleration,
        "-cpu",
        machine.processor_model,
        "-smp",
        str(machine.processors),
        "-m",
        str(machine.memory),
    ]


def arguments(machine: Machine, image: GuestImage, wiring: Wiring, name: str) -> list[str]:
    """What runs a guest; ssh is its only port, on the host's loopback."""
    return [
        *common_arguments(machine),
        "-name",
        f"ipsec-strongswan-lab-{name}",
        "-kernel",
        str(image.kernel),
        "-initrd",
        str(image.initrd),
        "-append",
        " ".join(machine.kernel_parameters),
        "-drive",
        f"if=none,id=disk,file={_escape(wiring.disk)},format=qcow2,cache=unsafe,discard=unmap",
        "-device",
        "virtio-blk-pci,drive=disk",
        "-netdev",
        f"user,id=net,ipv6=off,hostfwd=tcp:127.0.0.1:{wiring.ssh_port}-:22",
        "-device",
        "virtio-net-pci,netdev=net,romfile=",
        "-device",
        "virtio-rng-pci",
        "-device",
        "virtio-balloon-pci,free-page-reporting=on",
        "-device",
        "vmgenid,guid=auto",
        "-device",
        "virtio-serial-pci",
        "-chardev",
        f"socket,id=agent,path={_escape(wiring.agent)},server=on,wait=off",
        "-device",
        "virtserialport,chardev=agent,name=org.qemu.guest_agent.0",
        "-chardev",
        f"socket,id=monitor,path={_escape(wiring.monitor)},server=on,wait=off",
        "-mon",
        "chardev=monitor,mode=control",
        "-chardev",
        f"file,id=console,path={_escape(wiring.console)}",
        "-serial",
        "chardev:console",
        *(
            ["-incoming", f"exec:cat {shlex.quote(str(wiring.incoming))}"]
            if wiring.incoming
            else []
        ),
    ]


def probe_arguments(machine: Machine, image: GuestImage) -> list[str]:
    """What boots as far as the token of lab-probe, console on standard output."""
    return [
        *common_arguments(machine),
        "-kernel",
        str(image.kernel),
        "-initrd",
        str(image.initrd),
        "-append",
        " ".join(PROBE_PARAMETERS),
        "-serial",
        "stdio",
    ]


def _escape(path: Path) -> str:
    """QEMU's option parser ends a value at a comma; a doubled one stands for itself."""
    return str(path).replace(",", ",,")
