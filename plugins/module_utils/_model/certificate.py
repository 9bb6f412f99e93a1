# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a certificate says: its key, and when it counts (pure)."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._model import der
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.key_id import (
    id_of_public_key,
)

Time = datetime.datetime


@dataclass(frozen=True)
class Certificate:
    """A certificate: the id of its key, and from when to when it counts."""

    key_id: str
    not_before: Time
    not_after: Time


def read_certificate(data: bytes) -> Certificate:
    """Return what an X.509 certificate says (RFC 5280, 4.1).

    :raises DerError: it is none.
    """
    parts = _body(data)
    if parts and parts[0].tag == der.CONTEXT:  # the version, left out in version 1
        parts = parts[1:]
    if len(parts) < 6:
        raise der.DerError("it is no certificate")
    times = parts[3].require(der.SEQUENCE).children
    if len(times) != 2:
        raise der.DerError("it does not say how long it counts")
    return Certificate(id_of_public_key(parts[5]), _time(times[0]), _time(times[1]))


def crl_next_update(data: bytes) -> t.Optional[Time]:
    """Return when the next list of revoked certificates will come, if this one says so.

    :raises DerError: it is no such list.
    """
    times = [part for part in _body(data) if part.tag in (der.UTC_TIME, der.GENERALIZED_TIME)]
    if not times:
        raise der.DerError("it is no list of revoked certificates")
    return _time(times[1]) if len(times) > 1 else None


def _body(data: bytes) -> t.List[der.Element]:
    """Return the parts of what is signed."""
    signed = der.decode(data).require(der.SEQUENCE).children
    if len(signed) != 3:
        raise der.DerError("it is nothing that is signed")
    return signed[0].require(der.SEQUENCE).children


def _time(element: der.Element) -> Time:
    text = element.content.decode("ascii", errors="replace")
    if element.tag == der.UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text  # RFC 5280, 4.1.2.5.1
    try:
        found = datetime.datetime.strptime(text, "%Y%m%d%H%M%SZ")
    except ValueError:
        raise der.DerError("it has a time that is none") from None
    return found.replace(tzinfo=datetime.timezone.utc)
