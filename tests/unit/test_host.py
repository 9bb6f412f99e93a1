# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that are written at once or together: whole or not at all, and nobody else reads them."""

from __future__ import annotations

import os
import stat
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import FileError
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._lock import FolderLock
from ansible_collections.ipsec.strongswan.plugins.module_utils._staged import (
    StagedFiles,
    place_of,
    staged_path,
)

MANY = 40  # more than are flushed one by one


class Module:
    """What a host needs of an AnsibleModule, on a host with SELinux."""

    check_mode = False

    def __init__(self) -> None:
        self.contexts: dict[str, str] = {}

    def selinux_enabled(self) -> bool:
        return True

    def selinux_context(self, path: str) -> str:
        return f"that of {Path(path).name}"

    def selinux_default_context(self, path: str) -> str:
        return f"the default of {Path(path).name}"

    def set_context_if_different(self, path: str, context: str, _changed: bool) -> None:
        self.contexts[path] = context


@pytest.fixture
def module() -> Module:
    return Module()


@pytest.fixture
def host(module: Module) -> Host:
    return Host(t.cast("t.Any", module))


@pytest.fixture
def modes(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[list[int]]:
    """The modes that files have when they are put in their places, under a umask of 0."""
    seen: list[int] = []
    rename = os.rename

    def noted(source: str, target: str) -> None:
        seen.append(stat.S_IMODE(Path(source).stat().st_mode))
        rename(source, target)

    monkeypatch.setattr(os, "rename", noted)
    former = os.umask(0)
    yield seen
    os.umask(former)


def test_a_file_is_private_before_it_has_its_name(
    host: Host, module: Module, modes: list[int], tmp_path: Path
) -> None:
    path = tmp_path / "key.pem"
    host.write_file(str(path), "first")
    host.write_file(str(path), "second")
    assert modes == [0o600, 0o600]
    assert path.read_text() == "second"
    assert list(module.contexts.values()) == ["the default of key.pem", "that of key.pem"]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("number", [1, MANY])
def test_staged(number: int, host: Host, modes: list[int], tmp_path: Path) -> None:
    contents = {str(tmp_path / f"{n}.conf"): f"text {n}" for n in range(number)}
    (tmp_path / "0.conf").write_text("former")
    staged = host.stage()
    staged.write(contents, 0o600)
    assert (tmp_path / "0.conf").read_text() == "former"
    assert {one.name for one in tmp_path.glob("*.conf")} == {"0.conf"}
    for path in contents:
        staged.place(path)
    staged.finish()
    assert {str(path): path.read_text() for path in tmp_path.iterdir()} == contents
    assert modes == [0o600] * number


def test_discarded(host: Host, tmp_path: Path) -> None:
    staged = host.stage()
    paths = [str(tmp_path / name) for name in ("a", "b")]
    staged.write(dict.fromkeys(paths, "text"), 0o600)
    staged.discard(paths[:1])
    assert staged.waiting == paths[1:]
    assert list(tmp_path.iterdir()) == [Path(staged_path(paths[1]))]


@pytest.mark.parametrize("number", [2, MANY])
def test_one_that_cannot_be_written(
    number: int, host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(FileError, match="No space left"):
        host.stage().write({str(tmp_path / str(n)): "text" for n in range(number)}, 0o600)
    assert list(tmp_path.iterdir()) == []


def test_no_such_folder(host: Host, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"file .*/none/a: cannot be written, No such file"):
        host.stage().write({str(tmp_path / "none/a"): "text"}, 0o600)


def test_what_a_killed_run_left_is_replaced(host: Host, tmp_path: Path) -> None:
    path = str(tmp_path / "a.conf")
    Path(staged_path(path)).write_text("half of")
    staged = host.stage()
    staged.write({path: "all of it"}, 0o600)
    staged.place(path)
    assert Path(path).read_text() == "all of it"


def test_without_a_way_to_flush_a_filesystem(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[int] = []
    monkeypatch.setattr("ctypes.CDLL", lambda *_arguments, **_more: object())
    monkeypatch.setattr(os, "fsync", flushed.append)
    host.stage().write({str(tmp_path / str(n)): "text" for n in range(MANY)}, 0o600)
    assert len(flushed) == MANY


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    staged = StagedFiles(lambda _staged, _path: None)
    path = tmp_path / "a"
    staged.write({str(path): b"caf\xe9".decode(errors="surrogateescape")}, 0o600)
    staged.place(str(path))
    assert path.read_bytes() == b"caf\xe9"


@pytest.mark.parametrize("name", ["connection-a.conf", ".new", "a.new", ".a", ".swanctl.conf.swp"])
def test_names_that_are_none_of_ours(name: str) -> None:
    assert place_of(f"/etc/{name}") == ""


def test_place() -> None:
    assert place_of(staged_path("/etc/a.conf")) == "/etc/a.conf"


def test_one_run_at_a_time(host: Host, tmp_path: Path) -> None:
    host.hold(str(tmp_path), 1)
    host.hold(str(tmp_path), 1)  # again is no matter
    with pytest.raises(FileError, match=r"another run has worked on it for 0\.1 s"):
        FolderLock(str(tmp_path), 0.1)
    host.close()
    FolderLock(str(tmp_path), 0.1).release()


def test_a_folder_that_is_not_there_is_not_held(host: Host, tmp_path: Path) -> None:
    host.hold(str(tmp_path / "none"), 1)
