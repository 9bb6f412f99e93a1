# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which accelerator: KVM only after a guest kernel has booted under it, else emulation."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from . import qemu
from .emulator import Emulator
from .guest_image import GuestImage
from .progress import say
from .recipe import digest

DEVICE = Path("/dev/kvm")
TOKEN = b"LAB-PROBE-BOOTED"
PROBE_SECONDS = 8.0  # a working KVM needs one or two


def choose(wanted: str, device_opens: bool, boots: Callable[[], bool]) -> str:
    """`kvm` or `tcg`. The probe is not run when the user or the device has decided already."""
    if wanted != "auto":
        return wanted
    return "kvm" if device_opens and boots() else "tcg"


def device_opens(device: Path = DEVICE) -> bool:
    """Whether the device node can be opened; that it can proves nothing yet."""
    try:
        os.close(os.open(device, os.O_RDWR | os.O_CLOEXEC))
    except OSError:
        return False
    return True


def answer_key(kernel: str, qemu_version: str, boot_id: str) -> str:
    """A probe's answer holds for one guest kernel, one QEMU, and one boot of the host."""
    return digest(kernel, qemu_version, boot_id)


def boots(emulator: Emulator, image: GuestImage, memory: int, answers: Path) -> bool:
    """Whether the guest's kernel reaches its first program under KVM; remembered in `answers`."""
    boot_id = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    key = answer_key(image.folder.name, emulator.version(), boot_id)
    try:
        known = json.loads(answers.read_text())
    except (OSError, ValueError):
        known = {}
    if key not in known:
        known = {key: _probe(emulator, image, memory)}
        answers.parent.mkdir(parents=True, exist_ok=True)
        answers.write_text(json.dumps(known))
    return bool(known[key])


def _probe(emulator: Emulator, image: GuestImage, memory: int) -> bool:
    say(f"probing whether KVM boots a guest (at most {PROBE_SECONDS:.0f} s)")
    options = qemu.probe_arguments(qemu.Machine("kvm", 1, min(memory, 512)), image)
    with subprocess.Popen(
        [*emulator.machine, *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as guest:
        try:
            booted = _read_token(guest, PROBE_SECONDS)
        finally:
            guest.kill()
    say("KVM works" if booted else "KVM does not boot a guest here: emulating")
    return booted


def _read_token(guest: subprocess.Popen[bytes], seconds: float) -> bool:
    assert guest.stdout is not None
    seen = b""
    limit = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(guest.stdout, selectors.EVENT_READ)
        while (left := limit - time.monotonic()) > 0:
            if not selector.select(left):
                return False
            part = os.read(guest.stdout.fileno(), 65536)
            if not part:
                return False
            seen += part
            if TOKEN in seen:
                return True
    return False
