# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IKE and CHILD SAs as charon tells of them (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import CharonError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.answer import Answer
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import Mark

ESTABLISHED = "ESTABLISHED"
"""The state of an IKE SA that both ends have agreed upon."""

BEGINNING = frozenset({"CREATED", "CONNECTING"})
"""The states of an IKE SA before that: identities and virtual addresses are not known yet."""

INSTALLED = "INSTALLED"
"""The state of a CHILD SA that carries traffic."""

_MASK = 2**32 - 1
_KEY_EXCHANGES = tuple(f"ake{number}" for number in range(1, 8))


@dataclass(frozen=True)
class ChildSa:
    """A CHILD SA.

    Before it is installed it has neither SPIs nor algorithms: texts are empty then, counters 0.
    O(install_time), O(use_in) and O(use_out) are seconds that have passed since; O(rekey_time) and
    O(life_time) seconds that are left. What never happened, or never will, is None.
    """

    name: str
    uniqueid: int
    reqid: int
    state: str
    mode: str
    protocol: str = ""
    encap: bool = False
    local_ts: t.Tuple[str, ...] = ()
    remote_ts: t.Tuple[str, ...] = ()
    encr_alg: str = ""
    encr_keysize: t.Optional[int] = None
    integ_alg: str = ""
    integ_keysize: t.Optional[int] = None
    dh_group: str = ""
    additional_key_exchanges: t.Tuple[str, ...] = ()
    esn: bool = False
    mark_in: Mark = field(default_factory=Mark)
    mark_out: Mark = field(default_factory=Mark)
    if_id_in: int = 0
    if_id_out: int = 0
    cpu: t.Optional[int] = None
    label: str = ""
    spi_in: str = ""
    spi_out: str = ""
    bytes_in: int = 0
    packets_in: int = 0
    use_in: t.Optional[int] = None
    bytes_out: int = 0
    packets_out: int = 0
    use_out: t.Optional[int] = None
    install_time: t.Optional[int] = None
    rekey_time: t.Optional[int] = None
    life_time: t.Optional[int] = None


@dataclass(frozen=True)
class IkeSa:
    """An IKE SA with its CHILD SAs; O(name) is that of its connection.

    O(established) is seconds that have passed since, O(rekey_time) and O(reauth_time) seconds that
    are left; None where it is not established, or never is rekeyed or reauthenticated.
    """

    name: str
    uniqueid: int
    version: int
    state: str
    initiator: bool = False
    local_host: str = ""
    local_port: int = 0
    local_id: str = ""
    remote_host: str = ""
    remote_port: int = 0
    remote_id: str = ""
    remote_eap_id: str = ""
    remote_xauth_id: str = ""
    initiator_spi: str = ""
    responder_spi: str = ""
    nat_local: bool = False
    nat_remote: bool = False
    if_id_in: int = 0
    if_id_out: int = 0
    encr_alg: str = ""
    encr_keysize: t.Optional[int] = None
    integ_alg: str = ""
    integ_keysize: t.Optional[int] = None
    prf_alg: str = ""
    dh_group: str = ""
    additional_key_exchanges: t.Tuple[str, ...] = ()
    ppk: bool = False
    established: t.Optional[int] = None
    rekey_time: t.Optional[int] = None
    reauth_time: t.Optional[int] = None
    local_vips: t.Tuple[str, ...] = ()
    remote_vips: t.Tuple[str, ...] = ()
    tasks_queued: t.Tuple[str, ...] = ()
    tasks_active: t.Tuple[str, ...] = ()
    tasks_passive: t.Tuple[str, ...] = ()
    children: t.Tuple[ChildSa, ...] = ()


def parse_ike_sa(message: t.Mapping[str, t.Any]) -> IkeSa:
    """Return the IKE SA of one C(list-sa) event.

    :raises CharonError: the message holds none.
    """
    for name, told in Answer(message).sections():
        return _ike_sa(name, told)
    raise CharonError("charon sent a list-sa event without an IKE SA")


def _ike_sa(name: str, told: Answer) -> IkeSa:
    return IkeSa(
        name=name,
        uniqueid=told.count("uniqueid"),
        version=told.count("version"),
        state=told.text("state"),
        initiator=told.flag("initiator"),
        local_host=told.text("local-host"),
        local_port=told.count("local-port"),
        local_id=told.text("local-id"),
        remote_host=told.text("remote-host"),
        remote_port=told.count("remote-port"),
        remote_id=told.text("remote-id"),
        remote_eap_id=told.text("remote-eap-id"),
        remote_xauth_id=told.text("remote-xauth-id"),
        initiator_spi=told.text("initiator-spi"),
        responder_spi=told.text("responder-spi"),
        nat_local=told.flag("nat-local"),
        nat_remote=told.flag("nat-remote"),
        if_id_in=_hexadecimal(told, "if-id-in"),
        if_id_out=_hexadecimal(told, "if-id-out"),
        encr_alg=told.text("encr-alg"),
        encr_keysize=told.number("encr-keysize"),
        integ_alg=told.text("integ-alg"),
        integ_keysize=told.number("integ-keysize"),
        prf_alg=told.text("prf-alg"),
        dh_group=told.text("dh-group"),
        additional_key_exchanges=_additional(told),
        ppk=told.flag("ppk"),
        established=told.number("established"),
        rekey_time=told.number("rekey-time"),
        reauth_time=told.number("reauth-time"),
        local_vips=told.texts("local-vips"),
        remote_vips=told.texts("remote-vips"),
        tasks_queued=told.texts("tasks-queued"),
        tasks_active=told.texts("tasks-active"),
        tasks_passive=told.texts("tasks-passive"),
        children=tuple(_child_sa(child) for _key, child in told.section("child-sas").sections()),
    )


def _child_sa(told: Answer) -> ChildSa:
    return ChildSa(
        name=told.text("name"),
        uniqueid=told.count("uniqueid"),
        reqid=told.count("reqid"),
        state=told.text("state"),
        mode=told.text("mode"),
        protocol=told.text("protocol"),
        encap=told.flag("encap"),
        local_ts=told.texts("local-ts"),
        remote_ts=told.texts("remote-ts"),
        encr_alg=told.text("encr-alg"),
        encr_keysize=told.number("encr-keysize"),
        integ_alg=told.text("integ-alg"),
        integ_keysize=told.number("integ-keysize"),
        dh_group=told.text("dh-group"),
        additional_key_exchanges=_additional(told),
        esn=told.flag("esn"),
        mark_in=_mark(told, "in"),
        mark_out=_mark(told, "out"),
        if_id_in=_hexadecimal(told, "if-id-in"),
        if_id_out=_hexadecimal(told, "if-id-out"),
        cpu=told.number("cpu"),
        label=told.text("label"),
        spi_in=told.text("spi-in"),
        spi_out=told.text("spi-out"),
        bytes_in=told.count("bytes-in"),
        packets_in=told.count("packets-in"),
        use_in=told.number("use-in"),
        bytes_out=told.count("bytes-out"),
        packets_out=told.count("packets-out"),
        use_out=told.number("use-out"),
        install_time=told.number("install-time"),
        rekey_time=told.number("rekey-time"),
        life_time=told.number("life-time"),
    )


def _additional(told: Answer) -> t.Tuple[str, ...]:
    return tuple(told.text(name) for name in _KEY_EXCHANGES if name in told)


def _hexadecimal(told: Answer, name: str) -> int:
    return told.number(name, 16) or 0


def _mark(told: Answer, direction: str) -> Mark:
    """Return a mark; charon leaves out a mask of all ones, and the whole of it if there is none."""
    if f"mark-{direction}" not in told:
        return Mark()
    mask = told.number(f"mark-mask-{direction}", 16)
    return Mark(_hexadecimal(told, f"mark-{direction}"), _MASK if mask is None else mask)
