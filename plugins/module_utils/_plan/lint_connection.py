# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Warn of connections that load and still do not work (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.child_mark import children_of
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import Found
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.lint_mark import (
    lint_install_routes,
    lint_marks,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.lint_port import lint_ports
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.lint_proposal import (
    lint_proposals,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.lint_route import lint_routes
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    CONNECTION,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject


def lint_connections(
    wanted: t.Sequence[ConfigObject], found: Found, rewritten: t.Container[str]
) -> t.Tuple[str, ...]:
    """Return the warnings; O(rewritten) are the files whose present content does not count."""
    around = found.surroundings
    sections = [one.section for one in wanted if one.present]
    children = list(children_of(sections))
    warnings = lint_ports(sections) + lint_proposals(sections, around.algorithms)
    if children:
        others = list(children_of(_others(found, rewritten)))
        warnings += lint_marks(children, others)
        warnings += lint_install_routes(children, around.install_routes)
        warnings += lint_routes(children, others, around)
    return tuple(warnings)


def _others(found: Found, rewritten: t.Container[str]) -> t.Iterator[Section]:
    for path, file in found.files.items():
        if path not in rewritten:
            yield from file.root.children(CONNECTION.group).values()
