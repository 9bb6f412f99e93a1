# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""strongswan_secret against a real charon: held, and never shown."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import typing as t

from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.support import credentials
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    refused,
    run_module,
    unchanged,
)

Options = dict[str, t.Any]
MODULE = "strongswan_secret"
FILE = daemon.FOLDER / "secret-sun.conf"
FIRST = "it's \"the\\first' secret, #1 }"
SECOND = "zweites Gehéimnis, 20 und mehr"
WRONG_PASSPHRASE = "shut-sesame-please"
SUN: Options = {"name": "sun", "secret": FIRST, "ids": ["moon.example.org", "sun.example.org"]}


def test_create_change_remove() -> None:
    process = daemon.pid()
    result = changed(MODULE, **SUN)
    assert result["actions"][0]["action"] == "create"
    assert result["warnings"] == []
    assert stat.S_IMODE(FILE.stat().st_mode) == 0o600
    assert daemon.secrets() == {"ike-sun"}
    result = changed(MODULE, **{**SUN, "secret": SECOND})
    assert result["actions"][0]["reason"] == "secret differs"
    assert result["diff"][0]["before"] != result["diff"][0]["after"]
    result = changed(MODULE, **{**SUN, "secret": SECOND, "ids": ["moon.example.org"]})
    assert "id-2 is sun.example.org, wanted not set" in result["actions"][0]["reason"]
    changed(MODULE, name="sun", state="absent")
    assert daemon.secrets() == set()
    assert not FILE.exists()
    assert daemon.pid() == process


def test_charon_takes_the_secret_that_swanctl_takes() -> None:
    """A changed secret is loaded again: charon logs it, and who it is for."""
    start = daemon.cursor()
    changed(MODULE, **SUN)
    log = daemon.journal(start)
    word = "loaded IKE shared key with id 'ike-sun' for: 'moon.example.org', 'sun.example.org'"
    assert log.count(word) == 1
    daemon.load_files()
    assert daemon.journal(start).count(word) == 2


def test_purge_with_two_owners() -> None:
    two = [{**SUN, "name": name} for name in ("a", "b")]
    changed(MODULE, secrets=two, owner="one")
    changed(MODULE, **{**SUN, "name": "c"}, owner="two")
    changed(MODULE, secrets=two[:1], owner="one", purge=True)
    assert daemon.held() == {"ike-a", "ike-c"}
    assert "owner 'two'" in refused(MODULE, name="c", state="absent", owner="one")
    changed(MODULE, name="c", state="absent", owner="one", adopt=True)
    assert daemon.held() == {"ike-a"}


def test_restart_and_repair() -> None:
    changed(MODULE, **SUN)
    daemon.restart()
    unchanged(MODULE, **SUN)
    daemon.forget()
    result = changed(MODULE, **SUN)
    assert result["actions"][0]["reason"] == "not loaded in the daemon"


def test_bytes() -> None:
    changed(MODULE, **{**SUN, "secret": "0x" + "ab" * 16})
    changed(MODULE, **{**SUN, "secret": "0sq6urq6urq6urq6urq6urqw=="})
    unchanged(MODULE, **{**SUN, "secret": "0sq6urq6urq6urq6urq6urqw=="})


def test_short_secret_is_warned_of() -> None:
    result = run_module(MODULE, name="sun", secret="too short")
    assert "secret sun: a preshared key under 20 characters" in result["warnings"][0]


def test_section_of_another_file() -> None:
    path = daemon.write("by-hand.conf", "secrets {\n  ike-sun {\n    secret = other\n  }\n}\n")
    message = refused(MODULE, **SUN)
    assert f"file {path}, line 2," in message
    assert "other" not in message.replace("another", "")


CALL = """
import sys
from ansible.module_utils import basic
from ansible_collections.ipsec.strongswan.plugins.modules import strongswan_secret
basic._ANSIBLE_PROFILE = "legacy"
basic._ANSIBLE_ARGS = sys.stdin.buffer.read()
strongswan_secret.main()
"""


def process(**options: t.Any) -> str:
    """Run the module as Ansible does with -vvvv: in a process of its own; return what it prints."""
    arguments = {**options, "_ansible_diff": True, "_ansible_verbosity": 4}
    done = subprocess.run(
        [sys.executable, "-c", CALL],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
    )
    return (done.stdout + done.stderr).decode()


def forms(secret: str) -> set[str]:
    """Return the secret and the ways in which it may be quoted."""
    quoted = {secret, repr(secret), json.dumps(secret), repr([secret])[1:-1]}
    return {form.strip("'\"") for form in quoted}


def test_no_key_is_visible() -> None:
    """Keys and passphrases, taken and refused, in what the module prints and all logs say."""
    start = daemon.cursor()
    key = {"name": "moon", "type": "private", "content": credentials.EC_KEY}
    sealed = {**key, "content": credentials.ENCRYPTED_KEY, "secret": credentials.PASSPHRASE}
    seen = process(**key)
    assert '"changed": true' in seen
    for options in (
        {"secrets": [key, {**sealed, "name": "gate"}]},
        {"secrets": [sealed, {**key, "type": "rsa", "content": credentials.OTHER_KEY}]},
        {**key, "secret": credentials.PASSPHRASE},
        {**key, "content": credentials.EC_KEY[:200]},
        {**sealed, "secret": WRONG_PASSPHRASE},
        {**key, "owner": "two", "content": credentials.OTHER_KEY},
        {"secrets": [{**key, "state": "absent"}, {**sealed, "state": "absent"}]},
        {"secrets": [], "purge": True},
    ):
        seen += process(**options)
    seen += daemon.journal(start)
    for secret in (credentials.PASSPHRASE, WRONG_PASSPHRASE):
        assert secret not in seen
    for text in (credentials.EC_KEY, credentials.OTHER_KEY, credentials.ENCRYPTED_KEY):
        for line in text.splitlines():
            assert "-----" in line or len(line) < 20 or line not in seen


def test_never_visible() -> None:
    start = daemon.cursor()
    seen = process(**SUN)
    assert '"changed": true' in seen
    results = []
    for secret in (FIRST, SECOND):
        entry = {**SUN, "secret": secret}
        results += [run_module(MODULE, check=True, **entry), run_module(MODULE, **entry)]
        results.append(run_module(MODULE, secrets=[entry, {**entry, "name": "other"}]))
        results.append(run_module(MODULE, secrets=[entry, {**entry, "name": "wrong/name"}]))
        results.append(run_module(MODULE, **entry, owner="two", state="absent"))
        FILE.write_text(FILE.read_text() + f'"{secret}"\n')  # a file that cannot be parsed
        results += [run_module(MODULE, check=True, **entry), run_module(MODULE, **entry)]
    daemon.stop()
    results.append(run_module(MODULE, **{**SUN, "secret": FIRST + "!"}))
    assert sum(result.get("failed", False) for result in results) == 5
    assert sum(result.get("changed", False) for result in results) == 8
    seen += str(results) + json.dumps(results, ensure_ascii=False) + daemon.journal(start)
    for secret in (FIRST, SECOND):
        for form in forms(secret):
            assert form not in seen
    assert "Gehéimnis" not in seen
    assert "first' secret" not in seen
