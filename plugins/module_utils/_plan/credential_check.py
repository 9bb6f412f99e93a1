# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check a certificate before it is written: its time, and that it goes with its key (pure)."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    ConflictError,
    InputError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model import der
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.certificate import (
    read_certificate,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.credential import (
    Credential,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.key_id import (
    id_of_private_key,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.credential_found import (
    FoundCredentials,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.credential_types import (
    CRL,
    KEYS,
)

_DAY = datetime.timedelta(days=1)


def check_time(wanted: Credential, now: datetime.datetime, *, new: bool) -> str:
    """Return a warning if a certificate does not count now, or soon no longer.

    :raises InputError: one that is O(new) has expired.
    """
    if wanted.not_before and wanted.not_before > now:
        return f"{wanted.object}: it counts from {_day(wanted.not_before)} only"
    if wanted.not_after is None:
        return ""
    if wanted.not_after <= now:
        problem = f"{wanted.object}: it expired on {_day(wanted.not_after)}"
        if new and not wanted.allow_expired:
            raise InputError(
                f"{problem}: expected one that counts now; renew it, or give allow_expired: true"
            )
        return f"{problem}; renew it"
    left = wanted.not_after - now
    # Lists of revoked certificates come anew every few days.
    if left < wanted.warn_days * _DAY and wanted.type != CRL:
        return (
            f"{wanted.object}: it expires in {left // _DAY} days, on {_day(wanted.not_after)};"
            " renew it"
        )
    return ""


def check_keys(
    wanted: t.Sequence[Credential], found: FoundCredentials, swanctl: str, gone: t.Container[str]
) -> None:
    """Check that a certificate and a private key of the same name go together.

    O(gone) are the paths of files that will be removed.

    :raises ConflictError: they do not.
    """
    keys = dict(_keys_there(found, swanctl, gone))
    certificates = dict(_certificates_there(found, swanctl, gone))
    for one in wanted:
        if one.present and one.is_key:
            opened = found.opened_of(one)
            ids = opened.key_ids if opened else ()
            keys.pop(one.name, None)
            if ids:
                keys[one.name] = (one.object, ids[0])
        elif one.present and one.type == "x509":
            certificates[one.name] = (one.object, one.key_id)
    names = [one.name for one in wanted if one.present and (one.is_key or one.type == "x509")]
    for name in dict.fromkeys(names):
        if name not in keys or name not in certificates:
            continue
        (key, key_id), (certificate, certificate_id) = keys[name], certificates[name]
        if key_id != certificate_id:
            raise ConflictError(
                f"{certificate}: it does not go with the key of the same name, {key}: the"
                f" certificate's key has the id {certificate_id}, and this one {key_id}; give the"
                " certificate and the key that belong together in one call, or choose other names"
            )


def _keys_there(
    found: FoundCredentials, swanctl: str, gone: t.Container[str]
) -> t.Iterator[t.Tuple[str, t.Tuple[str, str]]]:
    for path, file in found.files.items():
        folder, name = _place(path, swanctl)
        block = file.block
        if folder not in KEYS or path in gone or block is None:
            continue
        if block.encrypted:
            key_id = next(iter(found.sealed_ids.get(path, ())), "")
        else:
            key_id = _tried(id_of_private_key, block.data)
        if key_id:
            yield name, (f"file {path}", key_id)


def _certificates_there(
    found: FoundCredentials, swanctl: str, gone: t.Container[str]
) -> t.Iterator[t.Tuple[str, t.Tuple[str, str]]]:
    for path, file in found.files.items():
        folder, name = _place(path, swanctl)
        block = file.block
        if folder == "x509" and path not in gone and block:
            key_id = _tried(lambda data: read_certificate(data).key_id, block.data)
            if key_id:
                yield name, (f"file {path}", key_id)


def _place(path: str, swanctl: str) -> t.Tuple[str, str]:
    folder, _slash, file = path[len(swanctl) :].strip("/").partition("/")
    return folder, file.removesuffix(".pem")


def _tried(read: t.Callable[[bytes], str], data: bytes) -> str:
    """Return what can be told of a file that may be anything."""
    try:
        return read(data)
    except der.DerError:
        return ""


def _day(time: datetime.datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC")
