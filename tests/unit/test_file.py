# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text files in a declared state, on this machine's filesystem."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils import basic

from ansible_collections.ipsec.strongswan.plugins.modules import strongswan_file
from ansible_collections.ipsec.strongswan.tests.support import examples

CHECKOUT = Path(__file__).resolve().parents[2]
Result = dict[str, Any]


class Ansible:
    """Runs the module as Ansible does, with the options of a task."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def run(self, *, check: bool = False, **options: Any) -> Result:
        """Return what the module prints."""
        arguments = {**options, "_ansible_check_mode": check, "_ansible_diff": True}
        text = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
        self._monkeypatch.setattr(basic, "_ANSIBLE_ARGS", text)
        self._monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        with pytest.raises(SystemExit):
            strongswan_file.main()
        result: Result = json.loads(self._capsys.readouterr().out)
        return result


@pytest.fixture
def ansible(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ansible:
    return Ansible(monkeypatch, capsys)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def reasons(result: Result) -> list[tuple[str, str]]:
    return [(one["action"], one["reason"]) for one in result["actions"]]


def test_many_are_made_once(ansible: Ansible, tmp_path: Path) -> None:
    first, second = tmp_path / "new/folder/first", tmp_path / "second"
    files = [
        {"path": str(first), "content": "#!/bin/sh\n{{ text }}\n", "mode": "0755"},
        {"path": str(second), "content": "größe\n"},
        {"path": str(tmp_path / "third"), "state": "absent"},
    ]
    planned = ansible.run(check=True, files=files)
    assert list(tmp_path.iterdir()) == []
    made = ansible.run(files=files)
    assert planned["actions"] == made["actions"]
    assert planned["diff"] == made["diff"]
    assert reasons(made) == [("create", "it does not exist")] * 2
    assert first.read_text() == "#!/bin/sh\n{{ text }}\n"
    assert second.read_text() == "größe\n"
    assert [mode(one) for one in (first, second, first.parent)] == [0o755, 0o644, 0o755]
    again = ansible.run(files=files)
    assert not again["changed"]
    assert again["actions"] == again["diff"] == []
    assert again["files"] == [
        {"path": str(first), "state": "present", "mode": "0755"},
        {"path": str(second), "state": "present", "mode": "0644"},
        {"path": str(tmp_path / "third"), "state": "absent"},
    ]
    assert "content" not in json.dumps(made["invocation"])


def test_a_strict_umask_closes_nothing(ansible: Ansible, tmp_path: Path) -> None:
    path = tmp_path / "new/folder/one"
    umask = os.umask(0o077)
    try:
        ansible.run(path=str(path), content="", mode="0755")
    finally:
        os.umask(umask)
    assert [mode(one) for one in (path, path.parent, path.parent.parent)] == [0o755] * 3


def test_what_differs_is_told_and_shown(ansible: Ansible, tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_text("former\n")
    path.chmod(0o600)
    done = ansible.run(path=str(path), content="new\n")
    reason = "the content differs, mode is 0600, wanted 0644"
    assert reasons(done) == [("change", reason)]
    assert "former\n" in done["diff"][0]["before"]
    assert "new\n" in done["diff"][0]["after"]
    assert (path.read_text(), mode(path)) == ("new\n", 0o644)


def test_its_owner_is_who_runs_the_module(
    ansible: Ansible, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one"
    path.write_text("text\n")
    path.chmod(0o644)
    there = path.lstat()
    monkeypatch.setattr(os, "geteuid", lambda: there.st_uid + 1)
    done = ansible.run(check=True, path=str(path), content="text\n")
    uid, gid = there.st_uid, os.getegid()
    assert reasons(done) == [("change", f"owner and group are {uid}:{gid}, wanted {uid + 1}:{gid}")]


def test_bytes_that_are_no_text_are_replaced(ansible: Ansible, tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_bytes(b"\xff\xfe")
    assert ansible.run(path=str(path), content="text\n")["changed"]
    assert path.read_text() == "text\n"


def test_what_a_link_leads_to_is_left_alone(ansible: Ansible, tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("target\n")
    link.symlink_to(target)
    done = ansible.run(path=str(link), content="target\n")
    assert reasons(done) == [("change", "it is a symbolic link, wanted a file")]
    assert not link.is_symlink()
    link.unlink()
    link.symlink_to(target)
    assert reasons(ansible.run(path=str(link), state="absent")) == [("remove", "state is absent")]
    assert not os.path.lexists(link)
    assert target.read_text() == "target\n"


def test_a_directory_is_refused_and_nothing_is_changed(ansible: Ansible, tmp_path: Path) -> None:
    folder, other = tmp_path / "folder", tmp_path / "other"
    folder.mkdir()
    for entry in ({"content": ""}, {"state": "absent"}):
        files = [{"path": str(other), "content": ""}, {"path": str(folder), **entry}]
        done = ansible.run(files=files)
        assert done["msg"] == (
            f"file {folder}: there is a directory at this path; remove it, or choose another path"
            " for the file"
        )
        assert [one.name for one in tmp_path.iterdir()] == ["folder"]


def test_a_file_above_it_is_refused(ansible: Ansible, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file/below"
    done = ansible.run(path=str(path), content="")
    assert done["msg"] == f"file {path}: cannot be looked at, Not a directory"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            [{"path": "relative", "content": ""}],
            "file relative: expected the absolute path of a file, without .., // or a / at its end",
        ),
        ([{"path": "/etc/../one", "content": ""}], "file /etc/../one: expected the absolute path"),
        ([{"path": "/etc/one/", "content": ""}], "file /etc/one/: expected the absolute path"),
        ([{"path": "/one"}], "file /one: content is missing: give the text of the file"),
        ([{"path": "/one", "content": "", "mode": "u=rw"}], "file /one: mode 'u=rw': expected"),
        ([{"path": "/one", "content": "", "mode": "4755"}], "file /one: mode '4755': expected"),
        ([{"path": "/one", "content": "", "mode": 420}], "file /one: mode '420': expected"),
        ([{"path": "/one", "content": ""}] * 2, "file /one: it is in the list twice"),
        (
            [{"path": "/one/two", "content": ""}, {"path": "/one", "content": ""}],
            "file /one/two: /one is in the list, too: it cannot be a file and a directory",
        ),
    ],
)
def test_bad_input(ansible: Ansible, files: list[dict[str, Any]], said: str) -> None:
    done = ansible.run(files=files)
    assert done["failed"]
    assert done["msg"].startswith(said)


def test_examples_run(ansible: Ansible, tmp_path: Path) -> None:
    tasks = examples.read(CHECKOUT)["strongswan_file"]
    calls = [options for name, options in map(examples.call, tasks) if name == "strongswan_file"]
    for options in calls:
        text = json.dumps(options).replace('"/etc/', f'"{tmp_path}/etc/')
        moved = json.loads(text.replace('"/usr/', f'"{tmp_path}/usr/'))
        assert ansible.run(**moved)["changed"]
        assert not ansible.run(**moved)["changed"]
