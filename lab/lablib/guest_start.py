# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing a guest up: from a saved state where one fits, else by a cold boot that makes one."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from . import (
    cache,
    control,
    emulator,
    errors,
    guest_image,
    kvm,
    machine,
    node_image,
    process,
    qemu,
    saved_state,
)
from .access import Access, check_port, free_port
from .cache import Cache
from .config import Settings
from .engine import Engine
from .guest_image import GuestImage
from .machine import GuestMachine
from .progress import say, step
from .recipe import Recipe
from .run_folder import Process, Record, RunFolder
from .saved_state import SavedState

RESUME_SECONDS = 30.0


@dataclass(frozen=True)
class Running:
    """A guest whose engine answers."""

    guest: GuestMachine
    qemu: Process
    forward: Process


class Starter:
    """One `up`: everything that it needs, and the record that it leaves."""

    def __init__(self, settings: Settings, folder: RunFolder, store: Cache) -> None:
        self.settings = settings
        self.folder = folder
        self.store = store
        self.emulator = emulator.of(store)
        if settings.ssh_port is not None:
            check_port(settings.ssh_port)
        self.access = Access(folder.path, settings.ssh_port or free_port())

    def up(self, guest: Recipe, nodes: list[Recipe]) -> Record:
        """Bring the guest up with the node images in its engine; the record of it."""
        process.require("ssh", "ssh-keygen")
        self.store.need_space(cache.FREE_TO_RUN)
        with self._building(nodes) as built:
            emulator.ensure(self.store, self.settings.mirror)
            image = guest_image.ensure(guest, self.store, self.settings.mirror)
            size = self._machine(image)
            running = self._from_state(image, size, nodes, built)
            if running is None:
                running = self._cold(image, size, nodes, built, None)
        return Record(
            guest=guest.name,
            state="guest",
            accelerator=size.accelerator,
            ssh_port=self.access.port,
            qemu=running.qemu,
            forward=running.forward,
            docker_host=f"unix://{self.access.docker_socket}",
        )

    @contextlib.contextmanager
    def _building(self, nodes: list[Recipe]) -> Iterator[Future[None]]:
        """The node images' files are built beside the guest's image and its boot."""
        pool = ThreadPoolExecutor(max_workers=1)
        try:
            yield pool.submit(node_image.ensure_all_built, nodes, self.store, self.settings.mirror)
        except BaseException:
            process.end_all()
            raise
        finally:
            pool.shutdown(cancel_futures=True)

    def _machine(self, image: GuestImage) -> qemu.Machine:
        answers = self.store.entry("kvm-probe.json")
        accelerator = kvm.choose(
            self.settings.accelerator,
            kvm.device_opens(),
            lambda: kvm.boots(self.emulator, image, self.settings.memory, answers),
        )
        return qemu.Machine(
            accelerator,
            self.settings.processors,
            self.settings.memory,
            apparmor=self.settings.apparmor,
        )

    def _from_state(
        self, image: GuestImage, size: qemu.Machine, nodes: list[Recipe], built: Future[None]
    ) -> Running | None:
        """Resume the state that fits, made first if there is none; None when states do not work."""
        if not self.settings.use_saved_state:
            return None
        information = Path("/proc/cpuinfo").read_text()
        host = saved_state.host_processor(size, information)
        name = saved_state.entry_name(image.recipe, nodes, size, self.emulator.version(), host)
        with self.store.building(name) as scratch:
            if scratch is not None:
                state = SavedState(scratch)
                with self._ended_after(self._cold(image, size, nodes, built, state)) as running:
                    self._save(running, state)
        try:
            return self._resume(image, size, SavedState(self.store.entry(name)))
        except (control.ControlError, errors.LabError) as error:
            say(f"the saved state does not resume ({error}): booting cold")
            self.store.remove(name)
            return None

    def _resume(self, image: GuestImage, size: qemu.Machine, state: SavedState) -> Running:
        with step("starting the guest from its saved state", 8):
            overlay = self._overlay(state.disk, "qcow2", self._scratch_disk())
            wiring = replace(self._wiring(overlay), incoming=state.memory)
            guest = GuestMachine(self.emulator, image, size, wiring)
            with self._ended_on_error(guest):
                started = guest.start(self.settings.name)
                guest.wait_until_resumed(RESUME_SECONDS)
                overlay.unlink()  # QEMU opened it for good only now
                return self._connect(guest, started, RESUME_SECONDS)

    def _cold(
        self,
        image: GuestImage,
        size: qemu.Machine,
        nodes: list[Recipe],
        built: Future[None],
        state: SavedState | None,
    ) -> Running:
        """Boot, wait for the engine, import the node images. `state` says where the disk stays."""
        disk = state.disk if state else self._scratch_disk()
        overlay = self._overlay(image.disk, "raw", disk)
        guest = GuestMachine(self.emulator, image, size, self._wiring(overlay))
        with self._ended_on_error(guest):
            usual = 12 if size.accelerator == "kvm" else 60
            with step(f"booting the guest {image.recipe.name} ({size.accelerator})", usual):
                started = guest.start(self.settings.name)
                if state is None:
                    overlay.unlink()
                running = self._connect(guest, started, self.settings.boot_timeout)
            built.result()
            engine = Engine(self.access.docker_socket)
            node_image.ensure_all_imported(nodes, engine, self.store, self.settings.mirror)
            return running

    def _save(self, running: Running, state: SavedState) -> None:
        with step("saving the machine's state for fast starts", 10):
            machine.end_known(running.forward)
            running.guest.run_in_guest("/usr/local/sbin/lab-forget")
            running.guest.save(state.memory)

    def _connect(self, guest: GuestMachine, started: Process, seconds: float) -> Running:
        """Fresh keys, the forwarded socket, an engine that answers."""
        guest.wait_for_agent(seconds)
        guest.renew(self.access.make_keys())
        log = self.folder.path / "ssh.log"
        pid = self.access.start_forward(log, seconds)
        forward = Process(pid, process.start_time(pid) or "")
        try:
            if not Engine(self.access.docker_socket).wait(seconds):
                raise errors.guest_silent(seconds, str(guest.wiring.console))
        except BaseException:
            machine.end_known(forward)
            raise
        return Running(guest, started, forward)

    def _wiring(self, disk: Path) -> qemu.Wiring:
        run = self.folder.path
        return qemu.Wiring(
            disk=disk,
            monitor=run / "monitor.sock",
            agent=run / "agent.sock",
            console=run / "console.log",
            ssh_port=self.access.port,
        )

    def _scratch_disk(self) -> Path:
        """A disk file that is removed once QEMU has it open: nothing of it can stay behind."""
        folder = self.store.folder / "tmp"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"disk-{os.getpid()}.qcow2"

    def _overlay(self, base: Path, base_format: str, overlay: Path) -> Path:
        machine.make_overlay(self.emulator, base, base_format, overlay, self.store.log("disk"))
        return overlay

    @contextlib.contextmanager
    def _ended_on_error(self, guest: GuestMachine) -> Iterator[None]:
        try:
            yield
        except BaseException:
            guest.quit()
            if guest.wiring.disk.parent.name == "tmp":
                guest.wiring.disk.unlink(missing_ok=True)
            raise

    @contextlib.contextmanager
    def _ended_after(self, running: Running) -> Iterator[Running]:
        try:
            yield running
        finally:
            machine.end_known(running.forward)
            running.guest.quit()
