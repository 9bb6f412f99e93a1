# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How files and charon change together: all or nothing, one run at a time, killed at any moment."""

from __future__ import annotations

import os
import random
import signal
import time
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._lock import FolderLock
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.connection import (
    ConnectionFiles,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._staged import (
    StagedFiles,
    staged_path,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import (
    TimeoutExpiredError,
)
from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.charon.pair import Pair
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    refused,
    run_module,
    unchanged,
)

MODULE = "strongswan_conn"
MANY = 100  # more than are on their way to charon at once
KILLS = 5

Entry = dict[str, t.Any]


def entries(number: int = MANY, prefix: str = "c", **options: t.Any) -> list[Entry]:
    """Return so many connections with one child each."""
    return [
        {
            "name": f"{prefix}{n}",
            "remote_addrs": [f"192.0.2.{n + 1}"],
            "children": [{"name": f"{prefix}{n}"}],
            **options,
        }
        for n in range(number)
    ]


def files() -> dict[str, str]:
    """Return all files in swanctl's directory, those that it does not read as well."""
    return {path.name: path.read_text() for path in daemon.FOLDER.iterdir()}


def delays() -> set[str]:
    """Return the DPD delays of all connections, as charon tells them."""
    return {
        line.split("dpd delay ")[1].strip() if "dpd delay" in line else ""
        for told in daemon.connections().values()
        for line in told.splitlines()[:1]
    }


def killed(act: t.Callable[[], object], seconds: float = -1) -> bool:
    """Run something in a process of its own; with O(seconds), kill it after these.

    :returns: Whether it was killed.
    """
    child = os.fork()
    if child == 0:
        try:
            act()
        finally:
            os._exit(0)
    if seconds >= 0:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def die_at(place: type, method: str, call: int) -> None:
    """Let this process be killed at the n-th call of a method."""
    original = getattr(place, method)
    calls = 0

    def counted(*arguments: t.Any, **more: t.Any) -> t.Any:
        nonlocal calls
        calls += 1
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments, **more)

    setattr(place, method, counted)


def test_many_at_once() -> None:
    start = daemon.cursor()
    result = changed(MODULE, connections=entries())
    assert len(result["actions"]) == MANY
    assert len(daemon.connections()) == MANY
    assert daemon.journal(start).count("added vici connection") == MANY
    assert {path.stat().st_mode & 0o777 for path in daemon.FOLDER.iterdir()} == {0o600}


def test_only_what_differs_is_loaded() -> None:
    listed = entries()
    changed(MODULE, connections=listed)
    listed[66]["dpd_delay"] = "33s"
    before = {path: path.stat().st_ino for path in daemon.FOLDER.iterdir()}
    start = daemon.cursor()
    changed(MODULE, connections=listed)
    log = daemon.journal(start)
    assert "replaced vici connection: c66" in log
    assert log.count(" vici connection: ") == 1
    after = {path: path.stat().st_ino for path in daemon.FOLDER.iterdir()}
    assert [path.name for path in after if after[path] != before[path]] == ["connection-c66.conf"]


def test_the_others_keep_their_sas(pair: Pair) -> None:
    pair.establish()
    sas = [[one["uniqueid"] for one in host.sas()] for host in pair.hosts]
    assert all(sas)
    with pair.ping() as ping:
        changed(MODULE, connections=entries())
        changed(MODULE, connections=[*entries(MANY - 1), *entries(1, "d", dpd_delay="30s")])
        ping.wait_for_a_reply()
    assert [[one["uniqueid"] for one in host.sas()] for host in pair.hosts] == sas
    assert ping.lost == 0


@pytest.mark.parametrize("bad", [0, MANY // 2, MANY - 1])
def test_refusal_of_one_of_many(bad: int) -> None:
    changed(MODULE, connections=entries(20, dpd_delay="20s"))
    there, told = files(), daemon.listing()
    listed = entries(dpd_delay="30s")
    listed[bad]["proposals"] = ["nosuch"]
    message = refused(MODULE, connections=listed)
    assert f"connection c{bad}: charon refused it: invalid value for: proposals" in message
    assert files() == there
    assert sorted(daemon.listing().splitlines()) == sorted(told.splitlines())
    unchanged(MODULE, connections=entries(20, dpd_delay="20s"))


def test_no_room_for_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    changed(MODULE, connections=entries(3, dpd_delay="20s"))
    there = files()
    monkeypatch.setattr(os, "write", _no_room)
    message = refused(MODULE, connections=entries(3, dpd_delay="30s"))
    assert "cannot be written, No space left on device" in message
    assert files() == there
    assert delays() == {"20s"}


def _no_room(_descriptor: int, _data: bytes) -> int:
    raise OSError(28, "No space left on device")


def test_charon_is_too_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows what it took until then: all are taken back."""
    changed(MODULE, connections=entries(5, dpd_delay="20s"))
    there = files()
    original = ConnectionFiles.load_all

    def late(*arguments: t.Any) -> t.Iterator[t.Any]:
        yield from list(original(*arguments))[:3]
        raise TimeoutExpiredError("charon did not answer within 30 s")

    with monkeypatch.context() as patch:
        patch.setattr(ConnectionFiles, "load_all", late)
        refused(MODULE, connections=entries(9, dpd_delay="30s"))
    assert files() == there
    assert delays() == {"20s"}
    assert len(daemon.connections()) == 5


def test_charon_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    changed(MODULE, connections=entries(5, dpd_delay="20s"))
    there = files()
    original = ConnectionFiles.load_all

    def die(*arguments: t.Any) -> t.Iterator[t.Any]:
        os.kill(int(daemon.pid()), signal.SIGKILL)
        time.sleep(0.2)
        return original(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(ConnectionFiles, "load_all", die)
        message = refused(MODULE, connections=entries(9, dpd_delay="30s"))
    assert "charon closed the connection before it answered" in message
    assert files() == there
    daemon.restart()
    assert delays() == {"20s"}
    changed(MODULE, connections=entries(9, dpd_delay="30s"))
    assert delays() == {"30s"}


PLACES: dict[str, tuple[type, str, int]] = {
    "the first is written": (StagedFiles, "_write", 2),
    "before the first is loaded": (ConnectionFiles, "load_all", 1),
    "all are loaded": (StagedFiles, "place", 1),
    "some are in their places": (StagedFiles, "place", MANY // 3),
    "all are in their places": (StagedFiles, "finish", 1),
}


@pytest.mark.parametrize("wanted", ["20s", "30s"], ids=["former", "new"])
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_killed_when(place: tuple[type, str, int], wanted: str) -> None:
    """What the next run wants is what charon holds, be it the former configuration or the new."""
    listed = entries(dpd_delay="20s")
    changed(MODULE, connections=listed)

    def act() -> None:
        die_at(*place)
        run_module(MODULE, connections=entries(dpd_delay="30s"))

    assert killed(act)
    run_module(MODULE, connections=entries(dpd_delay=wanted))
    unchanged(MODULE, connections=entries(dpd_delay=wanted))
    assert delays() == {wanted}
    assert all(name.startswith("connection-") for name in files())


def test_killed_before_a_new_one_has_its_file() -> None:
    def act() -> None:
        die_at(StagedFiles, "place", 1)
        run_module(MODULE, connections=entries(3))

    assert killed(act)
    assert len(daemon.connections()) == 3
    assert len(list(daemon.FOLDER.glob(".*"))) == 3
    daemon.load_files()  # no swanctl reads them
    assert daemon.connections() == {}
    assert killed(act)
    result = changed(MODULE, connections=[], purge=True)
    assert {one["action"] for one in result["actions"]} == {"remove"}
    assert daemon.connections() == {}
    assert files() == {}


def test_killed_at_any_time() -> None:
    chance = random.Random(4)
    both = [entries(30, dpd_delay=delay) for delay in ("20s", "30s")]
    usual = 0.3
    kills = 0
    for turn in range(60):
        listed = both[turn % 2]
        before = time.monotonic()
        if killed(
            lambda listed=listed: run_module(MODULE, connections=listed, purge=True),  # type: ignore[misc]
            chance.uniform(0, usual),
        ):
            kills += 1
            usual *= 1.1
        else:
            usual = max(0.05, 0.7 * (time.monotonic() - before))
        wanted = both[chance.randrange(2)]
        assert not run_module(MODULE, connections=wanted, purge=True).get("failed")
        unchanged(MODULE, connections=wanted, purge=True)
        assert delays() == {wanted[0]["dpd_delay"]}
        assert len(daemon.connections()) == 30
        assert len(files()) == 30
        if kills == KILLS:
            return
    raise AssertionError(f"only {kills} runs were killed")


def test_two_runs_at_once() -> None:
    children = []
    for owner in ("one", "two", "three"):
        child = os.fork()
        if child == 0:
            result = run_module(MODULE, connections=entries(40, owner), owner=owner, purge=True)
            os._exit(1 if result.get("failed") else 0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    assert len(daemon.connections()) == len(files()) == 120


def test_two_runs_that_want_the_same_child() -> None:
    children = []
    for name in ("one", "two"):
        child = os.fork()
        if child == 0:
            result = run_module(MODULE, name=name, children=[{"name": "net"}])
            os._exit(1 if result.get("failed") else 0)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert sorted(codes) == [0, 1]
    assert len(daemon.connections()) == 1


def test_waits_for_another_run_no_longer_than_it_may() -> None:
    lock = FolderLock(str(daemon.FOLDER), 1)
    try:
        message = refused(MODULE, name="sun", timeout=1)
        assert f"directory {daemon.FOLDER}: another run has worked on it for 1 s" in message
        assert run_module(MODULE, check=True, name="sun")["changed"]
    finally:
        lock.release()
    changed(MODULE, name="sun")


def test_owner_of_a_file_is_kept() -> None:
    changed(MODULE, name="sun")
    path = daemon.FOLDER / "connection-sun.conf"
    os.chown(path, 65534, 65534)
    changed(MODULE, name="sun", dpd_delay="20s")
    assert (path.stat().st_uid, path.stat().st_gid) == (65534, 65534)
    assert path.stat().st_mode & 0o777 == 0o600


def test_leftover_of_somebody_else_is_left_alone() -> None:
    path = Path(staged_path(str(daemon.FOLDER / "connection-far.conf")))
    path.write_text("connections {\n")
    changed(MODULE, name="sun")
    changed(MODULE, connections=[], purge=True)
    daemon.load_files()
    assert path.exists()
    path.unlink()
