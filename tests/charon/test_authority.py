# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""strongswan_authority against a real charon."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.charon.test_connection import CERTIFICATE
from ansible_collections.ipsec.strongswan.tests.support import shell
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    refused,
    run_module,
    unchanged,
)

Options = dict[str, t.Any]
MODULE = "strongswan_authority"
FILE = daemon.FOLDER / "authority-ours.conf"
OURS: Options = {
    "name": "ours",
    "cacert": "test-ca.pem",
    "crl_uris": ["http://crl.example.org/ca.crl"],
}


@pytest.fixture(autouse=True)
def cacert() -> t.Iterator[None]:
    """Put a certificate there that says to be an authority's."""
    path = daemon.SWANCTL / "x509ca/test-ca.pem"
    path.write_text(CERTIFICATE)
    yield
    path.unlink()


def listing() -> str:
    """Return what charon tells of its authorities."""
    return shell.run("swanctl --list-authorities")


def actions(result: Options) -> list[tuple[str, str]]:
    """Return what was done to which object."""
    return [(one["action"], one["object"]) for one in result["actions"]]


def test_create_change_remove() -> None:
    process = daemon.pid()
    result = changed(MODULE, **OURS)
    assert actions(result) == [("create", "authority ours")]
    assert result["authorities"] == [{**OURS, "state": "present"}]
    for word in ("ours:", "CN=moon.example.org", "http://crl.example.org/ca.crl"):
        assert word in listing()
    options = {**OURS, "ocsp_uris": ["http://ocsp.example.org"], "crl_uris": []}
    result = changed(MODULE, **options, cert_uri_base="http://certs.example.org/")
    assert result["actions"][0]["reason"] == (
        "ocsp_uris is not set, wanted http://ocsp.example.org;"
        " cert_uri_base is not set, wanted http://certs.example.org/;"
        " crl_uris is http://crl.example.org/ca.crl, wanted not set"
    )
    told = listing()
    for word in ("http://ocsp.example.org", "http://certs.example.org/"):
        assert word in told
    assert "crl.example.org" not in told
    changed(MODULE, name="ours", state="absent")
    assert listing() == ""
    assert not FILE.exists()
    assert daemon.pid() == process


def test_file_that_charon_reads() -> None:
    path = daemon.SWANCTL / "x509ca/test-ca.pem"
    changed(MODULE, name="ours", file=str(path))
    assert "CN=moon.example.org" in listing()


def test_swanctl_loads_the_file_as_we_do() -> None:
    changed(MODULE, **OURS, ocsp_uris=["http://a.example.org", "http://b.example.org:88/x,y"][:1])
    before = listing()
    daemon.load_files()
    assert listing() == before


def test_purge_with_two_owners() -> None:
    two = [{**OURS, "name": name} for name in ("a", "b")]
    changed(MODULE, authorities=two, owner="one")
    changed(MODULE, **{**OURS, "name": "c"}, owner="two")
    result = changed(MODULE, authorities=two[:1], owner="one", purge=True)
    assert actions(result) == [("remove", "authority b")]
    assert "owner 'two'" in refused(MODULE, name="c", state="absent", owner="one")


def test_restart_and_repair() -> None:
    changed(MODULE, **OURS)
    daemon.restart()
    unchanged(MODULE, **OURS)
    daemon.forget()
    result = changed(MODULE, **OURS)
    assert result["actions"][0]["reason"] == "not loaded in the daemon"


def test_certificate_that_is_missing() -> None:
    options = {**OURS, "cacert": "nowhere.pem"}
    path = daemon.SWANCTL / "x509ca/nowhere.pem"
    assert f"file {path} does not exist" in refused(MODULE, **options)
    result = run_module(MODULE, check=True, **options)
    assert result["changed"]
    assert str(path) in result["warnings"][0]


def test_refused_by_charon() -> None:
    changed(MODULE, **OURS)
    before = FILE.read_bytes()
    path = daemon.SWANCTL / "x509ca/test-ca.pem"
    path.write_text("no certificate")
    message = refused(MODULE, **{**OURS, "crl_uris": ["http://other.example.org/ca.crl"]})
    newer = daemon.version() >= (6, 1, 0)
    words = "invalid value for: cacert" if newer else "CA certificate missing: ours"
    assert f"authority ours: charon refused it: {words}" in message
    assert FILE.read_bytes() == before
    assert "http://crl.example.org/ca.crl" in listing()


def test_authority_of_another_file() -> None:
    path = daemon.write("by-hand.conf", "authorities {\n  ours {\n  }\n}\n")
    assert f"file {path}, line 2," in refused(MODULE, **OURS)
