# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""strongswan_secret's keys and certificates against a real charon; swanctl is the witness."""

from __future__ import annotations

import shutil
import stat
import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.credential_types import (
    CREDENTIALS,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.charon.pair import Pair
from ansible_collections.ipsec.strongswan.tests.support import credentials, shell
from ansible_collections.ipsec.strongswan.tests.support.modules import (
    changed,
    refused,
    run_module,
    unchanged,
)

Options = dict[str, t.Any]
MODULE = "strongswan_secret"
KEY: Options = {"name": "moon", "type": "private", "content": credentials.EC_KEY}
CERTIFICATE: Options = {"name": "moon", "type": "x509", "content": credentials.CERTIFICATE}
CA: Options = {"name": "ca", "type": "x509ca", "content": credentials.CA}
SEALED: Options = {
    **KEY,
    "content": credentials.ENCRYPTED_KEY,
    "secret": credentials.PASSPHRASE,
}
EC_ID = "5f81ef27694c8f8ca47c98a196b4c60f6e4787ff"


def files() -> set[str]:
    """Return the files in swanctl's folders."""
    return {
        f"{folder}/{path.name}"
        for folder in CREDENTIALS
        for path in (daemon.SWANCTL / folder).glob("*")
    }


def keys() -> set[str]:
    """Return the ids of the private keys that charon holds."""
    with daemon.client() as client:
        return set(charon.loaded_keys(client))


def forget() -> None:
    """Let charon forget all, and remove all files."""
    for name in files():
        (daemon.SWANCTL / name).unlink()
    with daemon.client() as client:
        client.request("clear-creds")


@pytest.fixture(autouse=True)
def nothing() -> t.Iterator[None]:
    """Begin and end without keys and certificates."""
    forget()
    yield
    daemon.start()
    forget()


def mode(name: str) -> int:
    """Return the mode of a file in swanctl's directory."""
    return stat.S_IMODE((daemon.SWANCTL / name).stat().st_mode)


def test_key_and_certificate() -> None:
    process = daemon.pid()
    result = changed(MODULE, secrets=[CERTIFICATE, KEY, CA])
    assert [one["object"] for one in result["actions"]] == [
        "x509 moon",
        "private moon",
        "x509ca ca",
    ]
    assert result["secrets"][0]["key_id"] == result["secrets"][1]["key_id"] == EC_ID
    assert files() == {"x509/moon.pem", "private/moon.pem", "x509ca/ca.pem"}
    assert (mode("private/moon.pem"), mode("x509/moon.pem")) == (0o600, 0o644)
    assert keys() == {EC_ID}
    told = shell.run("swanctl --list-certs")
    assert "CN=moon.example.org" in told
    assert "has private key" in told
    assert "CN=ca.example.org" in told
    assert daemon.pid() == process


def test_restart_and_repair() -> None:
    changed(MODULE, secrets=[KEY, CERTIFICATE])
    daemon.restart()
    unchanged(MODULE, secrets=[KEY, CERTIFICATE])
    with daemon.client() as client:
        client.request("clear-creds")
    result = changed(MODULE, secrets=[KEY, CERTIFICATE])
    assert {one["reason"] for one in result["actions"]} == {"not loaded in the daemon"}
    assert keys() == {EC_ID}


KINDS = {
    "RSA": ("private", credentials.RSA_KEY),
    "RSA in its folder": ("rsa", credentials.RSA_KEY),
    "EC": ("ecdsa", credentials.EC_KEY),
    "EC as DER": ("private", credentials.der(credentials.EC_KEY)),
    "Ed25519": ("private", credentials.ED25519_KEY),
    "PKCS#8": ("pkcs8", credentials.RSA_KEY),
}


@pytest.mark.parametrize(("kind", "content"), KINDS.values(), ids=KINDS)
def test_keys_of_all_kinds(kind: str, content: str) -> None:
    result = changed(MODULE, name="one", type=kind, content=content)
    assert keys() == {result["secrets"][0]["key_id"]}  # told before charon had it
    with daemon.client() as client:
        client.request("clear-creds")
    daemon.load_files()
    assert keys() == {result["secrets"][0]["key_id"]}
    changed(MODULE, name="one", type=kind, state="absent")
    assert keys() == set()
    assert files() == set()


OTHERS = {
    "CRL": ("x509crl", credentials.CRL, "serial"),
    "public key": ("pubkey", credentials.PUBLIC_KEY, "ECDSA 256 bits"),
    "OCSP signer": ("x509ocsp", credentials.OCSP_SIGNER, "CN=ocsp.example.org"),
    "authority of attributes": (
        "x509aa",
        credentials.AUTHORITY_OF_ATTRIBUTES,
        "CN=aa.example.org",
    ),
    "attributes": ("x509ac", credentials.ATTRIBUTES, "operators"),
    "DER": ("x509", credentials.der(credentials.CERTIFICATE), "CN=moon.example.org"),
}


@pytest.mark.parametrize(("kind", "content", "word"), OTHERS.values(), ids=OTHERS)
def test_certificates_of_other_kinds(kind: str, content: str, word: str) -> None:
    changed(MODULE, **CA)
    changed(MODULE, name="one", type=kind, content=content)
    assert word in shell.run("swanctl --list-certs")
    with daemon.client() as client:
        client.request("clear-creds")
    daemon.load_files()
    assert word in shell.run("swanctl --list-certs")  # of our file


def test_change_of_a_key() -> None:
    changed(MODULE, **KEY)
    result = changed(MODULE, **{**KEY, "content": credentials.OTHER_KEY})
    assert result["actions"][0]["reason"] == "its content differs"
    assert "hidden, another one" in result["diff"][0]["after"]
    assert len(keys()) == 1
    assert EC_ID not in keys()


def test_change_of_a_certificate_reaches_its_connections(sun: Options) -> None:
    changed(MODULE, secrets=[KEY, CERTIFICATE])
    sun["local"] = [{"auth": "pubkey", "certs": ["moon.pem"]}]
    changed("strongswan_conn", **sun)
    changed("strongswan_conn", name="other")
    start = daemon.cursor()
    result = changed(MODULE, **{**CERTIFICATE, "content": credentials.RENEWED})
    path = daemon.SWANCTL / "x509/moon.pem"
    assert result["actions"][1] == {
        "object": "connection sun",
        "action": "load",
        "reason": f"its certificate {path} changes",
    }
    log = daemon.journal(start)
    assert "replaced vici connection: sun" in log
    assert "vici connection: other" not in log
    unchanged("strongswan_conn", **sun)
    result = run_module(MODULE, **{**CERTIFICATE, "state": "absent"})
    assert any("connection sun: it names" in warning for warning in result["warnings"])
    assert any("charon keeps it in memory" in warning for warning in result["warnings"])


def test_key_and_certificate_must_go_together() -> None:
    wrong = {**CERTIFICATE, "content": credentials.OTHER_CERTIFICATE}
    message = refused(MODULE, secrets=[KEY, wrong])
    assert "x509 moon: it does not go with the key of the same name, private moon" in message
    assert files() == set()
    assert keys() == set()
    changed(MODULE, **KEY)
    assert f"file {daemon.SWANCTL}/private/moon.pem" in refused(MODULE, **wrong)
    changed(MODULE, **CERTIFICATE)
    assert "does not go with" in refused(MODULE, **{**KEY, "content": credentials.OTHER_KEY})
    both = [{**KEY, "content": credentials.OTHER_KEY}, wrong]
    changed(MODULE, secrets=both)


def test_expiry() -> None:
    old = {**CERTIFICATE, "content": credentials.EXPIRED}
    message = refused(MODULE, **old)
    assert "x509 moon: it expired on 20" in message
    assert "allow_expired: true" in message
    assert files() == set()
    result = changed(MODULE, **old, allow_expired=True)
    assert "it expired on" in result["warnings"][0]
    assert "it expired on" in unchanged(MODULE, **old)["warnings"][0]  # it was written before
    result = changed(MODULE, **CERTIFICATE, warn_days=100000)
    assert "it expires in" in result["warnings"][0]
    assert unchanged(MODULE, **CERTIFICATE)["warnings"] == []


def test_what_charon_refuses_changes_nothing() -> None:
    """A certificate that is no authority's, after a key that charon took."""
    wrong = {**CA, "content": credentials.CERTIFICATE}
    message = refused(MODULE, secrets=[KEY, wrong])
    assert "x509ca ca: charon refused it: ca certificate lacks CA basic constraint" in message
    assert files() == set()
    assert keys() == set()


def test_two_owners_and_purge() -> None:
    changed(MODULE, secrets=[KEY, CERTIFICATE], owner="one")
    changed(MODULE, **CA, owner="two")
    by_hand = daemon.SWANCTL / "x509/by-hand.pem"
    by_hand.write_text(credentials.OTHER_CERTIFICATE)
    assert "owner 'one'" in refused(
        MODULE, **{**CERTIFICATE, "content": credentials.RENEWED}, owner="two"
    )
    assert "adopt: true" in refused(MODULE, **{**KEY, "state": "absent"}, owner="two")
    changed(MODULE, secrets=[CERTIFICATE], owner="one", purge=True)
    assert files() == {"x509/moon.pem", "x509ca/ca.pem", "x509/by-hand.pem"}
    assert keys() == set()
    hand: Options = {"name": "by-hand", "type": "x509"}
    changed(MODULE, **hand, content=credentials.OTHER_CERTIFICATE)
    assert "ipsec.strongswan:default;" in by_hand.read_text().splitlines()[0]


def test_mode_is_repaired() -> None:
    changed(MODULE, **KEY)
    (daemon.SWANCTL / "private/moon.pem").chmod(0o644)
    result = changed(MODULE, **KEY)
    assert result["actions"][0]["reason"] == "the file's mode is 0644, wanted 0600"
    assert mode("private/moon.pem") == 0o600


def test_check_mode_changes_nothing() -> None:
    assert run_module(MODULE, check=True, secrets=[KEY, CERTIFICATE])["changed"]
    assert files() == set()
    assert keys() == set()


CONTAINER: Options = {
    "name": "moon",
    "type": "pkcs12",
    "content": credentials.CONTAINER,
    "secret": credentials.PASSPHRASE,
}


@pytest.mark.parametrize("options", [SEALED, CONTAINER], ids=["key", "container"])
def test_passphrase(options: Options, openssl: bool) -> None:
    if not openssl:
        assert "openssl is not installed" in refused(MODULE, **options)
        return
    kind = options["type"]
    changed(MODULE, **options)
    config = daemon.FOLDER / f"passphrase-{kind}-moon.conf"
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert keys() == {EC_ID}
    with daemon.client() as client:
        client.request("clear-creds")
    daemon.load_files()
    assert keys() == {EC_ID}  # swanctl opens it by our file
    unchanged(MODULE, **options)
    assert "this passphrase does not open it" in refused(MODULE, **{**options, "secret": "wrong"})
    changed(MODULE, **{**options, "state": "absent"})
    assert not config.exists()
    assert files() == set()
    assert keys() == set()


@pytest.fixture
def openssl() -> bool:
    """Whether the host has the openssl command, which keys with a passphrase need."""
    return shutil.which("openssl") is not None


def test_certificate_of_a_key_with_a_passphrase(openssl: bool) -> None:
    if not openssl:
        return
    changed(MODULE, **SEALED)
    wrong = {**CERTIFICATE, "content": credentials.OTHER_CERTIFICATE}
    assert f"file {daemon.SWANCTL}/private/moon.pem" in refused(MODULE, **wrong)
    changed(MODULE, **CERTIFICATE)


def test_passphrase_is_dropped(openssl: bool) -> None:
    if not openssl:
        return
    changed(MODULE, **SEALED)
    result = changed(MODULE, **KEY)
    assert "passphrase private-moon" in str(result["actions"])
    assert keys() == {EC_ID}
    assert list(daemon.FOLDER.iterdir()) == []


BAD = {
    "no content": ({"content": None}, "content is missing"),
    "no PEM": ({"content": "hunter2"}, "expected PEM text"),
    "a certificate": ({"content": credentials.CERTIFICATE}, "found a block CERTIFICATE"),
    "two": ({"content": credentials.EC_KEY * 2}, "it holds 2 blocks"),
    "cut off": ({"content": credentials.der(credentials.EC_KEY)[:62]}, "cut off"),
    "no passphrase": ({"content": credentials.ENCRYPTED_KEY}, "give its passphrase as secret"),
    "passphrase in vain": ({"secret": "hunter2"}, "the key is not encrypted"),
    "ids": ({"ids": ["moon"]}, "ids go with shared secrets"),
    "src": ({"content": None, "src": "/etc/hostname"}, "was not read on the controller"),
}


@pytest.mark.parametrize(("options", "words"), BAD.values(), ids=BAD)
def test_bad_key(options: Options, words: str) -> None:
    message = refused(MODULE, secrets=[CA, {**KEY, **options}])
    assert "private moon: " in message
    assert words in message
    assert "hunter2" not in message
    assert files() == set()


def test_no_file_is_left_behind() -> None:
    changed(MODULE, secrets=[KEY, CERTIFICATE])
    left = [path for path in daemon.SWANCTL.rglob(".ansible*") if Path(path).is_file()]
    assert left == []


def test_authentication_by_certificate(pair: Pair) -> None:
    """Both hosts are moon, one key and certificate for both; then it is renewed."""
    ends: dict[str, t.Any] = {
        "local": [{"auth": "pubkey", "certs": ["moon.pem"]}],
        "remote": [{"auth": "pubkey", "cacerts": ["ca.pem"]}],
    }
    for content in (credentials.CERTIFICATE, credentials.RENEWED):
        for host in pair.hosts:
            secrets = [KEY, {**CERTIFICATE, "content": content}, CA]
            changed(MODULE, secrets=secrets, **host.options)
        if content == credentials.CERTIFICATE:
            pair.load(**ends)
        pair.node.swanctl("--initiate --child net --timeout 20")
        assert [one["state"] for one in pair.node.sas("pair")] == ["ESTABLISHED"]
        pair.node.swanctl("--terminate --ike pair --timeout 20")
