# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Our reader of swanctl.conf against swanctl: it sends what we say, and refuses what we refuse.

C(SWANCTL_TEXTS) says how many generated texts to compare.
"""

from __future__ import annotations

import os
import signal
import subprocess
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import FileError
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.message import (
    connection_message,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.store import (
    read_blob,
    read_tree,
)
from ansible_collections.ipsec.strongswan.tests.charon.recorder import Recorder
from ansible_collections.ipsec.strongswan.tests.support import swanctl_texts

COUNT = int(os.environ.get("SWANCTL_TEXTS", "45"))
INCLUDED = {
    "one.inc": "version = 7\r\npools = a , b\ngw { updown = included }\n",
    "two.inc": "# nothing but a comment",
}


@pytest.fixture
def recorder(tmp_path: Path) -> t.Iterator[Recorder]:
    """A socket that records what swanctl sends."""
    recorder = Recorder(tmp_path / "vici")
    yield recorder
    recorder.close()


class EndlessError(Exception):
    """References lead back to themselves: swanctl follows them until its stack is full."""


def swanctl(main: Path, recorder: Recorder) -> dict[str, t.Any] | None:
    """Return the connections that swanctl loads from a file; None if it cannot read it."""
    command = ["swanctl", "--load-conns", "--file", str(main), "--uri", f"unix://{recorder.path}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    loaded = recorder.loaded()
    if "invalid config file" in done.stderr:
        assert not loaded  # swanctl goes on as with an empty file: it unloads all that charon has
        return None
    if done.returncode == -signal.SIGSEGV:
        raise EndlessError
    assert done.returncode == 0, done.stderr
    return loaded


def ours(main: Path) -> dict[str, t.Any] | None:
    """Return the same as our reader has it."""
    try:
        connections = read_tree(str(main)).children("connections")
    except FileError as error:
        if "without end" in str(error):
            raise EndlessError from error
        return None
    return {
        name: encoded(connection_message(section, str(main.parent), read_blob))
        for name, section in connections.items()
    }


def encoded(value: t.Any) -> t.Any:
    """Return a message as it looks on the other side."""
    if isinstance(value, dict):
        return {name: encoded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [encoded(one) for one in value]
    return value.encode() if isinstance(value, str) else value


def compare(main: Path, recorder: Recorder, text: str) -> bool:
    """Compare both readers of a text; return whether they can read it."""
    main.write_text(text, newline="")
    try:
        found, expected = ours(main), swanctl(main, recorder)
    except EndlessError:
        return False
    assert found == expected, repr(text)
    assert list(found or ()) == list(expected or ()), repr(text)
    return expected is not None


def test_generated(tmp_path: Path, recorder: Recorder) -> None:
    for name, content in INCLUDED.items():
        (tmp_path / name).write_text(content, newline="")
    main = tmp_path / "swanctl.conf"
    read = [compare(main, recorder, swanctl_texts.text(seed)) for seed in range(COUNT)]
    assert COUNT // 3 <= sum(read) < COUNT


BY_HAND = {
    "list in quotes": "connections { a { pools = \"'a, b' , c\" } }",
    "certificates": "connections { a { local { certs = 0xab:cd, 0saGVsbG8=\n pubkeys = k.pem } } }",
    "names in other letters": "connections { a { Local_Addrs = 1, 2\n CERTS = 0xab } }",
    "inherited": "connections { a : b { version =\n local { id = x } } }\n"
    "b { version = 2\n encap = yes\n local { auth = psk } }",
    "inherits all connections": "connections : b { }\nb { a { version = 1 } }",
    "opened twice": "connections { a { version = 1 } }\nconnections { b { }\n a { encap = no } }",
    "nothing": "",
}


@pytest.mark.parametrize("text", BY_HAND.values(), ids=BY_HAND)
def test_by_hand(text: str, tmp_path: Path, recorder: Recorder) -> None:
    (tmp_path / "pubkey").mkdir()
    (tmp_path / "pubkey" / "k.pem").write_text("a key")
    assert compare(tmp_path / "swanctl.conf", recorder, text)
