# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections, for the runner."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.connection import (
    check_connections,
    connection_result,
    parse_connection,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import (
    FileStep,
    Found,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.connection import (
    plan_connections,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import Params
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.config_file import (
    FileResource,
    Message,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import connection as spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.message import (
    connection_message,
    files_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.store import read_blob
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import Client


class ConnectionFiles(FileResource):
    """The connections of a host."""

    list_option = spec.LIST
    fields = spec.FIELDS
    call = spec.CALL

    def parse(self, entry: Params) -> ConfigObject:
        return parse_connection(entry)

    def check(self, wanted: t.Sequence[ConfigObject]) -> None:
        check_connections(wanted)

    def plan(
        self, wanted: t.Sequence[ConfigObject], found: Found, params: Params
    ) -> Plan[FileStep]:
        return plan_connections(wanted, found, Policy.of(params), params["directory"])

    def result(self, wanted: t.Sequence[ConfigObject]) -> t.List[t.Dict[str, t.Any]]:
        return [connection_result(one) for one in wanted]

    def loaded(self, client: Client) -> t.FrozenSet[str]:
        return charon.loaded_connections(client)

    def version(self, client: Client) -> str:
        return charon.daemon_version(client)

    def files_of(self, section: Section, swanctl: str) -> t.List[str]:
        return files_of(section, swanctl)

    def message(self, section: Section, swanctl: str) -> Message:
        return connection_message(section, swanctl, read_blob)

    def load(self, client: Client, name: str, message: Message) -> None:
        charon.load_connection(client, name, message)

    def unload(self, client: Client, name: str) -> None:
        charon.unload_connection(client, name)
