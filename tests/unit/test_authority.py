# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certification authorities: what is accepted, and what charon gets."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.authority import (
    authority_result,
    check_authorities,
    parse_authority,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.pool_message import (
    authority_files,
    authority_message,
)

ENTRY: dict[str, t.Any] = {"name": "ours", "state": "present", "cacert": "ca.pem"}
URIS = ["http://a.example.org/ca.crl", "file:///srv/ca.crl"]


def test_parsed() -> None:
    authority = parse_authority({**ENTRY, "crl_uris": URIS, "ocsp_uris": URIS[:1]})
    message = authority_message(authority.section, "/etc/swanctl", lambda path: path.encode())
    assert message == {
        "cacert": b"/etc/swanctl/x509ca/ca.pem",
        "crl_uris": URIS,
        "ocsp_uris": URIS[:1],
    }
    assert authority_result(authority) == {
        **ENTRY,
        "crl_uris": URIS,
        "ocsp_uris": URIS[:1],
    }


FILES: dict[str, tuple[dict[str, t.Any], list[str]]] = {
    "name": ({"cacert": "ca.pem"}, ["/etc/swanctl/x509ca/ca.pem"]),
    "path": ({"cacert": "/srv/ca.pem"}, ["/srv/ca.pem"]),
    "content": ({"cacert": "0sAAAA"}, []),
    "file": ({"cacert": None, "file": "/srv/ca.pem"}, ["/srv/ca.pem"]),
    "token": ({"cacert": None, "handle": "0a1B", "slot": 1, "module": "opensc"}, []),
}


@pytest.mark.parametrize(("options", "files"), FILES.values(), ids=FILES)
def test_files(options: dict[str, t.Any], files: list[str]) -> None:
    section = parse_authority({**ENTRY, **options}).section
    assert authority_files(section, "/etc/swanctl") == files


WRONG: dict[str, tuple[dict[str, t.Any], str]] = {
    "name": ({"name": "a b"}, "authority 'a b'"),
    "no certificate": ({"cacert": None}, "expected one of cacert, file, handle; none is given"),
    "two": ({"file": "/a"}, "expected one of cacert, file, handle; cacert and file are given"),
    "relative": ({"cacert": None, "file": "a"}, "authority ours: file 'a': expected an absolute"),
    "hex": ({"cacert": None, "handle": "xy"}, "authority ours: handle 'xy': expected hexadecimal"),
    "slot": ({"slot": 1}, "authority ours: slot goes with handle"),
    "module": ({"module": "x"}, "authority ours: module goes with handle"),
    "uri": ({"crl_uris": ["crl.example.org"]}, "crl_uris 'crl.example.org': expected a URI"),
    "space": ({"ocsp_uris": ["http://a b"]}, "ocsp_uris 'http://a b': expected a URI"),
}


@pytest.mark.parametrize(("options", "words"), WRONG.values(), ids=WRONG)
def test_wrong(options: dict[str, t.Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_authority({**ENTRY, **options})
    assert words in str(caught.value)


def test_twice_in_the_list() -> None:
    with pytest.raises(InputError, match="authority ours: it is in the list twice"):
        check_authorities([parse_authority(ENTRY), parse_authority(ENTRY)])
