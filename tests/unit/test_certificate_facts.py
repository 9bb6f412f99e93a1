# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates as charon sends them, and names in them."""

from __future__ import annotations

import datetime
import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._model import der
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.certificate_facts import (
    certificate_facts,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.distinguished_name import (
    distinguished_name,
)
from ansible_collections.ipsec.strongswan.tests.support.recorded import recorded

NOW = datetime.datetime(2026, 11, 24, 3, 0, tzinfo=datetime.UTC)
ROOT = "C=CH, O=Example, Inc, CN=Root CA"


@pytest.fixture
def held() -> list[dict[str, t.Any]]:
    """The recorded certificates."""
    return [certificate_facts(event, NOW) for event in recorded("list-certs")]


def test_each_kind(held: list[dict[str, t.Any]]) -> None:
    assert [(one["type"], one["flag"], one["name"]) for one in held] == [
        ("PUBKEY", None, None),
        ("X509", "NONE", "C=CH, O=Example, Inc, CN=moon.example.org"),
        ("X509", "NONE", "CN=s\u00fcn.example.org"),
        ("X509", "CA", ROOT),
        ("X509_CRL", None, ROOT),
    ]


def test_a_certificate(held: list[dict[str, t.Any]]) -> None:
    """As swanctl --list-certs showed it."""
    assert held[1] == {
        "name": "C=CH, O=Example, Inc, CN=moon.example.org",
        "type": "X509",
        "flag": "NONE",
        "subject": "C=CH, O=Example, Inc, CN=moon.example.org",
        "issuer": ROOT,
        "serial": "8f:3a:11",
        "alternative_names": ["moon.example.org", "10.77.0.1", "fd01::1", "a@example.org"],
        "self_signed": False,
        "key_id": "2ad1034dc35eeb4f8282e1929c6a93fb470e2d9e",
        "has_private_key": True,
        "not_before": "2026-11-24T02:32:52Z",
        "not_after": "2026-12-14T02:32:52Z",
        "days_left": 19,
    }


def test_a_public_key_is_that_of_its_certificate(held: list[dict[str, t.Any]]) -> None:
    assert held[0]["key_id"] == held[1]["key_id"]
    assert held[0]["has_private_key"]
    assert held[0]["days_left"] is None


def test_version_1_and_self_signed(held: list[dict[str, t.Any]]) -> None:
    assert (held[2]["serial"], held[2]["alternative_names"]) == ("05", [])
    assert [one["self_signed"] for one in held] == [False, False, False, True, False]


def test_a_list_of_revoked_ones(held: list[dict[str, t.Any]]) -> None:
    assert (held[4]["issuer"], held[4]["subject"], held[4]["days_left"]) == (ROOT, None, 9)


def test_past_its_time() -> None:
    later = NOW + datetime.timedelta(days=20)
    assert certificate_facts(recorded("list-certs")[1], later)["days_left"] == -1


@pytest.mark.parametrize("length", range(0, 680, 7))
def test_cut_off_bytes_give_null(length: int) -> None:
    event = recorded("list-certs")[1]
    facts = certificate_facts({**event, "data": event["data"][:length]}, NOW)
    assert (facts["subject"], facts["days_left"], facts["has_private_key"]) == (None, None, True)


def test_an_unknown_kind() -> None:
    assert certificate_facts({"type": b"X509_AC", "data": b"0"}, NOW)["subject"] is None


def named(*parts: tuple[str, int, bytes]) -> der.Element:
    """Return a name of these parts: OID in hexadecimal, tag and bytes of the value."""
    return der.decode(
        der.encode(
            der.SEQUENCE,
            b"".join(
                der.encode(
                    0x31,
                    der.encode(
                        der.SEQUENCE,
                        der.encode(der.OID, bytes.fromhex(oid)) + der.encode(tag, value),
                    ),
                )
                for oid, tag, value in parts
            ),
        )
    )


@pytest.mark.parametrize(
    ("oid", "tag", "value", "text"),
    [
        ("550403", 0x0C, b"moon", "CN=moon"),
        ("2a864886f70d010901", 0x16, b"a@b.example", "E=a@b.example"),
        ("0992268993f22c640119", 0x16, b"example", "DC=example"),
        ("550403", 0x1E, "s\u00fcn".encode("utf-16-be"), "CN=s\u00fcn"),
        ("550403", 0x14, "s\u00fcn".encode("latin-1"), "CN=s\u00fcn"),
        ("2b0601040182370201", 0x0C, b"x", "1.3.6.1.4.1.311.2.1=x"),
        ("8837", 0x0C, b"x", "2.999=x"),
    ],
)
def test_a_name(oid: str, tag: int, value: bytes, text: str) -> None:
    assert distinguished_name(named((oid, tag, value))) == text


def test_no_name() -> None:
    assert distinguished_name(named()) == ""
