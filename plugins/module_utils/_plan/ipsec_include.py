# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan what all of our files need: to be included, and to be loaded (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
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
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.secrets import (
    parse_secrets,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.sections import (
    patterns,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.wanted import (
    WantedConn,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Action,
    Change,
)

COMMENT = "# The files of Ansible's collection ipsec.strongswan\n"
SECRETS_MODE = 0o600  # of an ipsec.secrets that is not there yet


@dataclass(frozen=True)
class FileStep:
    """Write a file; without O(text), remove it. O(former) is what it was."""

    path: str
    text: t.Optional[str]
    mode: int
    former: t.Optional[TextFile] = None

    @property
    def changes(self) -> bool:
        """Whether it changes the file."""
        there = (self.former.text, self.former.mode) if self.former else (None, self.mode)
        return there != (self.text, self.mode)


def unfinished(files: IpsecFiles, place: Place) -> t.Iterator[Change[t.Any]]:
    """Yield what makes good that a run was interrupted: its files may not have been loaded."""
    if files.unfinished is not None:
        action = Action("load", "a former run was interrupted before it had loaded its files")
        step = FileStep(place.unfinished, None, files.unfinished.mode, files.unfinished)
        yield Change(f"directory {place.directory}", (action,), {}, {}, (step,))


def missing_includes(
    wanted: t.Sequence[WantedConn], files: IpsecFiles, place: Place
) -> t.Iterator[Change[t.Any]]:
    """Yield the changes to ipsec.conf and ipsec.secrets that a wanted connection needs.

    :raises ConflictError: charon would not read so far in ipsec.secrets.
    """
    if any(one.has_section for one in wanted):
        config = files.config or TextFile(place.config, "", 0o644)
        pattern = place.pattern(CONF)
        if pattern not in _conf_patterns(config.text):
            yield _added(config, pattern, files.config)
    if any(one.present and one.secrets for one in wanted):
        secrets = files.secrets or TextFile(place.secrets, "", SECRETS_MODE)
        pattern = place.pattern(SECRETS)
        found = parse_secrets(secrets.text)
        if pattern in [one for _line, one in found.includes]:
            return
        if found.fault:
            raise ConflictError(
                f"file {secrets.path}: line {found.fault} is none that charon takes, so it reads no"
                f" further, and not the secrets in {place.directory}; correct it by hand"
            )
        yield _added(secrets, pattern, files.secrets)


def _conf_patterns(text: str) -> t.List[str]:
    try:
        return patterns(parse(text))
    except SyntaxFault:
        return [line.split()[1] for line in text.splitlines() if line.startswith("include ")]


def _added(file: TextFile, pattern: str, former: t.Optional[TextFile]) -> Change[t.Any]:
    end = "" if not file.text or file.text.endswith("\n") else "\n"
    text = f"{file.text}{end}\n{COMMENT}include {pattern}\n"
    action = Action("change", f"it does not include {pattern}")
    step = FileStep(file.path, text, file.mode, former)
    return Change(f"file {file.path}", (action,), {}, {"include": pattern}, (step,))
