# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running QEMU: started, asked, ended."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shlex
import signal
import subprocess
import time
from pathlib import Path

from . import control, errors, process, qemu
from .access import Keys
from .emulator import Emulator
from .guest_image import GuestImage
from .run_folder import Process

RENEW_SECONDS = 120.0
SAVE_SECONDS = 300.0


class GuestMachine:
    """One QEMU process with its sockets in the run folder."""

    def __init__(
        self, emulator: Emulator, image: GuestImage, machine: qemu.Machine, wiring: qemu.Wiring
    ) -> None:
        self.emulator = emulator
        self.image = image
        self.machine = machine
        self.wiring = wiring
        self.process: subprocess.Popen[bytes] | None = None
        self.messages = wiring.console.with_name("qemu.log")

    def start(self, name: str) -> Process:
        """Start QEMU and wait for its monitor; LabError when it ends before."""
        for path in (self.wiring.monitor, self.wiring.agent):
            path.unlink(missing_ok=True)
        options = qemu.arguments(self.machine, self.image, self.wiring, name)
        with self.messages.open("wb") as output:
            self.process = subprocess.Popen(
                [*self.emulator.machine, *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "PATH": process.search_path()},
            )
        limit = time.monotonic() + 20
        while True:
            self.check_alive()
            try:
                with control.monitor(self.wiring.monitor):
                    break
            except control.ControlError:
                if time.monotonic() > limit:
                    raise
                time.sleep(0.02)
        started = process.start_time(self.process.pid)
        return Process(self.process.pid, started or "")

    def check_alive(self) -> None:
        """LabError when QEMU has ended, with what it said."""
        if self.process is None or self.process.poll() is None:
            return
        text = self.messages.read_text(errors="replace").strip()
        if "Could not set up host forwarding rule" in text:
            raise errors.port_taken(self.wiring.ssh_port)
        last = text.splitlines()[-1] if text else f"exit code {self.process.returncode}"
        raise errors.guest_died(last, str(self.wiring.console))

    def wait_for_agent(self, seconds: float) -> None:
        """Wait until the guest agent answers; LabError when it does not in that time."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            self.check_alive()
            try:
                with control.agent(self.wiring.agent, timeout=2.0):
                    return
            except control.ControlError:
                time.sleep(0.1)
        raise errors.guest_silent(seconds, str(self.wiring.console))

    def renew(self, keys: Keys) -> None:
        """Give the guest the time of day, fresh randomness and the keys of this run."""
        given = {
            "time": time.time(),
            "entropy": base64.b64encode(os.urandom(256)).decode(),
            "host_key": keys.host_private,
            "authorized_key": keys.user_public,
        }
        self.run_in_guest("/usr/local/sbin/lab-renew", given=json.dumps(given).encode())

    def run_in_guest(self, path: str, *arguments: str, given: bytes = b"") -> str:
        """Run a program through the agent (before there is ssh); what it wrote."""
        try:
            with control.agent(self.wiring.agent, timeout=60.0) as agent:
                return control.guest_execute(agent, path, list(arguments), given, RENEW_SECONDS)
        except control.ControlError as error:
            self.check_alive()
            raise errors.guest_died(str(error), str(self.wiring.console)) from error

    def save(self, state: Path) -> None:
        """Stop the machine and write its state; ControlError when QEMU cannot."""
        with control.monitor(self.wiring.monitor) as monitor:
            monitor.execute("stop")
            monitor.execute("migrate-set-parameters", **{"max-bandwidth": 1 << 33})
            monitor.execute("migrate", uri=f"exec:cat > {shlex.quote(str(state))}")
            limit = time.monotonic() + SAVE_SECONDS
            while time.monotonic() < limit:
                status = monitor.execute("query-migrate").get("status")
                if status == "completed":
                    return
                if status in ("failed", "cancelled"):
                    break
                time.sleep(0.1)
        raise control.ControlError(f"saving the machine's state: {status}")

    def wait_until_resumed(self, seconds: float) -> None:
        """Wait until a machine with an incoming state runs; ControlError or LabError if not."""
        limit = time.monotonic() + seconds
        with control.monitor(self.wiring.monitor) as monitor:
            while time.monotonic() < limit:
                self.check_alive()
                status = monitor.execute("query-status")["status"]
                if status == "running":
                    return
                if status == "paused":
                    monitor.execute("cont")
                time.sleep(0.05)
        raise control.ControlError("the saved state was not taken in time")

    def quit(self) -> None:
        """End QEMU and wait for it."""
        if self.process is None:
            return
        with contextlib.suppress(control.ControlError), control.monitor(self.wiring.monitor) as it:
            it.execute("quit")
        end(self.process.pid)
        self.process.wait()


def end(pid: int, seconds: float = 5.0) -> None:
    """End a process: asked first, then forced."""
    for number, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, seconds)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        limit = time.monotonic() + patience
        while time.monotonic() < limit:
            if process.start_time(pid) is None:
                return
            time.sleep(0.02)


def is_running(known: Process | None) -> bool:
    return known is not None and process.start_time(known.pid) == known.started


def end_known(known: Process | None) -> None:
    """End a process from a record, if it still is that process."""
    if known is not None and is_running(known):
        end(known.pid)


def make_overlay(
    emulator: Emulator, base: Path, base_format: str, overlay: Path, log: Path
) -> None:
    """A throw-away disk over one that never changes."""
    argv = [*emulator.disks, "create", "-q", "-f", "qcow2", "-b", str(base), "-F", base_format]
    if process.run_logged([*argv, str(overlay)], log) != 0:
        raise errors.build_failed("the disk", str(log), log.read_text().strip()[-200:])
