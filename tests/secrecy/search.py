# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The secrets of these tests, and the search for them in all forms that they may take."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import urllib.parse

from ansible_collections.ipsec.strongswan.plugins.module_utils._model import pem
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.keys import derive_psk
from ansible_collections.ipsec.strongswan.tests.support import credentials

PSK = 'it\'s "the\\first" sécret, #1 {of} $all'
MASTER = "the master of all pre-shared keys of the site"

SECRETS = {
    "psk": PSK,
    "other_psk": "0x" + "5ec7e75ec7e7" * 4,
    "password": "eap-Passwort mit ü",
    "nt_hash": "0x" + "0badcafe" * 4,
    "passphrase": credentials.PASSPHRASE,
    "wrong_passphrase": "shut-sesame-please",
    "key": credentials.EC_KEY,
    "other_key": credentials.OTHER_KEY,
    "rsa_key": credentials.RSA_KEY,
    "ed25519_key": credentials.ED25519_KEY,
    "encrypted_key": credentials.ENCRYPTED_KEY,
    "cut_key": credentials.EC_KEY[:200],
    "container": credentials.CONTAINER,
    "master": MASTER,
    "derived_psk": derive_psk(MASTER, "lab", ("moon", "sun")),
}

PLAIN = re.compile(r"[^'\"\\\\\x80-\U0010ffff]{13,}")


def forms(secret: str) -> set[str]:
    """Return the ways in which a secret may be written, long ones in parts."""
    lines = [line for line in secret.splitlines() if len(line) > 12 and "-----" not in line]
    found = set(lines)
    for line in lines:
        data = line.encode()
        found |= {repr(line)[1:-1], json.dumps(line)[1:-1], repr([line])[2:-2], data.hex()}
        found.add(urllib.parse.quote(line))
        found |= set(PLAIN.findall(line))  # however it is quoted, this is not changed
        # Base64 of it from each of the three places where it may begin within other bytes.
        found |= {
            base64.b64encode(data[start : start + 3 * ((len(data) - start) // 3)]).decode()
            for start in range(3)
        }
    with contextlib.suppress(ValueError):
        for block in pem.parse_pem(secret):
            found |= {block.data.hex(), base64.b64encode(block.data).decode(), repr(block.data)}
    return {form for form in found if len(form) > 12}


FORMS = {name: forms(secret) for name, secret in SECRETS.items()}


def leaks(text: str) -> set[str]:
    """Return the names of the secrets in a text."""
    return {name for name, found in FORMS.items() if any(form in text for form in found)}
