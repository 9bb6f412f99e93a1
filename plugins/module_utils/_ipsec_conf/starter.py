# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""strongSwan's starter and the charon that it runs: asked and told by the C(ipsec) command."""

from __future__ import annotations

import os
import signal
import time
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    CharonError,
    DependencyError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._host import Host
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.answers import (
    charons_words,
    complaints,
    loaded_conns,
)

_HANGUP = 1 << (signal.SIGHUP - 1)
_PAUSE = 0.02
_REMEDY = "start it (systemctl start strongswan-starter)"


class Starter:
    """The running starter."""

    def __init__(self, host: Host, command: str, timeout: float) -> None:
        """Take the name of strongSwan's C(ipsec) command, and the seconds to wait for starter."""
        self._host = host
        self._command = command
        self._timeout = timeout

    def loaded(self) -> t.FrozenSet[str]:
        """Return the names of the connections that charon holds.

        :raises DependencyError: starter or charon does not run.
        """
        code, output, _errors = self._run("statusall")
        if code != 0 or "Connections:" not in output:
            raise DependencyError(f"strongSwan's starter or its charon does not run; {_REMEDY}")
        return loaded_conns(output)

    def conftest(self, path: str) -> t.Tuple[bool, t.List[str]]:
        """Return whether starter takes an ipsec.conf, and what it complains of in it."""
        code, output, errors = self._run("start", "--conftest", "--conf", path)
        return code == 0, complaints(output + errors)

    def update(self) -> None:
        """Let starter read ipsec.conf again, and wait until charon has what changed in it.

        :raises CharonError: starter does not run any more, or does not finish.
        """
        code, _output, errors = self._run("update")
        if code != 0:
            raise CharonError(f"ipsec update failed: {errors.strip()}; {_REMEDY}")
        self._wait()

    def reread_secrets(self) -> None:
        """Let charon read ipsec.secrets again.

        :raises CharonError: it does not run any more.
        """
        code, _output, errors = self._run("rereadsecrets")
        if code != 0:
            raise CharonError(f"ipsec rereadsecrets failed: {errors.strip()}; {_REMEDY}")

    def forget(self, name: str) -> None:
        """Let charon forget a connection that starter does not know of."""
        self._run("stroke", "delete", name)

    def words_since(self, moment: float) -> str:
        """Return what charon logged last of configurations, if the journal has it."""
        try:
            _code, log, _errors = self._host.run(
                ["journalctl", "--quiet", "--no-pager", "--output=cat", f"--since=@{int(moment)}"]
            )
        except FileNotFoundError:
            return ""
        return "; ".join(charons_words(log))

    def _run(self, *words: str) -> t.Tuple[int, str, str]:
        try:
            return self._host.run([self._command, *words])
        except FileNotFoundError:
            raise DependencyError(
                f"command {self._command}: it does not exist; install strongSwan's starter"
                " (package strongswan-starter on Debian), or give the right name as command"
            ) from None

    def _wait(self) -> None:
        """Wait until starter has handled the signal that M(update) sent.

        It blocks this signal except while it waits for one: so it is done when the signal is
        neither pending nor blocked. charon answers each change before starter goes on. A second
        look makes sure that it was not just between the signal and its handler.
        """
        _code, folder, _errors = self._run("--piddir")
        end = time.monotonic() + self._timeout
        waiting = 0
        while waiting < 2:
            waiting = waiting + 1 if _waits(_pid(folder.strip())) else 0
            if time.monotonic() > end:
                raise CharonError(
                    f"ipsec update: starter did not finish within {self._timeout:g} s; see its log"
                    " (journalctl -u strongswan-starter), or give a longer timeout"
                )
            time.sleep(_PAUSE)


def _pid(folder: str) -> str:
    try:
        with open(os.path.join(folder, "starter.charon.pid"), encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        raise CharonError(f"strongSwan's starter does not run any more; {_REMEDY}") from None


def _waits(pid: str) -> bool:
    """Return whether a process has no SIGHUP to handle, and would take one."""
    masks = {}
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
            for line in file:
                name, _colon, value = line.partition(":")
                if name in {"SigPnd", "ShdPnd", "SigBlk"}:
                    masks[name] = int(value, 16)
    except OSError:
        raise CharonError(f"strongSwan's starter does not run any more; {_REMEDY}") from None
    return not any(mask & _HANGUP for mask in masks.values())
