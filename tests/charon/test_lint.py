# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lint against a real charon and a real kernel: warnings where they are due, and none elsewhere."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import strongswan_conf
from ansible_collections.ipsec.strongswan.tests.charon import daemon
from ansible_collections.ipsec.strongswan.tests.support.modules import run_module, unchanged

Options = dict[str, t.Any]
MODULE = "strongswan_conn"


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A strongswan.conf of the test's own, with charon's routes off."""
    path = tmp_path / "strongswan.conf"
    path.write_text("charon-systemd { install_routes = no }\n")
    monkeypatch.setattr(strongswan_conf.read_switch, "__defaults__", ((str(path),),))
    return path


def warnings(**options: t.Any) -> list[str]:
    """Return the warnings of a run in check mode."""
    result = run_module(MODULE, check=True, **options)
    assert not result.get("failed"), result["msg"]
    return list(result["warnings"])


def test_clean(sun: Options) -> None:
    sun["children"][0]["mark_out"] = "42"
    proposals = ["aes256gcm16-prfsha256-x25519", "aes128-sha256-modp2048", "default"]
    assert run_module(MODULE, **sun, proposals=proposals)["warnings"] == []
    assert unchanged(MODULE, **sun, proposals=proposals)["warnings"] == []


def test_install_routes(sun: Options, settings: Path) -> None:
    settings.write_text("charon { install_routes = yes }\n")
    (warning,) = warnings(**sun)
    assert "install_routes is on, and connections have marks (sun)" in warning


def test_mark_of_another_file(sun: Options) -> None:
    daemon.write(
        "by-hand.conf",
        "connections {\n far {\n  remote_addrs = 192.0.2.9\n  children {\n   far {\n"
        "    mark_in = 42\n   }\n  }\n }\n}\n",
    )
    (warning,) = warnings(**sun)
    assert "child sun-net: mark 42 is that of connection far: child far" in warning


@pytest.fixture
def without_af_alg() -> t.Iterator[None]:
    """charon without the plugin that has what the kernel has, whatever that is."""
    path = Path("/etc/strongswan.d/zz-tests-af-alg.conf")
    path.write_text("charon-systemd {\n  plugins {\n    af-alg {\n      load = no\n    }\n  }\n}\n")
    daemon.restart()
    yield
    path.unlink()
    daemon.restart()


@pytest.mark.usefixtures("without_af_alg")
def test_proposal_that_no_plugin_has(sun: Options) -> None:
    (warning,) = warnings(**sun, proposals=["aes256-sha256_96-x25519", "default"])
    assert "connection sun: proposals 'aes256-sha256_96-x25519'" in warning
    assert "none of charon's plugins has sha256_96," in warning


def test_port_of_the_peer(sun: Options) -> None:
    (warning,) = warnings(**sun, remote_port=600)
    assert "connection sun: remote_port 600" in warning
    assert warnings(**sun, remote_port=600, local_port=4500) == []


def test_another_charon_has_settings_of_its_own(sun: Options, settings: Path) -> None:
    settings.write_text("charon { install_routes = yes }\n")
    other = daemon.SOCKET.with_name("other.vici")
    other.symlink_to(daemon.SOCKET)
    try:
        assert warnings(**sun, socket=str(other)) == []
    finally:
        other.unlink()
