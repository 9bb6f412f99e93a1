# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lines of ipsec.secrets: parsed and rendered (pure).

The rules are those of load_secrets() in strongSwan's
src/libcharon/plugins/stroke/stroke_cred.c. What a line holds is never part of a message.
"""

from __future__ import annotations

import base64
import re
import typing as t
from dataclasses import dataclass, field

SHARED = ("PSK", "EAP", "XAUTH", "NTLM")
KEYS = ("RSA", "ECDSA", "PKCS8", "P12")
TYPES = (*SHARED, *KEYS)
_KNOWN = {*TYPES, "PIN"}

_BARE = re.compile(r"[A-Za-z0-9%@._/+*-][A-Za-z0-9%@._:/+*=-]*\Z")
_VALUE = re.compile(r"""[\t ]*(?:"([^"]*)"|'([^']*)'|([^\t ]+))""")


@dataclass(frozen=True)
class Secret:
    """A line that gives a secret: its type, whose it is, and what follows.

    O(value) is the secret as it is written there; of a private key it is the passphrase, and
    O(file) names the key.
    """

    type: str
    ids: t.Tuple[str, ...] = ()
    file: str = ""
    value: str = field(default="", repr=False)

    def line(self) -> str:
        """Return the line."""
        words = [*map(quote_word, self.ids), ":", self.type]
        if self.file:
            words.append(quote_word(self.file))
        if self.value:
            words.append(self.value)
        return " ".join(words)

    @property
    def title(self) -> str:
        """What it is for, without the secret."""
        return f"{self.type} {self.file or ', '.join(self.ids) or 'of all'}"


@dataclass(frozen=True)
class SecretsFile:
    """A file: its secrets, the patterns that it includes, and where charon stops to read it.

    O(fault) is the number of the line that is wrong, 0 if none is.
    """

    secrets: t.Tuple[Secret, ...] = ()
    includes: t.Tuple[t.Tuple[int, str], ...] = ()
    fault: int = 0


def parse_secrets(text: str) -> SecretsFile:
    """Return what a text holds up to the first line that charon would not take."""
    secrets: t.List[Secret] = []
    includes: t.List[t.Tuple[int, str]] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.rstrip("\r").lstrip("\t ")
        if not line or line.startswith("#"):
            continue
        if line.startswith("include ") and len(line) > len("include "):
            includes.append((number, line[len("include ") :].split(" ")[0]))
            continue
        secret = _secret(line)
        if secret is None:
            return SecretsFile(tuple(secrets), tuple(includes), number)
        secrets.append(secret)
    return SecretsFile(tuple(secrets), tuple(includes))


def _secret(line: str) -> t.Optional[Secret]:
    if line.startswith(": ") and len(line) > 2:
        owners, rest = "", line[1:]
    else:
        owners, separator, rest = line.partition(" : ")
        if not separator:
            return None
    kind, _blank, rest = rest.lstrip("\t ").replace("\t", " ", 1).partition(" ")
    if kind not in _KNOWN or not rest.strip("\t "):
        return None
    ids = tuple(_words(owners))
    if kind in SHARED:
        return Secret(kind, ids, value=rest.strip("\t "))
    file = _VALUE.match(rest)
    if file is None:
        return None
    name = next((part for part in file.groups() if part is not None), "")
    return Secret(kind, ids, name, rest[file.end() :].strip("\t "))


def _words(text: str) -> t.Iterator[str]:
    for match in _VALUE.finditer(text):
        yield next((part for part in match.groups() if part is not None), "")


def quote_word(word: str) -> str:
    """Return an identity or a file's name as it is written: in quotes if it must be."""
    if _BARE.match(word) and word != "include":
        return word
    return f"'{word}'" if '"' in word else f'"{word}"'


def write_value(text: str) -> str:
    """Return a secret as it is written.

    V(0x...) and V(0s...) are bytes, as they are; all else is text, in Base64 if it has both
    kinds of quotes or a control character.
    """
    if text[:2].lower() in {"0x", "0s"}:
        return text
    if text.isprintable():
        for mark in ('"', "'"):
            if mark not in text:
                return f"{mark}{text}{mark}"
    return "0s" + base64.b64encode(text.encode(errors="surrogateescape")).decode()
