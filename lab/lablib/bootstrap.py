# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Root file systems from Debian packages: arguments of mmdebstrap, what to say when it fails."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from pathlib import Path

from . import cache, errors, process
from .cache import Cache
from .recipe import LAB, LEFT_OUT, Recipe, Release

MIRROR_TIMEOUT = 20.0
# A mount and a process namespace of its own: killing it leaves no mount and no process behind.
ISOLATED = ("unshare", "--mount", "--pid", "--fork", "--kill-child=SIGKILL")


def sources(release: Release, mirror: str) -> list[str]:
    """The lines of sources.list for a release."""
    lines = [f"deb {mirror} {release.suite} main"]
    if release.stable:
        security = re.sub(r"/debian/?$", "/debian-security", mirror)
        lines.append(f"deb {mirror} {release.suite}-updates main")
        lines.append(f"deb {security} {release.suite}-security main")
    return lines


def release_options(release: Release) -> list[str]:
    """Options of mmdebstrap for a release.

    The Release file of sid is valid for a week, and a mirror may be frozen at an older day. Its
    signature is checked as ever: what is given up is to notice that the mirror withholds updates,
    which a throw-away test machine can do without. The stable suites keep the check.
    """
    if release.stable:
        return []
    return ['--aptopt=Acquire::Check-Valid-Until "false"']


def mmdebstrap_arguments(recipe: Recipe, mirror: str, target: Path) -> list[str]:
    """The command that builds a recipe into `target`, a folder or a file that ends in .tar."""
    return [
        *ISOLATED,
        "env",
        f"TMPDIR={target.parent}",  # where a tar is gathered: goes with the cache's scratch folder
        "mmdebstrap",
        "--mode=root",
        f"--variant={'extract' if recipe.unpacked_only else 'apt'}",
        "--architectures=amd64",
        f"--format={'tar' if target.suffix == '.tar' else 'directory'}",
        f"--include={','.join(recipe.packages)}",
        '--aptopt=APT::Install-Recommends "false"',
        '--aptopt=Acquire::Languages "none"',
        '--aptopt=Acquire::Retries "3"',
        *release_options(recipe.release),
        *(f"--dpkgopt={option}" for option in LEFT_OUT),
        "--skip=cleanup/reproducible",
        *([] if recipe.unpacked_only else _hooks(LAB / recipe.kind)),
        recipe.release.suite,
        str(target),
        *sources(recipe.release, mirror),
    ]


def _hooks(folder: Path) -> list[str]:
    return [f"--essential-hook={folder}/prepare", f"--customize-hook={folder}/customize"]


def check(recipe: Recipe, store: Cache, mirror: str, *commands: str) -> None:
    """LabError unless all is there that building a recipe takes; `commands` beside mmdebstrap."""
    process.require("mmdebstrap", *commands)
    process.root_prefix()
    store.need_space(cache.FREE_TO_BUILD)
    check_mirror(recipe.release, mirror)


def check_mirror(release: Release, mirror: str) -> None:
    """LabError unless the mirror has the release."""
    url = f"{mirror}/dists/{release.suite}/InRelease"
    try:
        request = urllib.request.Request(url, method="HEAD")  # noqa: S310 (the user's own URL)
        with urllib.request.urlopen(request, timeout=MIRROR_TIMEOUT):  # noqa: S310
            return
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise errors.mirror_unreachable(url, str(reason)) from error


def build(recipe: Recipe, mirror: str, target: Path, log: Path) -> None:
    """Run mmdebstrap; LabError with its last words when it fails."""
    process.require("mmdebstrap", "unshare")
    log.write_text("")
    run_step(mmdebstrap_arguments(recipe, mirror, target), log, f"{recipe.kind} {recipe.name}")


def run_step(argv: list[str], log: Path, what: str) -> None:
    """One command of a build, as root; LabError when it fails."""
    if process.run_logged(argv, log, as_root=True) == 0:
        return
    text = log.read_text(errors="replace")
    if "No space left on device" in text:
        raise errors.no_space(str(log.parent.parent), 0, 1)
    raise errors.build_failed(what, str(log), last_words(text))


def last_words(text: str) -> str:
    """The line of a log that most likely says why: the first error, else the last line.

    What comes after the first error is how those who called for it failed in turn.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line for line in lines if re.match(r"(E:|dpkg: error|mke2fs:|sudo:|env:)", line)]
    return (told[:1] or lines[-1:] or ["no output"])[0]
