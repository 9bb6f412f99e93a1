# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IKE and CHILD SAs as a module's result (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.moment import (
    Moment,
    ago,
    ahead,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import ChildSa, IkeSa
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import Mark

Facts = t.Dict[str, t.Any]


def ike_facts(ike: IkeSa, now: Moment) -> Facts:
    """Return an IKE SA with its CHILD SAs; null is what it has not, or will not do."""
    return {
        "name": ike.name,
        "uniqueid": ike.uniqueid,
        "version": ike.version,
        "state": ike.state,
        "initiator": ike.initiator,
        "local_host": ike.local_host,
        "local_port": ike.local_port,
        "local_id": ike.local_id,
        "remote_host": ike.remote_host,
        "remote_port": ike.remote_port,
        "remote_id": ike.remote_id,
        "remote_eap_id": ike.remote_eap_id or None,
        "remote_xauth_id": ike.remote_xauth_id or None,
        "initiator_spi": ike.initiator_spi,
        "responder_spi": ike.responder_spi,
        "nat_local": ike.nat_local,
        "nat_remote": ike.nat_remote,
        "if_id_in": ike.if_id_in or None,
        "if_id_out": ike.if_id_out or None,
        "encr_alg": ike.encr_alg or None,
        "encr_keysize": ike.encr_keysize,
        "integ_alg": ike.integ_alg or None,
        "prf_alg": ike.prf_alg or None,
        "dh_group": ike.dh_group or None,
        "additional_key_exchanges": list(ike.additional_key_exchanges),
        "ppk": ike.ppk,
        "age_seconds": ike.established,
        "established_at": ago(now, ike.established),
        "rekey_seconds": ike.rekey_time,
        "rekey_at": ahead(now, ike.rekey_time),
        "reauth_seconds": ike.reauth_time,
        "reauth_at": ahead(now, ike.reauth_time),
        "local_vips": list(ike.local_vips),
        "remote_vips": list(ike.remote_vips),
        "tasks_queued": list(ike.tasks_queued),
        "tasks_active": list(ike.tasks_active),
        "tasks_passive": list(ike.tasks_passive),
        "children": [_child_facts(child, now) for child in ike.children],
    }


def _child_facts(child: ChildSa, now: Moment) -> Facts:
    return {
        "name": child.name,
        "uniqueid": child.uniqueid,
        "reqid": child.reqid,
        "state": child.state,
        "mode": child.mode.lower(),
        "protocol": child.protocol.lower() or None,
        "encap": child.encap,
        "local_ts": list(child.local_ts),
        "remote_ts": list(child.remote_ts),
        "mark_in": _mark(child.mark_in),
        "mark_out": _mark(child.mark_out),
        "if_id_in": child.if_id_in or None,
        "if_id_out": child.if_id_out or None,
        "label": child.label or None,
        "cpu": child.cpu,
        "spi_in": _spi(child.spi_in),
        "spi_out": _spi(child.spi_out),
        "encr_alg": child.encr_alg or None,
        "encr_keysize": child.encr_keysize,
        "integ_alg": child.integ_alg or None,
        "dh_group": child.dh_group or None,
        "additional_key_exchanges": list(child.additional_key_exchanges),
        "esn": child.esn,
        "bytes_in": child.bytes_in,
        "packets_in": child.packets_in,
        "idle_in_seconds": child.use_in,
        "last_in_at": ago(now, child.use_in),
        "bytes_out": child.bytes_out,
        "packets_out": child.packets_out,
        "idle_out_seconds": child.use_out,
        "last_out_at": ago(now, child.use_out),
        "age_seconds": child.install_time,
        "installed_at": ago(now, child.install_time),
        "rekey_seconds": child.rekey_time,
        "rekey_at": ahead(now, child.rekey_time),
        "expire_seconds": child.life_time,
        "expire_at": ahead(now, child.life_time),
    }


def _mark(mark: Mark) -> t.Optional[str]:
    """Return a mark as M(vti_info) and ip-xfrm(8) show it."""
    return f"0x{mark.value:x}/0x{mark.mask:x}" if mark else None


def _spi(spi: str) -> t.Optional[str]:
    """Return an SPI as M(vti_info) shows it, so that the two can be joined."""
    return f"0x{spi}" if spi else None
