# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tunnel devices with their file, for the runner."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.persist import TUNNELS
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import Tunnel
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.persist import FileChange
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.persist_tunnel import (
    plan_tunnel_file,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_state import Found
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import TunnelStep
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.base import Params
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.persistent import (
    Files,
    Persistent,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.tunnel import Tunnels


class StoredTunnels(Persistent[Tunnel, Found, TunnelStep]):
    """The tunnel devices of a host, and their file."""

    inner = Tunnels()
    list_option, fields, call = Tunnels.list_option, Tunnels.fields, Tunnels.call
    kinds = (TUNNELS,)

    def plan_files(
        self, wanted: t.Sequence[Tunnel], found: Found, files: Files, params: Params
    ) -> t.Sequence[FileChange]:
        return plan_tunnel_file(wanted, files[TUNNELS], Policy.of(params))
