# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the files of ipsec.conf and ipsec.secrets, those that they include, and ours."""

from __future__ import annotations

import glob
import os
import stat
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    DependencyError,
    FileError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.files import (
    CONF,
    SECRETS,
    IpsecFiles,
    Place,
    TextFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.parse import (
    SyntaxFault,
    parse,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.sections import (
    Located,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.statement import (
    Include,
)

_DEEPEST = 20  # includes in includes; strongSwan has no limit, and a circle no end


def read_files(place: Place) -> IpsecFiles:
    """Return what the files hold.

    :raises DependencyError: there is no ipsec.conf.
    :raises FileError: a file cannot be read.
    """
    config = _read(place.config)
    if config is None:
        raise DependencyError(
            f"file {place.config}: it does not exist; install strongSwan's starter (package"
            " strongswan-starter on Debian), or give the right path as config_file"
        )
    own = {}
    for suffix in (CONF, SECRETS):
        for path in sorted(glob.glob(glob.escape(place.directory) + f"/*{suffix}")):
            file = _read(path)
            if file is not None:
                own[path] = file
    faults: t.List[str] = []
    foreign = tuple(_followed(config, own, faults, 0))
    return IpsecFiles(
        config, _read(place.secrets), own, foreign, tuple(faults), _read(place.unfinished)
    )


def _followed(
    file: TextFile, own: t.Container[str], faults: t.List[str], depth: int
) -> t.Iterator[Located]:
    """Yield the statements of a file, and in the place of an include those of its files."""
    try:
        statements = parse(file.text)
    except SyntaxFault as fault:
        faults.append(f"file {file.path}: {fault}")
        return
    for one in statements:
        if not isinstance(one, Include):
            yield file.path, one
            continue
        for path in sorted(glob.glob(os.path.join(os.path.dirname(file.path), one.pattern))):
            inner = _read(path) if path not in own and depth < _DEEPEST else None
            if inner is not None:
                yield from _followed(inner, own, faults, depth + 1)


def _read(path: str) -> t.Optional[TextFile]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return TextFile(path, file.read(), stat.S_IMODE(os.fstat(file.fileno()).st_mode))
    except (FileNotFoundError, IsADirectoryError):
        return None
    except OSError as error:
        raise FileError(
            f"file {path}: cannot be read, {error.strerror}; run as root (become: true)"
        ) from error
