# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipes: what each guest and each node image is made of. Adding one is adding a row."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from . import errors

LAB = Path(__file__).resolve().parent.parent
REPOSITORY = "ipsec-strongswan/node"
RECIPE_LABEL = "ipsec.strongswan.lab.recipe"

# What every system here is told to leave out: it is never read, and unpacking it is emulated time.
LEFT_OUT = (
    "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/doc/*",
    "path-include=/usr/share/doc/*/copyright",
    "path-exclude=/usr/share/info/*",
    "path-exclude=/usr/share/locale/*",
)
GUEST_PACKAGES = (
    "systemd-sysv",
    "udev",
    "linux-image-cloud-amd64",
    "initramfs-tools",
    "kmod",
    "docker.io",
    "crun",
    "openssh-server",
    "qemu-guest-agent",
    "python3",
    "iproute2",
    "iptables",
    "nftables",
    "tcpdump",
    "iputils-ping",
    "procps",
    "ca-certificates",
)
BARE_NODE_PACKAGES = (
    "systemd-sysv",
    "dbus",
    "python3",
    "python3-apt",
    "ca-certificates",
    "iproute2",
    "iputils-ping",
    "kmod",
    "procps",
    "tcpdump",
)
STRONGSWAN_PACKAGES = (
    "charon-systemd",
    "strongswan-swanctl",
    "libstrongswan-standard-plugins",
    "libcharon-extra-plugins",
    "libstrongswan-extra-plugins",
    "python3-pyroute2",
    "nftables",
    "strace",  # tests count netlink requests with it
    "apparmor",  # tests confine charon with Debian's profile
)
# ipsec.conf: not beside charon-systemd, which Debian 13 makes exclude it
STARTER_PACKAGES = (
    "strongswan-starter",
    "strongswan-charon",  # starter only recommends the daemon that it starts
    "netbase",  # /etc/protocols, for leftprotoport
    "apparmor",  # as above
    "libstrongswan-standard-plugins",
    "libcharon-extra-plugins",
    "libstrongswan-extra-plugins",
    "python3-pyroute2",
    "nftables",
)


@dataclass(frozen=True)
class Release:
    """A Debian release: its suite and whether it has suites for updates and security."""

    suite: str
    stable: bool


@dataclass(frozen=True)
class Recipe:
    """A system built by mmdebstrap: `kind` names the folder under lab/ with its files and hook, if any."""

    name: str
    kind: str
    release: Release
    packages: tuple[str, ...]

    @property
    def unpacked_only(self) -> bool:
        """Whether its packages are not configured, as nothing boots or enters it."""
        return not (LAB / self.kind).is_dir()

    @property
    def hash(self) -> str:
        """12 hexadecimal digits that change whenever what is built may change."""
        return digest(asdict(self), LEFT_OUT, folder_content(LAB / self.kind))


BOOKWORM = Release("bookworm", stable=True)
TRIXIE = Release("trixie", stable=True)
SID = Release("sid", stable=False)

GUESTS = {
    recipe.name: recipe
    for recipe in (
        Recipe("debian12", "guest", BOOKWORM, GUEST_PACKAGES),
        Recipe("debian13", "guest", TRIXIE, (*GUEST_PACKAGES, "docker-cli")),
        # sid no longer installs passwd (usermod) by itself
        Recipe("sid", "guest", SID, (*GUEST_PACKAGES, "docker-cli", "passwd")),
    )
}
DEFAULT_GUEST = "debian13"

NODES = {
    recipe.name: recipe
    for recipe in (
        Recipe("debian12", "node", BOOKWORM, (*BARE_NODE_PACKAGES, *STRONGSWAN_PACKAGES)),
        Recipe("debian13", "node", TRIXIE, (*BARE_NODE_PACKAGES, *STRONGSWAN_PACKAGES)),
        Recipe("debian12-bare", "node", BOOKWORM, BARE_NODE_PACKAGES),
        Recipe("debian13-bare", "node", TRIXIE, BARE_NODE_PACKAGES),
        Recipe("debian12-starter", "node", BOOKWORM, (*BARE_NODE_PACKAGES, *STARTER_PACKAGES)),
        Recipe("debian13-starter", "node", TRIXIE, (*BARE_NODE_PACKAGES, *STARTER_PACKAGES)),
        Recipe("sid", "node", SID, (*BARE_NODE_PACKAGES, *STRONGSWAN_PACKAGES)),
    )
}
# `up` puts these into the engine, so that a saved state holds them.
STOCKED_NODES = ("debian12", "debian13", "debian12-bare", "debian13-bare")


def guest(name: str) -> Recipe:
    """The guest's recipe; LabError when there is none of that name."""
    if name not in GUESTS:
        raise errors.unknown_name("guest", name, list(GUESTS))
    return GUESTS[name]


def node(name: str) -> Recipe:
    """The node image's recipe; LabError when there is none of that name."""
    if name not in NODES:
        raise errors.unknown_name("node image", name, list(NODES))
    return NODES[name]


def digest(*parts: object) -> str:
    """12 hexadecimal digits of SHA-256 over the parts as canonical JSON."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def folder_content(folder: Path) -> list[tuple[str, int, str]]:
    """(relative path, mode, SHA-256) of every file of a folder, in a fixed order."""
    return [
        (
            str(path.relative_to(folder)),
            path.stat().st_mode & 0o777,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
