# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The secrets in swanctl.conf: shared ones, which charon gets, and passphrases, which it does not."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.secret import (
    SecretEntry,
    check_entries,
    parse_secret,
    secret_result,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import (
    FileStep,
    Found,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.secret import plan_secrets
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import Params
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.config_file import (
    FileResource,
    Message,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._spec import secret as spec
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.credential_types import (
    CREDENTIALS,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.message import (
    secret_message,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.client import Client


class SecretSections(FileResource):
    """The secrets in the files of swanctl.conf."""

    list_option = spec.LIST
    fields = spec.FIELDS
    call = spec.CALL
    quiet = True

    def parse(self, entry: Params) -> ConfigObject:
        return parse_secret(entry)

    def check(self, wanted: t.Sequence[ConfigObject]) -> None:
        check_entries([SecretEntry("", one) for one in wanted])

    def plan(
        self, wanted: t.Sequence[ConfigObject], found: Found, params: Params
    ) -> Plan[FileStep]:
        return plan_secrets(wanted, found, Policy.of(params), params["directory"])

    def result(self, wanted: t.Sequence[ConfigObject]) -> t.List[t.Dict[str, t.Any]]:
        return [secret_result(one) for one in wanted]

    def loaded(self, client: Client) -> t.FrozenSet[str]:
        return charon.loaded_secrets(client)

    def message(self, section: Section, _swanctl: str) -> Message:
        return {} if _is_passphrase(section.name) else secret_message(section)

    def load(self, client: Client, name: str, message: Message) -> None:
        if not _is_passphrase(name):
            charon.load_secret(client, name, message)

    def unload(self, client: Client, name: str) -> None:
        if not _is_passphrase(name):
            charon.unload_secret(client, name)


def _is_passphrase(section: str) -> bool:
    return section.partition("-")[0] in CREDENTIALS
