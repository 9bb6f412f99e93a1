# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vici client on a real unix socket, with a daemon that answers as each test says."""

from __future__ import annotations

import contextlib
import socket
import threading
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    CharonError,
    DependencyError,
    InputError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon, wire
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import (
    WINDOW,
    Client,
    RefusedError,
    TimeoutExpiredError,
    VanishedError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.wire import Packet

Answers = list[list[Packet | bytes]]
YES = {"success": b"yes"}


class Daemon:
    """Answers each request by the next list of packets or raw bytes, then hangs up."""

    def __init__(self, path: Path, answers: Answers) -> None:
        self.requests: list[Packet] = []
        self._answers = answers
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError), self._listener.accept()[0] as connection:
            for answer in self._answers:
                length = int.from_bytes(connection.recv(4, socket.MSG_WAITALL), "big")
                data = connection.recv(length, socket.MSG_WAITALL)
                if not data:
                    return
                self.requests.append(wire.decode_packet(data))
                for one in answer:
                    raw = one if isinstance(one, bytes) else wire.encode_packet(one)
                    connection.sendall(raw)

    def close(self) -> None:
        self._listener.close()
        self._thread.join(5)


Make = t.Callable[..., tuple[Client, Daemon]]


@pytest.fixture
def make(tmp_path: Path) -> t.Iterator[Make]:
    """Return a function that starts a daemon and a client of it."""
    daemons = []

    def start(*answers: list[Packet | bytes], timeout: float = 5) -> tuple[Client, Daemon]:
        path = tmp_path / "vici"
        daemon = Daemon(path, list(answers))
        daemons.append(daemon)
        return Client(str(path), timeout), daemon

    yield start
    for daemon in daemons:
        daemon.close()


def response(message: dict[str, t.Any]) -> Packet:
    """Return an answer."""
    return Packet(wire.CMD_RESPONSE, "", message)


def test_commands(make: Make) -> None:
    client, daemon = make(
        [response({"conns": [b"a", b"b"]})],
        [response({"keys": [b"ike-a"]})],
        [response(YES)],
        [response(YES)],
    )
    with client:
        assert charon.loaded_connections(client) == {"a", "b"}
        assert charon.loaded_secrets(client) == {"ike-a"}
        charon.load_connection(client, "a", {"version": "2"})
        charon.unload_secret(client, "ike-a")
    daemon.close()
    assert [(one.name, one.message) for one in daemon.requests] == [
        ("get-conns", {}),
        ("get-shared", {}),
        ("load-conn", {"a": {"version": b"2"}}),
        ("unload-shared", {"id": b"ike-a"}),
    ]


def test_refused(make: Make) -> None:
    client, _daemon = make(
        [response({"success": b"no", "errmsg": b"invalid value for: proposals"})],
        [Packet(wire.CMD_UNKNOWN)],
    )
    with client:
        with pytest.raises(RefusedError, match="load-conn: invalid value for: proposals"):
            client.request("load-conn", {})
        with pytest.raises(RefusedError, match="not known"):
            client.request("make-tea")


def test_stream(make: Make) -> None:
    client, daemon = make(
        [Packet(wire.EVENT_CONFIRM)],
        [
            Packet(wire.EVENT, "list-conn", {"a": {}}),
            Packet(wire.EVENT, "log", {}),
            Packet(wire.EVENT, "list-conn", {"b": {}}),
            response({}),
        ],
        [Packet(wire.EVENT_CONFIRM)],
    )
    with client:
        assert list(client.stream("list-conns", "list-conn")) == [{"a": {}}, {"b": {}}]
    daemon.close()
    assert [one.type for one in daemon.requests] == [
        wire.EVENT_REGISTER,
        wire.CMD_REQUEST,
        wire.EVENT_UNREGISTER,
    ]


def test_many_commands_at_once(make: Make) -> None:
    number = 3 * WINDOW + 5
    client, daemon = make(*([response({"number": str(n).encode()})] for n in range(number)))
    messages: list[dict[str, t.Any]] = [{"n": str(n)} for n in range(number)]
    with client:
        outcomes = list(client.request_all("load-conn", messages))
    daemon.close()
    assert outcomes == [{"number": str(n).encode()} for n in range(number)]
    assert [one.message for one in daemon.requests] == [
        {"n": str(n).encode()} for n in range(number)
    ]


def test_no_more_commands_after_a_refusal(make: Make) -> None:
    number = 10 * WINDOW
    answers = [[response(YES)] for _n in range(number)]
    answers[5] = [response({"success": b"no", "errmsg": b"bad"})]
    client, daemon = make(*answers)
    with client:
        outcomes = list(client.request_all("load-conn", [{}] * number))
        assert 6 <= len(outcomes) <= 2 * WINDOW
        assert [place for place, one in enumerate(outcomes) if isinstance(one, RefusedError)] == [5]
        assert client.request("version") == {"success": b"yes"}  # still in step
    daemon.close()
    assert len(daemon.requests) == len(outcomes) + 1


def test_nothing_to_send(make: Make) -> None:
    client, _daemon = make()
    with client:
        assert list(client.request_all("load-conn", [])) == []


def test_log_until_a_refusal(make: Make) -> None:
    client, _daemon = make(
        [Packet(wire.EVENT_CONFIRM)],
        [
            Packet(wire.EVENT, "control-log", {"msg": b"no proposal chosen"}),
            response({"success": b"no", "errmsg": b"establishing failed"}),
        ],
        [Packet(wire.EVENT_CONFIRM)],
        [response(YES)],
    )
    with client:
        log = []
        with pytest.raises(RefusedError, match="establishing failed"):
            log += [*client.stream("initiate", "control-log")]
        stream = client.stream("initiate", "control-log")
        del stream
        assert client.request("version") == {"success": b"yes"}


def test_abandoned_stream_ends_the_connection(make: Make) -> None:
    event = Packet(wire.EVENT, "list-conn", {"a": {}})
    client, _daemon = make([Packet(wire.EVENT_CONFIRM)], [event, event, response({})])
    with client:
        stream = client.stream("list-conns", "list-conn")
        assert next(stream) == {"a": {}}
        stream.close()  # type: ignore[attr-defined]  # it is a generator
        with pytest.raises(CharonError, match="not connected"):
            client.request("version")


def test_no_such_event(make: Make) -> None:
    client, _daemon = make([Packet(wire.EVENT_UNKNOWN)])
    with client, pytest.raises(RefusedError, match="event list-tea"):
        list(client.stream("list-conns", "list-tea"))


def test_daemon_dies_in_mid_stream(make: Make) -> None:
    event = Packet(wire.EVENT, "list-conn", {"a": {}})
    client, _daemon = make([Packet(wire.EVENT_CONFIRM)], [event, wire.encode_packet(event)[:7]])
    with client:
        stream = client.stream("list-conns", "list-conn")
        assert next(stream) == {"a": {}}
        with pytest.raises(VanishedError, match="closed the connection"):
            next(stream)


def test_daemon_hangs_up(make: Make) -> None:
    client, _daemon = make([])
    with client, pytest.raises(VanishedError):
        client.request("version")


def test_timeout(tmp_path: Path) -> None:
    path = tmp_path / "vici"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen()
        with (
            Client(str(path), 0.05) as client,
            pytest.raises(TimeoutExpiredError, match=r"0\.05 s"),
        ):
            client.request("version")


def test_late_answer_is_not_taken_for_another(make: Make) -> None:
    # The second answer is for a request that never comes, so the daemon does not hang up.
    client, _daemon = make([wire.encode_packet(response(YES))[:3]], [], timeout=0.05)
    with client:
        with pytest.raises(TimeoutExpiredError):
            client.request("version")
        with pytest.raises(CharonError, match="not connected"):
            client.request("stats")


def test_queue_of_the_socket_is_full(tmp_path: Path) -> None:
    path = tmp_path / "vici"
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        listener.bind(str(path))
        listener.listen(0)
        stack.enter_context(Client(str(path), 1))
        with pytest.raises(TimeoutExpiredError), Client(str(path), 0.1):
            pass
        timer = threading.Timer(0.1, lambda: stack.push(listener.accept()[0]))
        timer.start()
        stack.enter_context(Client(str(path), 5))
        timer.join()


@pytest.mark.parametrize("timeout", [0, -1])
def test_no_time_to_wait(timeout: float) -> None:
    with pytest.raises(InputError, match="1 or more"):
        Client("/run/charon.vici", timeout)


def test_oversized_packet(make: Make) -> None:
    client, _daemon = make([(wire.PACKET_MAX + 1).to_bytes(4, "big")])
    with client, pytest.raises(wire.OversizedError):
        client.request("version")


def test_nonsense(make: Make) -> None:
    client, _daemon = make([b"\x00\x00\x00\x02\x01\x09"])
    with client, pytest.raises(wire.WireError):
        client.request("version")


def test_answer_of_the_wrong_type(make: Make) -> None:
    client, _daemon = make([Packet(wire.EVENT_CONFIRM)])
    with client, pytest.raises(wire.WireError, match="type 5"):
        client.request("version")


def test_socket_missing(tmp_path: Path) -> None:
    path = tmp_path / "vici"
    with pytest.raises(DependencyError, match=f"{path}.*start strongSwan"), Client(str(path), 1):
        pass


def test_socket_without_a_daemon(tmp_path: Path) -> None:
    path = tmp_path / "vici"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
    with pytest.raises(DependencyError, match="refused"), Client(str(path), 1):
        pass
