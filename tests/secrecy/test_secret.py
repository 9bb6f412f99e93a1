# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret is left anywhere by strongswan_secret, whether it succeeds or fails.

What charon logs is searched in tests/charon, where one runs.
"""

from __future__ import annotations

import base64
import json

from ansible_collections.ipsec.strongswan.tests.secrecy.host import Host, Options, Watch
from ansible_collections.ipsec.strongswan.tests.secrecy.search import SECRETS, leaks

MODULE = "strongswan_secret"

IKE: Options = {"name": "sun", "secret": "{{ psk }}", "ids": ["moon", "sun"]}
KEY: Options = {"name": "moon", "type": "private", "content": "{{ key }}"}
CERTIFICATE: Options = {"name": "moon", "type": "x509", "content": "{{ certificate }}"}
SEALED: Options = {
    "name": "gate",
    "type": "private",
    "content": "{{ encrypted_key }}",
    "secret": "{{ passphrase }}",
}
CONTAINER: Options = {**SEALED, "type": "pkcs12", "content": "{{ container }}"}
EAP: Options = {"name": "alice", "type": "eap", "secret": "{{ password }}"}
SHARED: list[Options] = [
    *({**EAP, "name": kind, "type": kind} for kind in ("eap", "xauth", "ppk")),
    {**EAP, "name": "ntlm", "type": "ntlm", "secret": "{{ nt_hash }}"},
]
KEYS: list[Options] = [
    {"name": kind, "type": kind, "content": f"{{{{ {key} }}}}"}
    for kind, key in {
        "private": "ed25519_key",
        "rsa": "rsa_key",
        "ecdsa": "other_key",
        "pkcs8": "rsa_key",
    }.items()
]
FROM_FILE: Options = {"name": "file", "type": "ecdsa", "src": "key.pem"}
FROM_VAULT: Options = {"name": "vaulted", "type": "private", "src": "vaulted.pem"}
FROM_DER: Options = {"name": "bytes", "type": "private", "src": "key.der"}

GOOD: list[Options] = [
    IKE,
    {**IKE, "secret": "{{ other_psk }}"},
    {"secrets": [*SHARED, *KEYS, KEY, CERTIFICATE]},
    {
        "secrets": [
            {**KEY, "content": "{{ other_key }}", "name": "other"},
            FROM_FILE,
            FROM_VAULT,
            FROM_DER,
        ]
    },
    {"secrets": [SEALED, CONTAINER]},
    {"secrets": [IKE, SEALED], "purge": True},
]
BAD: list[Options] = [
    {**IKE, "secret": "0x{{ psk }}"},
    {"secrets": [IKE, {**EAP, "name": "wrong/name"}]},
    {"secrets": [KEY, {**SEALED, "secret": "{{ wrong_passphrase }}"}]},
    {"secrets": [{**KEY, "content": "{{ other_key }}"}, CERTIFICATE]},
    {**KEY, "content": "{{ cut_key }}"},
    {**KEY, "secret": "{{ passphrase }}"},
    {**IKE, "content": "{{ key }}"},
    {**FROM_FILE, "content": "{{ key }}"},
    {**FROM_FILE, "src": "missing.pem", "secret": "{{ passphrase }}"},
    {**EAP, "name": "refused"},
    {**IKE, "secret": "{{ other_psk }}", "owner": "another"},
    {"name": "sun", "psk": "{{ psk }}"},
    {"secrets": [{"name": "moon", "type": "private", "key": {"of": ["{{ key }}"]}}]},
    {**IKE, "type": "magic"},
    {**IKE, "secret": {"of": ["{{ psk }}"]}},
    {"secrets": [KEY, {**CONTAINER, "content": ["{{ container }}", "{{ key }}"]}]},
    {"secrets": "{{ psk }}"},
    {"secrets": ["{{ psk }}", "{{ other_key }}"]},
]


def test_success(host: Host) -> None:
    with Watch(host.folder) as watch:
        host.call(MODULE, GOOD, "--check", "--diff")
        said = host.call(MODULE, GOOD, "--diff", pipelining=False)
    assert said[: len(GOOD)] == ["changed"] * len(GOOD)
    assert "hidden, another one" in host.output
    assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in host.output
    host.check(watch)


def test_failure(host: Host) -> None:
    with Watch(host.folder) as watch:
        host.call(MODULE, [IKE])
        said = host.call(MODULE, BAD, "--diff", pipelining=False)
    assert said.count("fatal") == len(BAD)
    host.check(watch)


def test_the_search_finds_secrets() -> None:
    """The test of the test: each secret is found in the usual ways of writing it."""
    for name, secret in SECRETS.items():
        for text in (secret, repr({"a": [secret]}), json.dumps(secret), f"b{secret.encode()!r}"):
            assert name in leaks(text)
        assert name in leaks(base64.b64encode(b"xy" + secret.encode() + b"z").decode())
