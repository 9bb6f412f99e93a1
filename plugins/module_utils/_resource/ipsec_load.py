# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the files of connections of ipsec.conf and load them, or take all back."""

from __future__ import annotations

import time
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    CharonError,
    StrongswanError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.candidate import (
    check_candidate,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.files import (
    SECRETS,
    Place,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.starter import Starter
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.ipsec_conf import (
    ConnStep,
    Step,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.ipsec_include import (
    FileStep,
)

_INERT = "    auto=ignore\n"  # after a section, as the last value counts


class Loading:
    """The steps of a run: first the files that all need, then each connection."""

    def __init__(self, host: Host, starter: Starter, place: Place, steps: t.Sequence[Step]) -> None:
        self._host = host
        self._starter = starter
        self._place = place
        self._conns = [step for step in steps if isinstance(step, ConnStep)]
        own = [file for conn in self._conns for file in conn.files]
        self._files = [*(step for step in steps if isinstance(step, FileStep)), *own]

    def run(self) -> None:
        """Let starter judge the new files, then write and load them; on a refusal take all back.

        A mark tells the next run if this one is interrupted: what is in the files may not be what
        charon holds then, and starter does not tell.

        :raises StrongswanError: starter or charon refused something; all is as it was.
        """
        texts = {file.path: file.text for file in self._files}
        check_candidate(self._host, self._starter, self._place, texts)
        self._host.make_folder(self._place.directory)
        self._host.write_file(self._place.unfinished, "")
        started = time.time()
        try:
            self._write(self._files)
            self._load()
            self._forget()
            lacking = self._lacking(self._conns)
            if lacking:
                self._load_anew(lacking)
                lacking = self._lacking(lacking)
            self._check(lacking, started)
        except StrongswanError:
            self._take_back()
            raise
        self._host.remove_file(self._place.unfinished)

    def _write(self, files: t.Sequence[FileStep]) -> None:
        for file in files:
            if file.path == self._place.unfinished:
                continue
            if file.text is None:
                self._host.remove_file(file.path)
            else:
                self._host.write_file(file.path, file.text, file.mode)

    def _load(self) -> None:
        """Let charon read the secrets, and starter the connections, where files changed.

        Secrets come first, as a connection may be initiated when it is loaded.
        """
        paths = {file.path for file in self._files}
        secrets = {path for path in paths if path.endswith(SECRETS) or path == self._place.secrets}
        everything = self._place.unfinished in paths
        if secrets or everything:
            self._starter.reread_secrets()
        if paths - secrets or everything:
            self._starter.update()

    def _load_anew(self, conns: t.Sequence[ConnStep]) -> None:
        """Let starter forget connections and load them again.

        If it loaded them before and charon lost them, it would not load them, as nothing in them
        changed.
        """
        files = [
            file
            for conn in conns
            for file in conn.files
            if file.text is not None and not file.path.endswith(SECRETS)
        ]
        for file in files:
            self._host.write_file(file.path, f"{file.text}{_INERT}", file.mode)
        self._starter.update()
        self._write(files)
        self._starter.update()

    def _forget(self) -> None:
        for conn in self._conns:
            if conn.loaded is False and not conn.files:
                self._starter.forget(conn.name)

    def _lacking(self, conns: t.Sequence[ConnStep]) -> t.List[ConnStep]:
        """Return the connections that charon should hold and does not, or the other way."""
        loaded = self._starter.loaded()
        return [
            conn
            for conn in conns
            if conn.loaded is not None and (conn.name in loaded) != conn.loaded
        ]

    def _check(self, lacking: t.Sequence[ConnStep], started: float) -> None:
        """Check that charon took what it was to take.

        :raises CharonError: it did not.
        """
        for conn in lacking:
            if conn.loaded:
                words = self._starter.words_since(started)
                raise CharonError(
                    f"{conn.object}: charon refused it: {words or 'it does not say why'}. The files"
                    " are as they were; correct the option, the log may say more (journalctl -u"
                    " strongswan-starter)"
                )
            raise CharonError(
                f"{conn.object}: charon still holds it after ipsec update; see its log"
            )

    def _take_back(self) -> None:
        former = [
            FileStep(
                file.path,
                file.former.text if file.former else None,
                file.former.mode if file.former else file.mode,
            )
            for file in self._files
        ]
        try:
            self._write(former)
            self._load()
            self._host.remove_file(self._place.unfinished)
        except StrongswanError as error:
            self._host.warn(f"The former files could not be put back and loaded: {error}")
