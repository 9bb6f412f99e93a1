# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter C(ipsec.strongswan.topology); its documentation is in topology.yml."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.plugin_utils._topology.expand import (
    topology as expand_topology,
)

Entries = t.List[t.Dict[str, t.Any]]


def topology(site: t.Any, hostvars: t.Any, host: str) -> t.Dict[str, Entries]:
    """Return what a host needs to be a member of a site."""
    try:
        return expand_topology(site, str(host), hostvars)
    except InputError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    """The filters of this file."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """Return them by name."""
        return {"topology": topology}
