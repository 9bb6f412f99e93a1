# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wrong input changes nothing, and its message names the object and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
import typing as t

import pytest

from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    refused,
    run_module,
)

Options = dict[str, t.Any]
CONNECTION = "strongswan_conn"
SECRET = "strongswan_secret"

BAD_CHILDREN = {
    "mark 0": ({"mark_in": "0"}, ["child net", "mark_in '0'", "mark 0 is no mark"]),
    "masked to 0": ({"mark_out": "0x100/0xff"}, ["mark_out", "mark 0 is no mark"]),
    "no mark": ({"mark_in": "forty"}, ["mark_in 'forty'", "42/0xff"]),
    "if_id 0": ({"if_id_in": "0"}, ["if_id_in '0'", "no interface"]),
    "selector": ({"local_ts": ["10.0.0.0/33"]}, ["local_ts '10.0.0.0/33'", "10.1.0.0/16"]),
    "time": ({"rekey_time": "1 week"}, ["rekey_time '1 week'", "1d"]),
    "size": ({"rekey_bytes": "5T"}, ["rekey_bytes '5T'", "500M"]),
    "name": ({"name": "a.b"}, ["child 'a.b'", "letters"]),
    "keyword": ({"settings": {"tfc_pading": 1}}, ["'tfc_pading'", "did you mean 'tfc_padding'"]),
    "option": ({"settings": {"mark_in": 1}}, ["mark_in has an option of its own"]),
    "long": ({"updown": "x" * 70_000}, ["updown 'xxx", "65535 bytes"]),
}


# What an older charon does not know, and from which version on it does.
NEWER = {
    "keyword": (
        (6, 0, 5),
        {"settings": {"icmp": True}},
        ["icmp needs strongSwan 6.0.5", "the daemon is"],
    ),
    "word": ((6, 0, 2), {"mode": "iptfs"}, ["mode iptfs needs strongSwan 6.0.2", "upgrade"]),
}


@pytest.mark.parametrize(("since", "options", "words"), NEWER.values(), ids=NEWER)
def test_newer_child(since: tuple[int, ...], options: Options, words: list[str]) -> None:
    if daemon.version() < since:
        test_bad_child(options, words)
    else:
        children = [{"name": "net", **options}]
        changed(CONNECTION, connections=[{"name": "sun", "children": children}])
        assert daemon.held() == {"sun"}


@pytest.mark.parametrize(("options", "words"), BAD_CHILDREN.values(), ids=BAD_CHILDREN)
def test_bad_child(options: Options, words: list[str]) -> None:
    children = [{"name": "net", **options}]
    message = refused(
        CONNECTION, connections=[{"name": "ok"}, {"name": "sun", "children": children}]
    )
    assert "connection sun" in message
    for word in words:
        assert word in message
    assert daemon.held() == set()
    assert list(daemon.FOLDER.iterdir()) == []


BAD_CONNECTIONS = {
    "name": ({"name": "a/b"}, ["connection 'a/b'", "letters"]),
    "include": ({"name": "include"}, ["connection 'include'"]),
    "address": ({"remote_addrs": ["192.0.2.300"]}, ["remote_addrs '192.0.2.300'", "address"]),
    "port": ({"local_port": 70000}, ["local_port '70000'", "1 to 65535"]),
    "version": ({"version": 3}, ["version"]),
    "auth": ({"local": [{"auth": "magic"}]}, ["local: auth 'magic'", "psk"]),
    "psk with certs": ({"local": [{"auth": "psk", "certs": ["a.pem"]}]}, ["certs", "psk"]),
    "eap_id": ({"remote": [{"auth": "psk", "eap_id": "a"}]}, ["eap_id", "psk"]),
    "rounds": ({"local": [{"round": 1}, {"round": 1}]}, ["round 1 is there twice"]),
    "child twice": ({"children": [{"name": "a"}, {"name": "a"}]}, ["child 'a' is there twice"]),
    "child without name": ({"children": [{"mode": "tunnel"}]}, ["name"]),
}


@pytest.mark.parametrize(("options", "words"), BAD_CONNECTIONS.values(), ids=BAD_CONNECTIONS)
def test_bad_connection(options: Options, words: list[str]) -> None:
    message = refused(CONNECTION, connections=[{"name": "ok"}, {"name": "sun", **options}])
    for word in words:
        assert word in message
    assert daemon.held() == set()
    assert list(daemon.FOLDER.iterdir()) == []


def test_twice_in_the_list() -> None:
    assert "connection a: it is in the list twice" in refused(
        CONNECTION, connections=[{"name": "a"}, {"name": "a"}]
    )
    children = [{"name": "net"}]
    message = refused(
        CONNECTION,
        connections=[{"name": "a", "children": children}, {"name": "b", "children": children}],
    )
    assert "connection b: its child 'net' has the name of a child of connection a" in message


def test_connection_of_another_file(sun: Options) -> None:
    path = daemon.write("by-hand.conf", "# mine\n\nconnections {\n  sun {\n  }\n}\n")
    for options in (sun, {"name": "sun", "state": "absent"}):
        assert f"file {path}, line 4," in refused(CONNECTION, **options, adopt=True)


def test_connection_of_the_main_file(sun: Options) -> None:
    main = daemon.SWANCTL / "swanctl.conf"
    main.write_text("connections { sun { } }\n" + main.read_text())
    assert f"file {main}, line 1," in refused(CONNECTION, **sun)


def test_child_of_another_file(sun: Options) -> None:
    path = daemon.write(
        "by-hand.conf", "connections {\n far {\n  children {\n   sun-net {\n   }\n  }\n }\n}\n"
    )
    message = refused(CONNECTION, **sun)
    assert f"connection far (file {path}, line 4)" in message
    assert "child 'sun-net'" in message


def test_foreign_file_that_is_broken(sun: Options) -> None:
    path = daemon.write("by-hand.conf", "connections {\n")
    result = changed(CONNECTION, **sun)
    assert f"file {path}: line 1: section 'connections' is not closed" in result["warnings"][0]


HOSTILE = {
    "NUL": (b"connections {\n a { version = 2\0 } }", "line 2: a NUL byte"),
    "no text": (b"connections { \xff\xfe { id = \xfc } }\n\xff", "line 2: unexpected end of file"),
    "string": (b'connections {\n a { id = "x\n\n', "line 2: a quoted string is not closed"),
    "carriage returns": (
        b"connections {\r\n a {\r\n }\r\n",
        "line 1: section 'connections' is not",
    ),
    "nesting": (b"a {" * 100_000, "line 1: sections are nested more than"),
    "word": (b"a" * 1_000_000, "line 1: unexpected end of file"),
}


@pytest.mark.parametrize(("data", "words"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_files(data: bytes, words: str, sun: Options) -> None:
    foreign = daemon.write("by-hand.conf", "")
    foreign.write_bytes(data)
    own = daemon.write("connection-sun.conf", "")
    own.write_bytes(data)
    message = refused(CONNECTION, **sun)
    assert f"the file cannot be parsed, {words}" in message
    result = changed(CONNECTION, **sun, adopt=True)
    assert any(f"file {foreign}: {words}" in warning for warning in result["warnings"])


def test_text_that_is_no_text(sun: Options) -> None:
    own = daemon.write("connection-sun.conf", "")
    own.write_bytes(b"connections { sun { local { id = \xff\xfe } } }")
    assert "local.id is " in refused(CONNECTION, **sun)
    changed(CONNECTION, **sun, adopt=True)
    changed(CONNECTION, name="sun", state="absent")


def test_socket_missing(sun: Options) -> None:
    daemon.stop()
    message = refused(CONNECTION, **sun)
    assert "vici socket /run/charon.vici" in message
    assert "systemctl start strongswan" in message
    assert list(daemon.FOLDER.iterdir()) == []
    result = run_module(CONNECTION, check=True, **sun)
    assert result["changed"]
    assert "vici socket /run/charon.vici" in result["warnings"][0]


def test_socket_that_nobody_listens_on(sun: Options) -> None:
    message = refused(CONNECTION, **sun, socket="/etc/hostname")
    assert "vici socket /etc/hostname" in message


def test_directory_missing(sun: Options) -> None:
    message = refused(CONNECTION, **sun, directory="/nonexistent/conf.d")
    assert "directory /nonexistent/conf.d" in message
    assert "strongswan-swanctl" in message
    assert run_module(CONNECTION, check=True, **sun, directory="/nonexistent/conf.d")["changed"]


def test_not_root() -> None:
    code = (
        "from ansible_collections.ipsec.strongswan.tests.support.modules import refused\n"
        "print(refused('strongswan_conn', name='sun'))\n"
    )
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable]
    done = subprocess.run(
        [*command, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": ":".join(sys.path), "HOME": "/tmp"},
    )
    assert done.returncode == 0, done.stderr
    assert "ermission denied" in done.stdout
    assert "become: true" in done.stdout


BAD_SECRETS = {
    "missing": ({}, ["secret sun", "missing"]),
    "hex": ({"secret": "0xnothexadecimal"}, ["secret sun", "0x"]),
    "base64": ({"secret": "0s!!!!not-base64"}, ["secret sun", "0s"]),
    "id": ({"secret": "x" * 30, "ids": [" moon"]}, ["secret sun", "ids ' moon'"]),
}


@pytest.mark.parametrize(("options", "words"), BAD_SECRETS.values(), ids=BAD_SECRETS)
def test_bad_secret(options: Options, words: list[str]) -> None:
    message = refused(SECRET, name="sun", **options)
    for word in words:
        assert word in message
    if "secret" in options:
        assert options["secret"] not in message
    assert daemon.held() == set()
    assert list(daemon.FOLDER.iterdir()) == []
