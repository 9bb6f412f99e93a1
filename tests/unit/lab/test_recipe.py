# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recipes, their hashes, and the commands made of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lablib import bootstrap, emulator, guest_image, node_image, recipe
from lablib.cache import Cache
from lablib.errors import LabError


def test_hash_follows_what_is_built() -> None:
    row = recipe.NODES["debian13"]
    assert row.hash == replace(row).hash
    assert len(row.hash) == 12
    others = [
        replace(row, name="other"),
        replace(row, packages=row.packages[:-1]),
        replace(row, release=recipe.BOOKWORM),
        replace(row, kind="guest"),
    ]
    assert len({row.hash, *(other.hash for other in others)}) == 5


def test_hash_follows_files(tmp_path: Path) -> None:
    file = tmp_path / "hook"
    file.write_text("one")
    file.chmod(0o644)
    first = recipe.folder_content(tmp_path)
    file.chmod(0o755)
    second = recipe.folder_content(tmp_path)
    file.write_text("two")
    third = recipe.folder_content(tmp_path)
    assert len({str(first), str(second), str(third)}) == 3


def test_tables() -> None:
    assert recipe.DEFAULT_GUEST in recipe.GUESTS
    assert set(recipe.STOCKED_NODES) <= set(recipe.NODES)
    for table in (recipe.GUESTS, recipe.NODES):
        for name, row in table.items():
            assert row.name == name
            assert (recipe.LAB / row.kind / "customize").exists()
    bare = recipe.NODES["debian13-bare"].packages
    assert not [package for package in bare if "strongswan" in package or "pyroute2" in package]


def test_unknown_names_list_the_known() -> None:
    with pytest.raises(LabError, match=r"'debian11'.*debian12, debian12-bare"):
        recipe.node("debian11")
    with pytest.raises(LabError, match=r"'fedora'.*debian12, debian13, sid"):
        recipe.guest("fedora")


@pytest.mark.parametrize(
    ("release", "lines"),
    [
        (
            recipe.TRIXIE,
            [
                "deb http://mirror.example/debian trixie main",
                "deb http://mirror.example/debian trixie-updates main",
                "deb http://mirror.example/debian-security trixie-security main",
            ],
        ),
        (recipe.SID, ["deb http://mirror.example/debian sid main"]),
    ],
)
def test_sources(release: recipe.Release, lines: list[str]) -> None:
    assert bootstrap.sources(release, "http://mirror.example/debian") == lines


@pytest.mark.parametrize(
    ("target", "option"), [("root.tar", "--format=tar"), ("root", "--format=directory")]
)
def test_mmdebstrap_arguments(target: str, option: str) -> None:
    argv = bootstrap.mmdebstrap_arguments(recipe.NODES["debian12"], "http://m/debian", Path(target))
    assert argv[: len(bootstrap.ISOLATED)] == list(bootstrap.ISOLATED)
    assert option in argv
    assert argv[argv.index("bookworm") + 1] == target
    assert any(word.startswith("--include=") and "charon-systemd" in word for word in argv)


def test_qemu_is_unpacked_and_runs_from_where_it_is(tmp_path: Path) -> None:
    argv = bootstrap.mmdebstrap_arguments(emulator.RECIPE, "http://m/debian", Path("root"))
    assert "--variant=extract" in argv
    assert not [word for word in argv if "hook=" in word]
    machine = emulator.of(Cache(tmp_path)).machine
    root = tmp_path / emulator.entry_name() / "root"
    assert all(Path(word).is_relative_to(root) for word in machine if word.startswith("/"))


def test_only_unstable_may_be_out_of_date() -> None:
    def lenient(name: str) -> bool:
        argv = bootstrap.mmdebstrap_arguments(recipe.GUESTS[name], "http://m/debian", Path("root"))
        return any("Check-Valid-Until" in word for word in argv)

    assert lenient("sid")
    assert not lenient("debian12")
    assert not lenient("debian13")


def test_mke2fs_takes_a_folder() -> None:
    argv = guest_image.mke2fs_arguments(Path("/c/root"), Path("/c/disk.raw"))
    assert argv[argv.index("-d") + 1] == "/c/root"
    assert argv[-2:] == ["/c/disk.raw", guest_image.DISK_SIZE]


def test_image_configuration_makes_systemd_the_init() -> None:
    row = recipe.NODES["debian13"]
    changes = node_image.image_configuration(row)
    assert 'CMD ["/sbin/init"]' in changes
    assert f"LABEL {recipe.RECIPE_LABEL}={row.hash}" in changes
    assert node_image.reference(row) == "ipsec-strongswan/node:debian13"


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        (
            "I: a\nE: Unable to locate package x\nE: run_chroot failed: x",
            "E: Unable to locate package x",
        ),
        ("I: unpacking\nsomething else\n", "something else"),
        ("", "no output"),
    ],
)
def test_last_words_of_a_build(log: str, reason: str) -> None:
    assert bootstrap.last_words(log) == reason


def test_unreachable_mirror_is_named() -> None:
    with pytest.raises(LabError, match=r"127\.0\.0\.1:9/debian.*LAB_MIRROR"):
        bootstrap.check_mirror(recipe.TRIXIE, "http://127.0.0.1:9/debian")
