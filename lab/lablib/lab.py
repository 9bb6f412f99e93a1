# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab as a user sees it: up, down, status, env, run, images, prune."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from . import errors, local, machine, node_image, post_mortem, process, recipe
from .access import Access
from .cache import Cache
from .config import Settings
from .engine import Engine
from .guest_start import Starter
from .progress import say
from .run_folder import Process, Record, RunFolder

RECONNECT_SECONDS = 60.0


class Lab:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Cache(settings.cache)
        self.folder = RunFolder(settings.run)

    def up(self, guest_name: str | None) -> None:
        """Bring the lab up; nothing happens when it is."""
        guest = recipe.guest(guest_name or recipe.DEFAULT_GUEST)
        with self.folder.locked():
            record = self._alive()
            if record is not None:
                if guest_name and record.state == "guest" and record.guest != guest_name:
                    raise errors.wrong_guest(self.settings.name, record.guest, guest_name)
                say(f"the lab {self.settings.name!r} is up already")
                return
            self._end(self.folder.read())
            try:
                self.folder.write(self._start(guest))
            except BaseException:
                self.folder.clear()
                raise
        say(f"the lab {self.settings.name!r} is up: see 'lab/lab env' and 'lab/lab shell'")

    def _start(self, guest: recipe.Recipe) -> Record:
        local_engine = local.usable_engine(self.settings.local_kernel)
        if local_engine is not None:
            return local.start(local_engine, self.store, self.settings)
        nodes = [recipe.node(name) for name in recipe.STOCKED_NODES]
        return Starter(self.settings, self.folder, self.store).up(guest, nodes)

    def down(self) -> None:
        """End all that `up` started and remove all that it wrote outside the cache."""
        if not self.settings.run.exists():
            say(f"the lab {self.settings.name!r} is not up")
            return
        with self.folder.locked():
            self._end(self.folder.read())
        say(f"the lab {self.settings.name!r} is down")

    def _end(self, record: Record | None) -> None:
        self._tell_why_broken(record)
        if record is not None:
            machine.end_known(record.forward)
            machine.end_known(record.qemu)
            if record.container is not None:
                local.stop(record)
        self.folder.clear()

    def _tell_why_broken(self, record: Record | None) -> None:
        for line in post_mortem.of(record, self.folder.path):
            say(line)

    def _alive(self) -> Record | None:
        """The record of a lab whose engine answers, its connection mended if it broke."""
        record = self.folder.read()
        if record is None:
            return None
        if record.state == "local":
            return record if local.is_up(record) else None
        if not machine.is_running(record.qemu):
            return None
        engine = Engine(self.settings.docker_socket)
        # Busy is not broken: others may have calls under way through this connection.
        if machine.is_running(record.forward) and engine.wait(RECONNECT_SECONDS):
            return record
        self._tell_why_broken(record)
        say("the connection to the guest broke: making it again")
        machine.end_known(record.forward)
        access = self._access(record)
        try:
            pid = access.start_forward(self.folder.path / "ssh.log", RECONNECT_SECONDS)
        except errors.LabError:
            return None
        forward = Process(pid, process.start_time(pid) or "")
        mended = Record(**{**vars(record), "forward": forward})
        self.folder.write(mended)
        return mended if engine.wait(RECONNECT_SECONDS) else None

    def _access(self, record: Record) -> Access:
        return Access(self.folder.path, record.ssh_port)

    def record(self) -> Record:
        """The record of the lab; LabError when it is not up."""
        record = self.folder.read()
        if record is None:
            raise errors.not_up(self.settings.name)
        if record.state == "guest" and not machine.is_running(record.qemu):
            raise errors.not_up(self.settings.name)
        return record

    def environment(self) -> dict[str, str]:
        """What a shell must export to use the lab's engine."""
        record = self.record()
        values = {"DOCKER_HOST": record.docker_host or ""}
        values["LAB_GUEST"] = record.guest
        if record.state == "guest":
            values["LAB_SSH_PORT"] = str(record.ssh_port)
        return values

    def status(self) -> str:
        """A few lines on the lab; the first says `up` or `down`."""
        record = self.folder.read()
        if record is None:
            return f"lab {self.settings.name}: down"
        if record.state == "local":
            state = "up" if local.is_up(record) else "broken: run 'lab/lab up'"
            return f"lab {self.settings.name}: {state}\nkernel: this machine's own"
        lost = post_mortem.what_is_lost(record, self.folder.path)
        answers = not lost and Engine(self.settings.docker_socket).answers()
        state = lost or ("up" if answers else "broken: run 'lab/lab up'")
        return "\n".join(
            [
                f"lab {self.settings.name}: {state}",
                f"guest: {record.guest} ({record.accelerator})",
                f"ssh: 127.0.0.1 port {record.ssh_port}",
                f"engine: {record.docker_host}",
                f"folder: {self.folder.path}",
                f"cache: {self.settings.cache}",
            ]
        )

    def run(self, command: Sequence[str], *, terminal: bool) -> int:
        """A command in the guest as root (a shell when empty); its exit code."""
        record = self.record()
        if record.state == "local":
            return local.run(record, command, terminal=terminal)
        argv = self._access(record).command_arguments(command, terminal=terminal)
        return subprocess.run(argv, check=False).returncode

    def images(self, names: Sequence[str]) -> None:
        """Make sure that the engine has these node images (the stocked ones when none is named)."""
        nodes = [recipe.node(name) for name in names or recipe.STOCKED_NODES]
        record = self.record()
        engine = Engine(Path((record.docker_host or "").removeprefix("unix://")))
        with self.folder.locked():
            node_image.ensure_all_imported(nodes, engine, self.store, self.settings.mirror)

    def prune(self) -> None:
        """Remove the cache: images and saved states, built again when needed."""
        if self.folder.read() is not None:
            raise errors.still_up(self.settings.name)
        self.store.remove_all()
        say(f"removed {self.settings.cache}")


def interactive() -> bool:
    """Whether a person sits at this command."""
    return os.isatty(0) and os.isatty(1)
