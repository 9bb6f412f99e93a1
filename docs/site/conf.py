# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx's configuration for the site that `make docs` builds; tools/site puts its sources together."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

CHECKOUT = Path(__file__).resolve().parents[2]
GALAXY: dict[str, Any] = yaml.safe_load((CHECKOUT / "galaxy.yml").read_text(encoding="utf-8"))

project = f"{GALAXY['namespace']}.{GALAXY['name']}"
author = GALAXY["authors"][0]
version = release = str(GALAXY["version"])
html_title = f"{project} {release}"

extensions = ["myst_parser", "sphinx_antsibull_ext"]
exclude_patterns = ["reference/environment_variables.rst"]  # we have none
myst_heading_anchors = 4
nitpicky = True

html_theme = "furo"
html_copy_source = False
html_show_sphinx = False
html_use_index = False
html_domain_indices = False
pygments_style = "ansible"
highlight_language = "none"

# What the reference refers to in Ansible's own documentation. No inventory is fetched: the site builds without a network.
ANSIBLE = "https://docs.ansible.com/ansible/latest"
LABELS = {
    "action_plugins": f"{ANSIBLE}/plugins/action.html",
    "common_return_values": f"{ANSIBLE}/reference_appendices/common_return_values.html",
}
PLUGIN = re.compile(r"ansible_collections\.(\w+)\.(\w+)\.(\w+_(?:module|lookup|filter|inventory))")


def find_elsewhere(
    _app: Sphinx, _env: BuildEnvironment, node: nodes.Element, child: nodes.Node
) -> nodes.Element | None:
    """Give a reference into Ansible's documentation its address; every other missing one stays a warning."""
    target = str(node.get("reftarget", ""))
    address = LABELS.get(target)
    plugin = PLUGIN.match(target)
    if plugin and plugin[1] != GALAXY["namespace"]:
        address = f"{ANSIBLE}/collections/{plugin[1]}/{plugin[2]}/{plugin[3]}.html"
    return nodes.reference("", "", child, internal=False, refuri=address) if address else None


def setup(app: Sphinx) -> None:
    """Connect the above with Sphinx."""
    app.connect("missing-reference", find_elsewhere)
