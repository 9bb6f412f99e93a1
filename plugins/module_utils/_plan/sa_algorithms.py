# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a proposal of swanctl.conf can have led to the algorithms of an SA (pure).

A keyword that is not known here decides nothing: what it stands for may be what the SA has.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import ChildSa, IkeSa

_BITS = {"64": "8", "96": "12", "128": "16"}  # a tag's length may be given in bits
_FIXED = {
    "3des": ("encr", "3DES_CBC"),
    "null": ("encr", "NULL"),
    "chacha20poly1305": ("encr", "CHACHA20_POLY1305"),
    "md5": ("integ", "HMAC_MD5_96"),
    "sha": ("integ", "HMAC_SHA1_96"),
    "sha1": ("integ", "HMAC_SHA1_96"),
    "aesxcbc": ("integ", "AES_XCBC_96"),
    "aescmac": ("integ", "AES_CMAC_96"),
    "sha256_96": ("integ", "HMAC_SHA2_256_96"),
    "prfmd5": ("prf", "PRF_HMAC_MD5"),
    "prfsha1": ("prf", "PRF_HMAC_SHA1"),
    "prfaesxcbc": ("prf", "PRF_AES128_XCBC"),
    "prfaescmac": ("prf", "PRF_AES128_CMAC"),
    "curve25519": ("dh", "CURVE_25519"),
    "x25519": ("dh", "CURVE_25519"),
    "curve448": ("dh", "CURVE_448"),
    "x448": ("dh", "CURVE_448"),
    "modpnone": ("dh", ""),
    "esn": ("esn", "yes"),
    "noesn": ("esn", "no"),
}
_SHA2 = {"256": "128", "384": "192", "512": "256"}
_CIPHER = re.compile(r"(aes|camellia)(128|192|256)?(ctr)?\Z")
_COMBINED = re.compile(r"(aes|camellia)(128|192|256)?(gcm|ccm)(8|12|16|64|96|128)\Z")
_HASH = re.compile(r"(prf)?sha(?:2_)?(256|384|512)\Z")
_MODP = re.compile(r"modp(\d+)(?:s(\d+))?\Z")
_CURVE = re.compile(r"ecp(\d+)(bp)?\Z")
_MLKEM = re.compile(r"mlkem(\d+)\Z")

Algorithm = t.Tuple[str, str]


@dataclass(frozen=True)
class Agreed:
    """The algorithms of an SA; empty where it has none of that kind, or does not tell."""

    encr: str
    integ: str
    prf: str
    dh: str
    ike: bool


def agreed(sa: t.Union[IkeSa, ChildSa]) -> Agreed:
    """Return the algorithms that an SA uses."""
    encr = f"{sa.encr_alg}-{sa.encr_keysize}" if sa.encr_keysize else sa.encr_alg
    if isinstance(sa, IkeSa):
        return Agreed(encr, sa.integ_alg, sa.prf_alg, sa.dh_group, ike=True)
    return Agreed(encr, sa.integ_alg, "", sa.dh_group, ike=False)


def could_lead_to(proposals: t.Sequence[str], found: Agreed) -> bool:
    """Return whether one of the proposals can have led to these algorithms."""
    return any(one == "default" or _leads_to(one, found) for one in proposals)


def _leads_to(proposal: str, found: Agreed) -> bool:
    words = [_algorithm(word) for word in proposal.split("-")]
    if None in words:
        return True
    named: t.Dict[str, t.Set[str]] = {}
    for kind, name in filter(None, words):
        named.setdefault(kind, set()).add(name)
    return all(
        _fits(getattr(found, kind), named.get(kind, set()), kind, found)
        for kind in ("encr", "integ", "prf", "dh")
    )


def algorithm_of(word: str) -> t.Optional[Algorithm]:
    """Return the kind and the name, as an SA has them, of a keyword; None if it is not known."""
    return _algorithm(word)


def _fits(value: str, named: t.Set[str], kind: str, found: Agreed) -> bool:
    if not value:  # an SA made together with its IKE SA has no group of its own
        return True
    if not named:  # the function for keys follows from the others; only a child may have no group
        return not (kind == "dh" and not found.ike)
    return value in named


def _algorithm(word: str) -> t.Optional[Algorithm]:
    """Return the kind and the name, as an SA has them, of a keyword; None if it is not known."""
    if word in _FIXED:
        return _FIXED[word]
    for pattern, name in (
        (_CIPHER, _cipher),
        (_COMBINED, _combined),
        (_HASH, _hash),
        (_MODP, _modp),
        (_CURVE, _curve),
        (_MLKEM, _mlkem),
    ):
        match = pattern.match(word)
        if match is not None:
            return name(match)
    return None


def _cipher(match: t.Match[str]) -> Algorithm:
    mode = "CTR" if match.group(3) else "CBC"
    return "encr", f"{match.group(1).upper()}_{mode}-{match.group(2) or 128}"


def _combined(match: t.Match[str]) -> Algorithm:
    tag = _BITS.get(match.group(4), match.group(4))
    name = f"{match.group(1).upper()}_{match.group(3).upper()}_{tag}"
    return "encr", f"{name}-{match.group(2) or 128}"


def _hash(match: t.Match[str]) -> Algorithm:
    name = f"HMAC_SHA2_{match.group(2)}"
    return (
        ("prf", f"PRF_{name}") if match.group(1) else ("integ", f"{name}_{_SHA2[match.group(2)]}")
    )


def _modp(match: t.Match[str]) -> Algorithm:
    return "dh", f"MODP_{match.group(1)}" + (f"_{match.group(2)}" if match.group(2) else "")


def _curve(match: t.Match[str]) -> Algorithm:
    return "dh", f"ECP_{match.group(1)}" + ("_BP" if match.group(2) else "")


def _mlkem(match: t.Match[str]) -> Algorithm:
    return "dh", f"ML_KEM_{match.group(1)}"
