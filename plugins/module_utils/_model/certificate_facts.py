# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates that charon holds, as a module's result (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._model import der
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.answer import Answer
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.certificate import (
    crl_next_update,
    read_certificate,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.distinguished_name import (
    alternative_names,
    distinguished_name,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.key_id import (
    id_of_public_key,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.moment import (
    Moment,
    days_until,
    iso,
    local_moment,
)

Facts = t.Dict[str, t.Any]

X509, CRL, PUBLIC_KEY = "X509", "X509_CRL", "PUBKEY"

_EXTENSIONS = der.CONTEXT + 3
_ALTERNATIVE_NAMES = bytes.fromhex("551d11")


@dataclass(frozen=True)
class _Said:
    """What is read from a certificate or list itself."""

    subject: t.Optional[str] = None
    issuer: t.Optional[str] = None
    serial: t.Optional[str] = None
    alternative_names: t.Tuple[str, ...] = ()
    key_id: t.Optional[str] = None
    not_before: t.Optional[Moment] = None
    not_after: t.Optional[Moment] = None


def certificate_facts(told: t.Mapping[str, t.Any], now: Moment) -> Facts:
    """Return the certificate of one C(list-cert) event; what cannot be read from it is null."""
    answer = Answer(told)
    kind = answer.text("type")
    data = told.get("data", b"")
    try:
        said = _READERS[kind](answer, data) if kind in _READERS else _Said()
    except (der.DerError, IndexError):  # an empty sequence where something is expected
        said = _Said()
    return {
        "name": said.subject or said.issuer,
        "type": kind,
        "flag": answer.text("flag") or None,
        "subject": said.subject,
        "issuer": said.issuer,
        "serial": said.serial,
        "alternative_names": list(said.alternative_names),
        "self_signed": kind == X509 and said.subject == said.issuer,
        "key_id": said.key_id,
        "has_private_key": answer.flag("has_privkey"),
        "not_before": iso(said.not_before) if said.not_before else None,
        "not_after": iso(said.not_after) if said.not_after else None,
        "days_left": days_until(now, said.not_after) if said.not_after else None,
    }


def _certificate(_answer: Answer, data: bytes) -> _Said:
    known = read_certificate(data)
    parts = _signed(data)
    if parts[0].tag == der.CONTEXT:  # the version, left out in version 1
        parts = parts[1:]
    return _Said(
        distinguished_name(parts[4]),
        distinguished_name(parts[2]),
        _serial(parts[0]),
        tuple(_alternative_names(parts[6:])),
        known.key_id,
        known.not_before,
        known.not_after,
    )


def _crl(_answer: Answer, data: bytes) -> _Said:
    names = [part for part in _signed(data) if part.tag == der.SEQUENCE]
    if len(names) < 2:
        raise der.DerError("it does not say who issued it")
    return _Said(issuer=distinguished_name(names[1]), not_after=crl_next_update(data))


def _public_key(answer: Answer, data: bytes) -> _Said:
    """Return what charon tells of a bare public key, and its id."""
    return _Said(
        subject=answer.text("subject") or None,
        key_id=id_of_public_key(der.decode(data)),
        not_before=local_moment(answer.text("not-before")),
        not_after=local_moment(answer.text("not-after")),
    )


def _signed(data: bytes) -> t.List[der.Element]:
    return der.decode(data).require(der.SEQUENCE).children[0].require(der.SEQUENCE).children


def _serial(element: der.Element) -> str:
    """Return a serial number as swanctl shows it, V(8f:3a:11)."""
    digits = element.require(der.INTEGER).content.lstrip(b"\0") or b"\0"
    return digits.hex(":")


def _alternative_names(parts: t.Sequence[der.Element]) -> t.List[str]:
    for part in parts:
        if part.tag != _EXTENSIONS:
            continue
        for extension in part.children[0].children:
            fields = extension.children
            if fields[0].content == _ALTERNATIVE_NAMES:
                return alternative_names(der.decode(fields[-1].content))
    return []


_READERS: t.Mapping[str, t.Callable[[Answer, bytes], _Said]] = {
    X509: _certificate,
    CRL: _crl,
    PUBLIC_KEY: _public_key,
}
