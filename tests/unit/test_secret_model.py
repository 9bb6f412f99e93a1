# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets as the user wants them; no message and no result shows one."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.secret import (
    check_entries,
    parse_entry,
    parse_secret,
    secret_result,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.lint_secret import weakness

LONG = "correct horse battery staple"
ENTRY: dict[str, t.Any] = {"name": "sun", "type": "ike", "state": "present", "secret": LONG}


def test_parsed() -> None:
    wanted = parse_secret({**ENTRY, "ids": ["moon", "sun"]})
    assert wanted.section.name == "ike-sun"
    assert wanted.section.settings == {"id-1": "moon", "id-2": "sun", "secret": LONG}
    assert secret_result(wanted) == {
        "name": "sun",
        "state": "present",
        "type": "ike",
        "ids": ["moon", "sun"],
    }


def test_absent_needs_no_secret() -> None:
    wanted = parse_secret({**ENTRY, "state": "absent", "secret": None})
    assert not wanted.present
    assert weakness(wanted) == ""
    assert secret_result(wanted) == {"name": "sun", "state": "absent", "type": "ike"}


WRONG: dict[str, tuple[dict[str, t.Any], str]] = {
    "name": ({"name": "a/b"}, "secret 'a/b'"),
    "missing": ({"secret": None}, "secret sun: secret is missing"),
    "empty": ({"secret": ""}, "secret sun: secret is missing"),
    "hexadecimal": ({"secret": "0xhunter2"}, "secret sun: secret: it begins with 0x"),
    "base64": ({"secret": "0shunter2!"}, "secret sun: secret: it begins with 0s"),
    "nt hash": ({"type": "ntlm", "secret": "hunter2"}, "secret sun: secret: expected the NT hash"),
    "nt hash's length": ({"type": "ntlm", "secret": "0x" + "ab" * 15}, "16 bytes"),
    "content": ({"content": "hunter2"}, "secret sun: content goes with keys and certificates"),
    "nul": ({"secret": "hunter2\0"}, "NUL"),
    "id": ({"ids": ["moon", ""]}, "secret sun: ids ''"),
}


@pytest.mark.parametrize(("options", "words"), WRONG.values(), ids=WRONG)
def test_wrong(options: dict[str, t.Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_secret({**ENTRY, **options})
    assert words in str(caught.value)
    assert "hunter2" not in str(caught.value)


WEAK = {
    "x" * 19: True,
    "x" * 20: False,
    "0x" + "ab" * 15: True,
    "0x" + "ab" * 16: False,
    "0sq6urq6urq6urq6urq6urqw==": False,
    "0sq6urqw==": True,
}


@pytest.mark.parametrize(("secret", "weak"), WEAK.items())
def test_weak(secret: str, weak: bool) -> None:
    warning = weakness(parse_secret({**ENTRY, "secret": secret}))
    assert bool(warning) == weak
    assert secret not in warning


@pytest.mark.parametrize("kind", ["eap", "xauth"])
def test_a_password_may_be_short(kind: str) -> None:
    assert weakness(parse_secret({**ENTRY, "type": kind, "secret": "short"})) == ""


@pytest.mark.parametrize(("secret", "weak"), [("x" * 31, True), ("0x" + "ab" * 32, False)])
def test_weak_postquantum_key(secret: str, weak: bool) -> None:
    warning = weakness(parse_secret({**ENTRY, "type": "ppk", "secret": secret}))
    assert bool(warning) == weak
    assert secret not in warning


@pytest.mark.parametrize("kind", ["ike", "eap", "xauth", "ppk"])
def test_shared_types(kind: str) -> None:
    assert parse_secret({**ENTRY, "type": kind}).section.name == f"{kind}-sun"


def test_names_are_unique() -> None:
    one = parse_entry(ENTRY)
    with pytest.raises(InputError, match="secret sun: it is in the list twice"):
        check_entries([one, one])
