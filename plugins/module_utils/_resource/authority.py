# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certification authorities, for the runner."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.authority import (
    authority_result,
    check_authorities,
    parse_authority,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.authority import (
    plan_authorities,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import (
    FileStep,
    Found,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import Params
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.config_file import (
    FileResource,
    Message,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import authority as spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.pool_message import (
    authority_files,
    authority_message,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.store import read_blob
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import Client


class AuthorityFiles(FileResource):
    """The certification authorities of a host."""

    list_option = spec.LIST
    fields = spec.FIELDS
    call = spec.CALL

    def parse(self, entry: Params) -> ConfigObject:
        return parse_authority(entry)

    def check(self, wanted: t.Sequence[ConfigObject]) -> None:
        check_authorities(wanted)

    def plan(
        self, wanted: t.Sequence[ConfigObject], found: Found, params: Params
    ) -> Plan[FileStep]:
        return plan_authorities(wanted, found, Policy.of(params), params["directory"])

    def result(self, wanted: t.Sequence[ConfigObject]) -> t.List[t.Dict[str, t.Any]]:
        return [authority_result(one) for one in wanted]

    def loaded(self, client: Client) -> t.FrozenSet[str]:
        return charon.loaded_authorities(client)

    def files_of(self, section: Section, swanctl: str) -> t.List[str]:
        return authority_files(section, swanctl)

    def message(self, section: Section, swanctl: str) -> Message:
        return authority_message(section, swanctl, read_blob)

    def load(self, client: Client, name: str, message: Message) -> None:
        charon.load_authority(client, name, message)

    def unload(self, client: Client, name: str) -> None:
        charon.unload_authority(client, name)
