# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings: what the environment says, and the folders and ports that follow from it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import errors

APPLICATION = "ipsec-strongswan-lab"
SOCKET_PATH_LIMIT = 107  # sun_path holds 108 bytes with its terminating zero, unix(7)
LONGEST_SOCKET_NAME = len("control.0123456789abcdef")  # ssh appends 17 characters while it binds
ACCELERATORS = ("auto", "kvm", "tcg")


@dataclass(frozen=True)
class Settings:
    """All that a user may choose. Sizes in MiB, times in seconds."""

    name: str
    cache: Path
    run: Path
    mirror: str
    ssh_port: int | None
    accelerator: str
    memory: int
    processors: int
    boot_timeout: float
    use_saved_state: bool
    apparmor: bool
    local_kernel: str

    @property
    def docker_socket(self) -> Path:
        return self.run / "docker.sock"


def read(environment: Mapping[str, str], host_memory: int, host_processors: int) -> Settings:
    """Settings from environment variables.

    host_memory (MiB) and host_processors give the defaults of the guest's size. Raises LabError
    for a value that cannot be used.
    """
    name = environment.get("LAB_NAME") or "default"
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,15}", name):
        raise errors.bad_setting(
            "LAB_NAME", name, "1 to 16 of a-z, 0-9 and '-', starting with a letter or digit"
        )
    home = Path(environment.get("HOME") or "~").expanduser()
    cache = Path(environment.get("XDG_CACHE_HOME") or home / ".cache") / APPLICATION
    parent = Path(environment.get("XDG_RUNTIME_DIR") or "/tmp")
    run = parent / f"{APPLICATION}-{os.getuid()}-{name}"
    longest = f"{run}/{'x' * LONGEST_SOCKET_NAME}"
    if len(longest) > SOCKET_PATH_LIMIT:
        raise errors.path_too_long(longest, SOCKET_PATH_LIMIT)
    accelerator = environment.get("LAB_ACCEL") or "auto"
    if accelerator not in ACCELERATORS:
        raise errors.bad_setting("LAB_ACCEL", accelerator, f"one of {', '.join(ACCELERATORS)}")
    local_kernel = environment.get("LAB_LOCAL") or "auto"
    if local_kernel not in ("auto", "never"):
        raise errors.bad_setting("LAB_LOCAL", local_kernel, "auto or never")
    return Settings(
        name=name,
        cache=cache,
        run=run,
        mirror=environment.get("LAB_MIRROR") or "http://deb.debian.org/debian",
        ssh_port=_optional_integer(environment, "LAB_SSH_PORT", 1, 65535),
        accelerator=accelerator,
        memory=_optional_integer(environment, "LAB_MEMORY", 1024, 1 << 20)
        or default_memory(host_memory),
        processors=_optional_integer(environment, "LAB_CPUS", 1, 64) or min(host_processors, 4),
        boot_timeout=float(_optional_integer(environment, "LAB_BOOT_TIMEOUT", 5, 3600) or 300),
        use_saved_state=(environment.get("LAB_SAVED_STATE") or "yes") != "no",
        apparmor=environment.get("LAB_APPARMOR") == "yes",
        local_kernel=local_kernel,
    )


def default_memory(host_memory: int) -> int:
    """Guest memory in MiB: 4 GiB, on small hosts half of what there is, never under 1 GiB."""
    return max(1024, min(4096, host_memory // 2))


def from_process() -> Settings:
    """Settings of this process on this machine."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return read(os.environ, pages >> 20, os.cpu_count() or 1)


def _optional_integer(
    environment: Mapping[str, str], variable: str, least: int, most: int
) -> int | None:
    text = environment.get(variable)
    if not text:
        return None
    if not text.isdigit() or not least <= int(text) <= most:
        raise errors.bad_setting(variable, text, f"a whole number from {least} to {most}")
    return int(text)
