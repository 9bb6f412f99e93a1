# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Let starter judge an ipsec.conf before it is written."""

from __future__ import annotations

import os
import shutil
import tempfile
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    CharonError,
    FileError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.files import CONF, Place
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.starter import Starter


def check_candidate(
    host: Host,
    starter: Starter,
    place: Place,
    texts: t.Mapping[str, t.Optional[str]],
) -> None:
    """Check that starter takes the files as they are to be; without a text a file is to go.

    It gets a copy of ipsec.conf that includes copies of our files. The copy is beside the
    original, so that what it includes by relative names is found.

    :raises CharonError: starter refuses them, or had nothing against them but refuses others.
    """
    complaints = _complaints(host, starter, place, texts)
    if complaints is None:
        return
    before = _complaints(host, starter, place, {}) or []
    new = [one for one in complaints if one not in before]
    if new:
        raise CharonError(
            f"starter refuses the new files: {'; '.join(new)}. Nothing was changed; correct the"
            " options that it names"
        )
    if not starter.conftest(place.config)[0]:
        raise CharonError(
            f"starter refuses {place.config} as it is: {'; '.join(before)}. Nothing was changed;"
            " correct it by hand"
        )


def _complaints(
    host: Host, starter: Starter, place: Place, texts: t.Mapping[str, t.Optional[str]]
) -> t.Optional[t.List[str]]:
    """Return what starter says against the files; None if it says nothing."""
    with tempfile.TemporaryDirectory(prefix="ansible-ipsec-") as folder:
        _copy(place.directory, folder)
        for path, text in texts.items():
            copy = os.path.join(folder, os.path.basename(path))
            if os.path.dirname(path) != place.directory or not path.endswith(CONF):
                continue
            if text is None:
                host.remove_file(copy)
            else:
                host.write_file(copy, text)
        main = texts.get(place.config) or host.read_file(place.config) or ""
        pattern = place.pattern(CONF)
        candidate = os.path.join(
            os.path.dirname(place.config), f".ansible-{os.path.basename(folder)}.tmp"
        )
        try:
            host.write_file(candidate, main.replace(pattern, f"{folder}/*{CONF}"))
            accepted, said = starter.conftest(candidate)
        finally:
            host.remove_file(candidate)
    if accepted and not said:
        return None
    return [
        one.replace(folder, place.directory).replace(candidate, place.config) for one in said
    ] or ["it does not say why"]


def _copy(directory: str, folder: str) -> None:
    """Copy our files as they are."""
    try:
        names = os.listdir(directory) if os.path.isdir(directory) else []
        for name in names:
            if name.endswith(CONF):
                shutil.copy(os.path.join(directory, name), folder)
    except OSError as error:
        raise FileError(f"directory {directory}: cannot be copied, {error.strerror}") from error
