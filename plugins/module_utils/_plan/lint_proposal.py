# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Warn of proposals that charon's plugins cannot do (pure)."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa_algorithms import (
    algorithm_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.keys import split
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

KINDS = {
    "encr": ("encryption", "aead"),
    "integ": ("integrity",),
    "prf": ("prf",),
    "dh": ("ke", "dh"),  # the first from 6.0 on
}
_KEY_SIZE = re.compile(r"-\d+\Z")
_ADDITIONAL = re.compile(r"ke[1-7]_")

Algorithms = t.Mapping[str, t.FrozenSet[str]]


def lint_proposals(connections: t.Iterable[Section], algorithms: Algorithms) -> t.List[str]:
    """Return a warning for each proposal with an algorithm that charon does not have.

    Of ESP only the key exchange is charon's; the rest is the kernel's.
    """
    if not algorithms:
        return []
    known: t.Dict[t.Tuple[str, bool], str] = {}
    warnings = []
    for where, name, text, ike in _proposals(connections):
        for proposal in split(text):
            if (proposal, ike) not in known:
                known[proposal, ike] = _unknown(proposal, ike, algorithms)
            if known[proposal, ike]:
                warnings.append(
                    f"{where}: {name} '{proposal}': none of charon's plugins has"
                    f" {known[proposal, ike]}, so no SA can use it; load the plugin (swanctl"
                    " --list-algs shows what there is), or choose another proposal"
                )
    return warnings


def _proposals(
    connections: t.Iterable[Section],
) -> t.Iterator[t.Tuple[str, str, str, bool]]:
    for connection in connections:
        where = f"connection {connection.name}"
        if "proposals" in connection.settings:
            yield where, "proposals", connection.settings["proposals"], True
        for child in connection.children("children").values():
            for name in ("esp_proposals", "ah_proposals"):
                if name in child.settings:
                    yield f"{where}: child {child.name}", name, child.settings[name], False


def _unknown(proposal: str, ike: bool, algorithms: Algorithms) -> str:
    """Return the words of a proposal that stand for algorithms which charon does not have."""
    words = []
    for word in proposal.lower().split("-"):
        found = algorithm_of(_ADDITIONAL.sub("", word))
        if found is None or found[0] not in KINDS or not (ike or found[0] == "dh"):
            continue
        kinds = [algorithms[kind] for kind in KINDS[found[0]] if kind in algorithms]
        name = _KEY_SIZE.sub("", found[1])
        if name and kinds and not any(name in kind for kind in kinds):
            words.append(word)
    return ", ".join(words)
