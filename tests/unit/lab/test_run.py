# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Error texts, the local case, the run folder, ssh's arguments."""

from __future__ import annotations

import inspect
import os
import typing
from pathlib import Path

import pytest
from lablib import access, errors, local
from lablib.run_folder import Process, Record, RunFolder

RECORD = Record(
    guest="debian13",
    state="guest",
    accelerator="tcg",
    ssh_port=2222,
    qemu=Process(1, "0"),
    docker_host="unix:///x",
)
SAMPLES: dict[object, object] = {
    str: "SAMPLE",
    int: 4711,
    float: 4711.0,
    list[str]: ["SAMPLE"],
}
REMEDIES = ("install", "run ", "set ", "choose", "check", "correct", "try ", "mend", "see ")
MESSAGES = [
    function
    for _name, function in inspect.getmembers(errors, inspect.isfunction)
    if function.__module__ == errors.__name__
]


@pytest.mark.parametrize("make", MESSAGES, ids=lambda function: str(function.__name__))
def test_every_message_is_one_line_with_its_values_and_a_remedy(
    make: typing.Callable[..., errors.LabError],
) -> None:
    hints = typing.get_type_hints(make)
    hints.pop("return")
    message = str(make(*(SAMPLES[hint] for hint in hints.values())))
    assert "\n" not in message
    assert any(remedy in message for remedy in REMEDIES)
    if str in hints.values():
        assert "SAMPLE" in message
    if int in hints.values():
        assert "4711" in message


@pytest.mark.parametrize(
    ("wanted", "kernel", "engine", "used"),
    [
        ("auto", True, True, True),
        ("auto", True, False, False),
        ("auto", False, True, False),
        ("never", True, True, False),
    ],
)
def test_the_local_case_needs_kernel_and_engine(
    wanted: str, kernel: bool, engine: bool, used: bool
) -> None:
    assert local.decide(wanted, kernel, engine) is used


def test_the_local_container_has_the_hosts_kernel_and_network() -> None:
    host = local.container_configuration("image")["HostConfig"]
    assert isinstance(host, dict)
    assert (host["Privileged"], host["NetworkMode"]) == (True, "host")


def test_the_run_folder_is_private_and_goes_when_empty(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    with folder.locked():
        assert folder.path.stat().st_mode & 0o777 == 0o700
        folder.write(RECORD)
        assert folder.read() == RECORD
    assert folder.path.exists()
    with folder.locked():
        folder.clear()
    assert not folder.path.exists()
    assert folder.read() is None


def test_a_folder_that_others_may_open_is_refused(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.path.mkdir(mode=0o755)
    folder.path.chmod(0o755)
    with pytest.raises(errors.LabError, match="others may open it"), folder.locked():
        pass


def test_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(errors.LabError, match="no folder"), RunFolder(tmp_path / "run").locked():
        pass


def test_a_broken_record_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "lab.json").write_text('{"guest": 1}')
    assert RunFolder(tmp_path).read() is None


def test_ssh_trusts_this_labs_key_only() -> None:
    way = access.Access(Path("/run/lab"), 2222)
    argv = way.command_arguments(["echo", "a b"], terminal=False)
    assert argv[:3] == ["ssh", "-F", "none"]
    assert "StrictHostKeyChecking=yes" in argv
    assert "UserKnownHostsFile=/run/lab/known_hosts" in argv
    assert argv[-3:] == ["127.0.0.1", "--", "echo 'a b'"]
    forward = way.forward_arguments()
    assert "/run/lab/docker.sock:/run/docker.sock" in forward
    assert "StreamLocalBindMask=0177" in forward


def test_a_taken_port_is_named() -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(errors.LabError, match=rf"port {port} .*LAB_SSH_PORT"):
            access.check_port(port)
    access.check_port(access.free_port())


def test_process_start_times_tell_processes_apart() -> None:
    from lablib import process

    assert process.start_time(os.getpid()) is not None
    assert process.start_time(2**22 + 1) is None
