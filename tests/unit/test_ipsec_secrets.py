# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ipsec.secrets: parsed as charon does it, rendered so that it comes back, never shown."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.secrets import (
    Secret,
    parse_secrets,
    write_value,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.ipsec_conf import (
    conn_result,
    parse_conn,
    weaknesses,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import (
    decode_prefixed,
)

TEXT = """\
# comment
  include /etc/ipsec.d/*.secrets # more
rw 'C=CH, CN=gw' : PSK "hello # world"
: PSK 0sAAAA
carol\t : EAP secret
: RSA key.pem "pass word"
: RSA other.pem
"""


def test_parsed() -> None:
    found = parse_secrets(TEXT)
    assert found.fault == 0
    assert found.includes == ((2, "/etc/ipsec.d/*.secrets"),)
    assert found.secrets == (
        Secret("PSK", ("rw", "C=CH, CN=gw"), value='"hello # world"'),
        Secret("PSK", (), value="0sAAAA"),
        Secret("EAP", ("carol",), value="secret"),
        Secret("RSA", (), "key.pem", '"pass word"'),
        Secret("RSA", (), "other.pem"),
    )


@pytest.mark.parametrize("line", ["x", "a: PSK x", "a : XYZ x", "a : PSK", ": RSA", "a :PSK x"])
def test_charon_stops_at_a_wrong_line(line: str) -> None:
    found = parse_secrets(f": PSK x\n{line}\n: PSK y\n")
    assert found.fault == 2
    assert len(found.secrets) == 1


IDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" "), min_size=1
).filter(lambda text: text == text.strip() and " : " not in text and not {'"', "'"} <= {*text})
SECRETS = st.builds(
    Secret,
    st.sampled_from(["PSK", "EAP", "XAUTH", "NTLM"]),
    st.lists(IDS, max_size=3).map(tuple),
    value=st.text(min_size=1)
    .filter(lambda text: text[:2].lower() not in ("0x", "0s"))
    .map(write_value),
)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(SECRETS))
def test_lines_come_back(secrets: list[Secret]) -> None:
    found = parse_secrets("".join(f"{one.line()}\n" for one in secrets))
    assert found.fault == 0
    assert list(found.secrets) == secrets


@settings(deadline=None)  # the machine may be busy
@given(st.text(min_size=1).filter(lambda text: text[:2].lower() not in ("0x", "0s")))
def test_any_secret_can_be_written(text: str) -> None:
    written = write_value(text)
    assert "\n" not in written
    data = decode_prefixed(written)
    assert (written[1:-1].encode() if data is None else data) == text.encode()


LONG = "correct horse battery staple"
WRONG: dict[str, tuple[dict[str, t.Any], str]] = {
    "missing": ({"ids": ["a"]}, "connection a: secret 1: secret is missing"),
    "hexadecimal": ({"secret": "0xhunter2"}, "secret: it begins with 0x"),
    "identity": ({"secret": "hunter2", "ids": [" a"]}, "ids ' a'"),
    "separator": ({"secret": "hunter2", "ids": ["a : b"]}, "ids 'a : b': ipsec.secrets cannot"),
    "file": ({"type": "RSA"}, "file is missing"),
    "ids of a key": ({"type": "RSA", "file": "a", "ids": ["b"]}, "ids go with PSK"),
    "file of a PSK": ({"secret": "hunter2", "file": "a"}, "file goes with RSA"),
}


@pytest.mark.parametrize(("secret", "words"), WRONG.values(), ids=WRONG)
def test_wrong(secret: dict[str, t.Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_conn({"name": "a", "state": "present", "secrets": [secret]})
    assert words in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_two_for_the_same() -> None:
    secret = {"ids": ["a"], "secret": LONG}
    with pytest.raises(InputError, match="there are two secrets for PSK a"):
        parse_conn({"name": "a", "state": "present", "secrets": [secret, secret]})


def test_result_and_warning_without_the_secret() -> None:
    secrets: list[dict[str, t.Any]] = [
        {"ids": ["a", "b"], "secret": "hunter2"},
        {"type": "PSK", "secret": LONG},
        {"type": "EAP", "ids": ["c"], "secret": "hunter3"},
        {"type": "RSA", "file": "key.pem", "secret": "hunter4"},
    ]
    conn = parse_conn({"name": "a", "state": "present", "secrets": secrets})
    result = conn_result(conn)
    assert result["secrets"][0] == {"type": "PSK", "ids": ["a", "b"]}
    assert result["secrets"][3] == {"type": "RSA", "file": "key.pem"}
    (warning,) = weaknesses(conn)
    assert "PSK a, b" in warning
    assert "hunter" not in f"{result}{warning}{conn}"
