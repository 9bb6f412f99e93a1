# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys and certificates: what they are told to be without charon, and with no message that shows one."""

from __future__ import annotations

import contextlib
import datetime
import subprocess
import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    ConflictError,
    InputError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model import der, pem
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.certificate import (
    crl_next_update,
    read_certificate,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.credential import (
    Credential,
    parse_credential,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.ed25519 import public_key
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.key_id import (
    id_of_private_key,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    actions_result,
    diff_result,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.credential import (
    plan_credentials,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.credential_found import (
    CredentialFile,
    FoundCredentials,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.passphrase import opened
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import (
    decode_prefixed,
)
from ansible_collections.ipsec.strongswan.tests.support import credentials

NOW = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
SWANCTL = "/etc/swanctl"

# The ids that charon 5.9.8 gave to these keys.
IDS = {
    credentials.RSA_KEY: "12acc3cb43b7f3b6b12de177b66d01b1c8d722cd",
    credentials.EC_KEY: "5f81ef27694c8f8ca47c98a196b4c60f6e4787ff",
    credentials.ED25519_KEY: "b7dc89de590896d7afc30180a516a56c55dd4f72",
    credentials.OTHER_KEY: "a9b1805230d99183b7eadc683b35d0c25049612c",
}


def entry(**options: t.Any) -> dict[str, t.Any]:
    """Return an entry as the module has it."""
    return {"state": "present", "warn_days": 30, "allow_expired": False, **options}


def wanted(kind: str, content: str, name: str = "moon", **options: t.Any) -> Credential:
    """Return a wanted key or certificate."""
    return parse_credential(entry(name=name, type=kind, content=content, **options))


@pytest.mark.parametrize(("text", "key_id"), IDS.items())
def test_key_ids(text: str, key_id: str) -> None:
    (block,) = pem.parse_pem(text)
    assert id_of_private_key(block.data) == key_id
    assert wanted("private", credentials.der(text)).key_id == key_id
    assert text.strip().endswith(wanted("private", credentials.der(text)).block.text.strip())  # type: ignore[union-attr]


def test_ed25519() -> None:
    """The first test of RFC 8032, 7.1."""
    seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert public_key(bytes.fromhex(seed)).hex() == public


def test_certificate() -> None:
    (block,) = pem.parse_pem(credentials.CERTIFICATE)
    told = read_certificate(block.data)
    assert told.key_id == IDS[credentials.EC_KEY]
    assert told.not_before.year == 2020  # UTCTime
    assert told.not_after.year == 2120  # GeneralizedTime
    (block,) = pem.parse_pem(credentials.CRL)
    update = crl_next_update(block.data)
    assert update is not None
    assert update.year > 2049


def test_a_block_is_always_the_same_text() -> None:
    for text in (credentials.RSA_KEY, credentials.CERTIFICATE, credentials.ENCRYPTED_KEY):
        (block,) = pem.parse_pem(text)
        assert block.text == text
        assert pem.parse_pem("by hand\n" + text.replace("\n", "\r\n")) == [block]


CUT = pem.parse_pem(credentials.CERTIFICATE)[0].data


@pytest.mark.parametrize("length", range(0, len(CUT), 7))
def test_der_that_is_cut_off(length: int) -> None:
    with pytest.raises(der.DerError):
        read_certificate(CUT[:length])


@pytest.mark.parametrize("position", range(0, len(CUT), 5))
def test_der_that_is_damaged(position: int) -> None:
    data = bytearray(CUT)
    data[position] ^= 0x7F
    with contextlib.suppress(der.DerError):  # anything else would be a traceback
        read_certificate(bytes(data))
    with contextlib.suppress(der.DerError):
        id_of_private_key(bytes(data))


def test_messages_show_no_key() -> None:
    shown = repr(wanted("private", credentials.EC_KEY))
    shown += repr(wanted("private", credentials.ENCRYPTED_KEY, secret="hunter2"))
    for text in (credentials.EC_KEY, credentials.ENCRYPTED_KEY):
        data = pem.parse_pem(text)[0].data
        assert repr(data)[2:30] not in shown
    assert "hunter2" not in shown


def plan(*credential: Credential, files: dict[str, str] | None = None, **found: t.Any) -> t.Any:
    """Return the plan for a host with some files of ours."""
    there = {
        f"{SWANCTL}/{path}": CredentialFile(f"{SWANCTL}/{path}", text.encode(), 0o600)
        for path, text in (files or {}).items()
    }
    return plan_credentials(credential, FoundCredentials(NOW, there, **found), Policy(), SWANCTL)


def test_the_diff_shows_no_key() -> None:
    one = wanted("private", credentials.EC_KEY)
    other = wanted("private", credentials.OTHER_KEY).content("default").decode()
    made = plan(one, files={"private/moon.pem": other})
    shown = str(diff_result(made.changes)) + str(actions_result(made.changes)) + repr(made)
    assert "hidden, another one" in shown
    for text in (credentials.EC_KEY, credentials.OTHER_KEY):
        assert text.splitlines()[-3] not in shown


TIMES = {
    "counts": (NOW, []),
    "soon": (datetime.datetime(2119, 12, 20, tzinfo=datetime.UTC), ["it expires in "]),
    "not yet": (datetime.datetime(2019, 1, 1, tzinfo=datetime.UTC), ["it counts from "]),
}


@pytest.mark.parametrize(("now", "words"), TIMES.values(), ids=TIMES)
def test_times(now: datetime.datetime, words: list[str]) -> None:
    made = plan_credentials(
        [wanted("x509", credentials.CERTIFICATE)], FoundCredentials(now), Policy(), SWANCTL
    )
    assert len(made.warnings) == len(words)
    assert all(word in warning for word, warning in zip(words, made.warnings, strict=True))


def test_expired() -> None:
    with pytest.raises(InputError, match="x509 moon: it expired on 2020-02-01"):
        plan(wanted("x509", credentials.EXPIRED))
    assert plan(wanted("x509", credentials.EXPIRED, allow_expired=True)).changes


def test_pairs() -> None:
    with pytest.raises(ConflictError, match="does not go with the key of the same name"):
        plan(wanted("x509", credentials.OTHER_CERTIFICATE), wanted("private", credentials.EC_KEY))
    assert plan(
        wanted("x509", credentials.OTHER_CERTIFICATE, name="peer"),
        wanted("private", credentials.EC_KEY),
    ).changes


@pytest.mark.parametrize("secret", [credentials.PASSPHRASE, 'it\'s "é" $HOME'])
def test_passphrase_opens_what_openssl_sealed(secret: str) -> None:
    text = credentials.ENCRYPTED_KEY.encode()
    if secret != credentials.PASSPHRASE:
        with pytest.raises(InputError, match="this passphrase does not open it") as caught:
            opened("private moon", "private", text, secret)
        assert secret not in str(caught.value)
        return
    assert opened("private moon", "private", text, secret).key_ids == (IDS[credentials.EC_KEY],)


def test_no_command_line_has_key_or_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenSSL runs too shortly to be seen among the processes; so what starts it is looked at."""
    seen = []
    run = subprocess.run

    def spy(words: list[str], **options: t.Any) -> t.Any:
        seen.append((words, options["env"]))
        return run(words, check=options.pop("check"), **options)

    monkeypatch.setattr(subprocess, "run", spy)
    opened("x", "private", credentials.ENCRYPTED_KEY.encode(), credentials.PASSPHRASE)
    data = decode_prefixed(credentials.CONTAINER) or b""
    opened("x", "pkcs12", data, credentials.PASSPHRASE)
    assert len(seen) == 2
    assert credentials.PASSPHRASE not in str(seen)
    assert credentials.ENCRYPTED_KEY.splitlines()[1] not in str(seen)
