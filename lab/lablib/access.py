# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way into the guest: keys of one run, ssh, and the engine's socket forwarded by it."""

from __future__ import annotations

import shlex
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import errors, process

HOST_ALIAS = "lab"


@dataclass(frozen=True)
class Keys:
    """The private keys of the guest and the user, and the public one that lets the user in."""

    host_private: str
    user_public: str


@dataclass(frozen=True)
class Access:
    """Where the files of one run are, and its port on 127.0.0.1."""

    folder: Path
    port: int

    @property
    def control(self) -> Path:
        return self.folder / "control"

    @property
    def docker_socket(self) -> Path:
        return self.folder / "docker.sock"

    def make_keys(self) -> Keys:
        """Fresh keys for both sides. The guest's is made here, so that it is known beforehand."""
        process.require("ssh", "ssh-keygen")
        for name in ("user_key", "host_key"):
            (self.folder / name).unlink(missing_ok=True)
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab"]
                + ["-f", str(self.folder / name)],
                check=True,
                stdin=subprocess.DEVNULL,
            )
        host_private = (self.folder / "host_key").read_text()
        host_public = (self.folder / "host_key.pub").read_text()
        (self.folder / "host_key").unlink()
        (self.folder / "host_key.pub").unlink()
        (self.folder / "known_hosts").write_text(f"{HOST_ALIAS} {host_public}")
        return Keys(host_private, (self.folder / "user_key.pub").read_text())

    def ssh_arguments(self, *options: str) -> list[str]:
        """ssh to the guest, with no setting of the user's own in the way."""
        return [
            "ssh",
            "-F",
            "none",
            "-i",
            str(self.folder / "user_key"),
            "-p",
            str(self.port),
            "-l",
            "root",
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "BatchMode=yes",
            "-o",
            "StrictHostKeyChecking=yes",
            "-o",
            f"UserKnownHostsFile={self.folder}/known_hosts",
            "-o",
            f"HostKeyAlias={HOST_ALIAS}",
            "-o",
            f"ControlPath={self.control}",
            "-o",
            "LogLevel=ERROR",
            *options,
            "127.0.0.1",
        ]

    def forward_arguments(self) -> list[str]:
        """The connection that stays: carries the engine's socket and every later session."""
        return self.ssh_arguments(
            "-N",
            "-o",
            "ControlMaster=yes",
            "-o",
            "ExitOnForwardFailure=yes",
            "-o",
            "StreamLocalBindUnlink=yes",
            "-o",
            "StreamLocalBindMask=0177",
            "-o",
            "ConnectTimeout=60",
            "-L",
            f"{self.docker_socket}:/run/docker.sock",
        )

    def command_arguments(self, command: Sequence[str], *, terminal: bool) -> list[str]:
        """A command in the guest, each word as it is given; an empty one is a login shell."""
        arguments = self.ssh_arguments(*(["-t"] if terminal else []))
        return [*arguments, "--", shlex.join(command)] if command else arguments

    def start_forward(self, log: Path, seconds: float) -> int:
        """Start the lasting connection and wait for it; its pid. LabError when it fails."""
        limit = time.monotonic() + seconds
        while True:
            self.control.unlink(missing_ok=True)
            with log.open("wb") as output:
                forward = subprocess.Popen(
                    self.forward_arguments(),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            try:
                while forward.poll() is None and time.monotonic() < limit:
                    if _accepts(self.docker_socket):
                        return forward.pid
                    time.sleep(0.05)
            except BaseException:
                forward.kill()
                raise
            forward.kill()
            forward.wait()
            if time.monotonic() >= limit:
                raise errors.guest_silent(seconds, str(log))
            time.sleep(0.2)


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def check_port(port: int) -> None:
    """LabError when something has that port on 127.0.0.1 already."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise errors.port_taken(port) from error
