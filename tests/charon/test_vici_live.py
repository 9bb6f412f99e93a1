# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Our vici client and the official one ask the same charon, and get the same answers."""

from __future__ import annotations

import socket
import typing as t

import pytest
import vici

from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import (
    Client,
    RefusedError,
)
from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.charon.pair import Pair
from ansible_collections.ipsec.strongswan.tests.support.modules import changed

Options = dict[str, t.Any]
MOVING = {  # what goes on while we ask
    *("mem", "mallinfo", "scheduled", "workers", "queues", "uptime", "running", "since"),
    *("established", "rekey-time", "reauth-time", "install-time", "life-time"),
    *("use-in", "use-out", "packets-in", "packets-out", "bytes-in", "bytes-out"),
    *("tasks-queued", "tasks-active", "tasks-passive"),
}


def still(answer: t.Any) -> t.Any:
    """Return an answer without what changes from one moment to the next."""
    if isinstance(answer, dict):
        return {name: still(value) for name, value in answer.items() if name not in MOVING}
    if isinstance(answer, list):
        return [still(value) for value in answer]
    return answer


@pytest.fixture
def theirs() -> t.Iterator[vici.Session]:
    """A session of the official client."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(str(daemon.SOCKET))
    connection.settimeout(30)
    with connection:
        yield vici.Session(connection)


@pytest.fixture
def ours() -> t.Iterator[Client]:
    """A connection of our client."""
    with daemon.client() as client:
        yield client


COMMANDS = {
    "version": "version",
    "stats": "stats",
    "get-conns": "get_conns",
    "get-shared": "get_shared",
    "get-pools": "get_pools",
    "get-authorities": "get_authorities",
    "get-algorithms": "get_algorithms",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_answer(command: str, sun: Options, ours: Client, theirs: vici.Session) -> None:
    changed("strongswan_conn", **sun)
    changed("strongswan_secret", name="sun", secret="a secret of this test only")
    changed("strongswan_pool", name="net", addrs="10.3.0.0/28")
    answer = ours.request(command)
    assert answer
    assert still(answer) == still(getattr(theirs, COMMANDS[command])())


def test_streamed_connections(sun: Options, ours: Client, theirs: vici.Session) -> None:
    changed("strongswan_conn", connections=[sun, {"name": "other"}])
    mine = list(ours.stream("list-conns", "list-conn"))
    assert {name for one in mine for name in one} == {"sun", "other"}
    assert mine == list(theirs.list_conns())


def test_streamed_sas(pair: Pair, ours: Client, theirs: vici.Session) -> None:
    pair.establish()
    mine = [still(one) for one in ours.stream("list-sas", "list-sa")]
    assert mine
    assert mine == [still(one) for one in theirs.list_sas()]


def test_refusal_in_the_same_words(ours: Client, theirs: vici.Session) -> None:
    with pytest.raises(vici.exception.CommandException) as refused:
        theirs.unload_conn({"name": "nosuch"})
    with pytest.raises(RefusedError) as raised:
        ours.request("unload-conn", {"name": "nosuch"})
    assert raised.value.reason in str(refused.value)


def test_unknown_command_and_event(ours: Client) -> None:
    with pytest.raises(RefusedError, match="not known"):
        ours.request("make-tea")
    with pytest.raises(RefusedError, match="not known"):
        list(ours.stream("list-conns", "list-tea"))
    assert ours.request("version")["daemon"] == b"charon-systemd"


def test_answers_come_in_the_order_of_the_commands(ours: Client) -> None:
    """What request_all relies on: half of these are quick, half are refused or slow."""
    names = [f"order{number}" for number in range(300)]
    messages = [
        {name: {"version": "2", "local_addrs": [f"192.0.2.{n % 250 + 1}"]}}
        for n, name in enumerate(names)
    ]
    assert all(isinstance(one, dict) for one in ours.request_all("load-conn", messages))
    told = ours.request("get-conns")["conns"]
    assert [name.decode() for name in told] == names
    bad: list[dict[str, t.Any]] = [{"bad": {"proposals": ["nosuch"]}}]
    outcomes = list(ours.request_all("load-conn", [*messages[:20], *bad, *messages[20:]]))
    assert [n for n, one in enumerate(outcomes) if isinstance(one, RefusedError)] == [20]
    assert 21 <= len(outcomes) < 150
