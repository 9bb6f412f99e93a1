# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest's image: root disk, kernel and initial RAM disk of a recipe, cached."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from . import bootstrap
from .cache import Cache
from .progress import step
from .recipe import Recipe

DISK_SIZE = "24G"  # sparse: takes what is in it


@dataclass(frozen=True)
class GuestImage:
    recipe: Recipe
    folder: Path

    @property
    def disk(self) -> Path:
        return self.folder / "disk.raw"

    @property
    def kernel(self) -> Path:
        return self.folder / "vmlinuz"

    @property
    def initrd(self) -> Path:
        return self.folder / "initrd.img"


def mke2fs_arguments(root: Path, disk: Path) -> list[str]:
    """A file system from a folder: no loop mount, no journal (the guest is thrown away)."""
    return [
        "mke2fs",
        "-q",
        "-F",
        "-t",
        "ext4",
        "-O",
        "^has_journal,^metadata_csum",
        "-E",
        "lazy_itable_init=1,root_owner=0:0",
        "-i",
        "32768",
        "-m",
        "0",
        "-L",
        "lab",
        "-d",
        str(root),
        str(disk),
        DISK_SIZE,
    ]


def entry_name(recipe: Recipe) -> str:
    return f"guest-{recipe.name}-{recipe.hash}"


def ensure(recipe: Recipe, store: Cache, mirror: str) -> GuestImage:
    """The image of a guest recipe, built now if the cache has none."""
    image = GuestImage(recipe, store.entry(entry_name(recipe)))
    if image.folder.exists():
        return image
    bootstrap.check(recipe, store, mirror, "mke2fs")
    with store.building(entry_name(recipe)) as scratch:
        if scratch is not None:
            with step(f"building the guest image {recipe.name} from packages", 60):
                _build(GuestImage(recipe, scratch), store, mirror)
    return image


def _build(image: GuestImage, store: Cache, mirror: str) -> None:
    root, log = image.folder / "root", store.log(entry_name(image.recipe))
    what = f"guest {image.recipe.name}"
    bootstrap.build(image.recipe, mirror, root, log)
    for file, pattern in ((image.kernel, "vmlinuz-*"), (image.initrd, "initrd.img-*")):
        source = max((root / "boot").glob(pattern))
        bootstrap.run_step(["install", "-m", "0644", str(source), str(file)], log, what)
    bootstrap.run_step(mke2fs_arguments(root, image.disk), log, what)
    bootstrap.run_step(["chmod", "0644", str(image.disk)], log, what)
    bootstrap.run_step(["rm", "-rf", "--", str(root)], log, what)
