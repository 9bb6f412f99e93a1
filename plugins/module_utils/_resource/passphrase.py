# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Open keys that need a passphrase: charon takes none, and swanctl opens them only for itself.

OpenSSL does it. Key and passphrase go through pipes, never through arguments or files.
"""

from __future__ import annotations

import os
import subprocess
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    DependencyError,
    InputError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model import der
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.key_id import (
    id_of_private_key,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.pem import Block, parse_pem
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.credential_found import Opened
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.credential_types import (
    CONTAINER,
)

_SECONDS = 60
_ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C",
}


def opened(what: str, kind: str, data: bytes, passphrase: str) -> Opened:
    """Return the keys and certificates that need a passphrase, without it.

    :raises InputError: the passphrase does not open it.
    :raises DependencyError: the host has no openssl.
    """
    text = b""
    for words in _commands(kind):
        text = _openssl(what, words, data, passphrase)
        if text:
            break
    blocks = parse_pem(text.decode("ascii", errors="replace"))
    keys = [block for block in blocks if block.is_private]
    try:
        ids = [id_of_private_key(block.data) for block in keys]
    except der.DerError:
        keys, ids = [], []
    if not keys:
        raise InputError(
            f"{what}: secret: this passphrase does not open it, or it holds no private key: expected"
            " the passphrase that it was encrypted with"
        )
    return Opened(_bytes(keys), _bytes(_certificates(blocks)), tuple(one for one in ids if one))


def _commands(kind: str) -> t.List[t.List[str]]:
    if kind != CONTAINER:
        return [["openssl", "pkey"]]
    # Containers of old times need ciphers that OpenSSL 3 knows on request only.
    return [["openssl", "pkcs12", "-nodes"], ["openssl", "pkcs12", "-nodes", "-legacy"]]


def _openssl(what: str, words: t.List[str], data: bytes, passphrase: str) -> bytes:
    reader, writer = os.pipe()
    try:
        os.write(writer, passphrase.encode() + b"\n")  # it fits into the pipe's buffer
        os.close(writer)
        # Ansible's run_command belongs to the module's object, which nothing here sees.
        done = subprocess.run(  # pylint: disable=ansible-bad-function
            [*words, "-passin", f"fd:{reader}"],
            input=data,
            capture_output=True,
            check=False,
            pass_fds=(reader,),
            timeout=_SECONDS,
            env=_ENVIRONMENT,
        )
    except FileNotFoundError as error:
        raise DependencyError(
            f"{what}: openssl is not installed, which opens keys with a passphrase; install it"
            " (package openssl), or give the key without a passphrase"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise InputError(f"{what}: openssl did not open it within {_SECONDS} s") from error
    finally:
        os.close(reader)
    return done.stdout if done.returncode == 0 else b""


def _certificates(blocks: t.Sequence[Block]) -> t.List[Block]:
    return [block for block in blocks if block.label == "CERTIFICATE"]


def _bytes(blocks: t.Sequence[Block]) -> t.Tuple[bytes, ...]:
    return tuple(block.data for block in blocks)
