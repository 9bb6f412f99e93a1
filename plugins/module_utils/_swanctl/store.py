# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files that swanctl reads: all of them, and the certificates that they name."""

from __future__ import annotations

import glob
import os
import stat
import typing as t
from dataclasses import replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    DependencyError,
    FileError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._staged import place_of
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.config_file import (
    ConfigFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.include import pattern_path
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.parse import (
    SyntaxFault,
    parse,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.references import resolve
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

_BECOME = "run as root (become: true)"


def read_files(
    directory: str, unreadable: t.Optional[t.Callable[[FileError], None]] = None
) -> t.Dict[str, ConfigFile]:
    """Return the files of a directory by path, the swanctl.conf beside it, which includes them,
    and all others that these include.

    With O(unreadable), a file that cannot be read is told to it, and left out.

    :raises DependencyError: there is no such directory.
    :raises FileError: the directory, or a file, cannot be read.
    """

    def read(path: str) -> t.Iterator[ConfigFile]:
        try:
            yield _read(path)
        except FileError as error:
            if unreadable is None:
                raise
            unreadable(error)

    try:
        names = sorted(os.listdir(directory))
    except FileNotFoundError as error:
        raise DependencyError(
            f"directory {directory}: it does not exist; install strongSwan"
            " (strongswan-swanctl on Debian), or give the right path as directory"
        ) from error
    except OSError as error:
        raise FileError(f"directory {directory}: {error.strerror}; {_BECOME}") from error
    paths = [os.path.join(directory.rstrip("/"), name) for name in names if name.endswith(".conf")]
    main = os.path.join(swanctl_directory(directory), "swanctl.conf")
    files = {path: file for path in (*paths, main) if os.path.isfile(path) for file in read(path)}
    waiting = list(files.values())
    while waiting:
        for path, within in _included(waiting.pop()):
            if path in files or not os.path.isfile(path) or _is_one_of(path, files):
                continue
            for file in read(path):
                files[path] = replace(file, within=within)
                waiting.append(files[path])
    return files


def read_cut_off(directory: str) -> t.Dict[str, ConfigFile]:
    """Return the contents that a run left beside the places where it did not put them, by these.

    :raises FileError: one cannot be read.
    """
    try:
        names = sorted(os.listdir(directory))
    except OSError:
        return {}
    staged = {place_of(os.path.join(directory.rstrip("/"), name)): name for name in names}
    return {
        place: replace(_read(os.path.join(directory, name)), path=place)
        for place, name in staged.items()
        if place
    }


def _is_one_of(path: str, files: t.Iterable[str]) -> bool:
    """Return whether a path is another name of one of these files."""
    real = os.path.realpath(path)
    return any(real == os.path.realpath(other) for other in files)


def read_tree(main: str) -> Section:
    """Return what swanctl reads from a swanctl.conf: with the files that it includes, in their
    places, and with what sections inherit.

    :raises FileError: a file cannot be read, or is no swanctl.conf.
    """

    def include(pattern: str, file: str) -> t.Iterator[t.Tuple[str, str]]:
        for path in _matching(pattern, file):
            if os.path.isfile(path):
                yield path, _read(path).text

    try:
        return resolve(parse(_read(main).text, main, include))
    except SyntaxFault as fault:
        raise FileError(f"file {fault.file}, {fault}") from fault


def _included(file: ConfigFile) -> t.Iterator[t.Tuple[str, t.Tuple[str, ...]]]:
    """Return the files that a file includes, and the path of the section that does it."""
    if "include" not in file.text or not isinstance(file.parsed, Section):
        return
    waiting: t.List[t.Tuple[Section, t.Tuple[str, ...]]] = [(file.parsed, file.within)]
    while waiting:
        section, within = waiting.pop()
        for pattern in section.includes:
            for path in _matching(pattern, file.path):
                yield path, within
        waiting += [(inner, (*within, name)) for name, inner in section.sections.items()]


def _matching(pattern: str, file: str) -> t.List[str]:
    """Return the files that a pattern in a file means, as strongSwan finds them."""
    return sorted(glob.glob(pattern_path(pattern, file))) if pattern else []


def _read(path: str) -> ConfigFile:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            status = os.fstat(descriptor)
            text = _content(descriptor, status.st_size).decode("utf-8", "surrogateescape")
        finally:
            os.close(descriptor)
        return ConfigFile(path, text, stat.S_IMODE(status.st_mode))
    except OSError as error:
        raise FileError(f"file {path}: cannot be read, {error.strerror}; {_BECOME}") from error


def _content(descriptor: int, size: int) -> bytes:
    """Return the whole content of a file: there are a thousand, and Python's own files cost more."""
    content = part = os.read(descriptor, size + 1)
    while len(content) > size and part:  # it has grown
        part = os.read(descriptor, 1 << 16)
        content += part
    return content


def swanctl_directory(directory: str) -> str:
    """Return swanctl's own directory, where the certificates are: the one above."""
    return os.path.dirname(os.path.abspath(directory))


def read_blob(path: str) -> bytes:
    """Return the content of a certificate or key file.

    :raises FileError: it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise FileError(f"file {path}: cannot be read, {error.strerror}") from error
