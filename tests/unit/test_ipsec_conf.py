# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections of ipsec.conf: what is accepted, and what a plan does with files and charon."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    ConflictError,
    InputError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.answers import (
    charons_words,
    complaints,
    loaded_conns,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.files import (
    IpsecFiles,
    Place,
    TextFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.parse import parse
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.wanted import WantedConn
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.ipsec_conf import (
    check_conns,
    conn_result,
    parse_conn,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    actions_result,
    diff_result,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.ipsec_conf import (
    ConnStep,
    FoundConns,
    plan_conns,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy

PLACE = Place("/etc/ipsec.conf", "/etc/ipsec.secrets", "/etc/ipsec.d/ours")
SEED: dict[str, t.Any] = {
    "leftupdown": "/usr/local/sbin/ipsec-notify.sh",
    "left": "%defaultroute",
    "leftsourceip": ["%config4", "%config6"],
    "rightsubnet": ["0.0.0.0/0", "::/0"],
    "right": "192.0.2.11",
    "rightid": "gw",
    "auto": "route",
    "mark": "2",
    "secrets": [{"ids": ["rw", "gw"], "secret": "the first secret of all"}],
}


def conn(name: str = "vpngw", **options: t.Any) -> WantedConn:
    """Return a wanted connection, the seed's if nothing else is said."""
    return parse_conn({"name": name, "state": "present", **(options or SEED)})


def test_the_seed() -> None:
    assert conn().conf_text("default").split("\n", 1)[1] == (
        "conn vpngw\n"
        "    auto=route\n"
        "    mark=2\n"
        "    left=%defaultroute\n"
        "    leftsourceip=%config4,%config6\n"
        "    leftupdown=/usr/local/sbin/ipsec-notify.sh\n"
        "    right=192.0.2.11\n"
        "    rightid=gw\n"
        "    rightsubnet=0.0.0.0/0,::/0\n"
    )
    assert conn().secrets_text("default").split("\n", 1)[1] == (
        'rw gw : PSK "the first secret of all"\n'
    )
    result = conn_result(conn())
    assert result["leftsourceip"] == ["%config4", "%config6"]
    assert "secret of all" not in str(result)


WRONG: dict[str, tuple[dict[str, t.Any], str]] = {
    "name": ({"name": "%default", "auto": "add"}, "connection '%default'"),
    "nothing": ({}, "it has no option and no secret"),
    "mark 0": ({"mark": "0"}, "mark 0 is no mark"),
    "two marks": ({"mark": "1", "mark_in": "2"}, "mark is mark_in, too"),
    "time": ({"lifetime": "1 h"}, "lifetime '1 h': expected a time"),
    "percentage": ({"rekeyfuzz": "100"}, "rekeyfuzz '100'"),
    "list": ({"leftsubnet": ["a, b"]}, "leftsubnet 'a, b': expected text without commas"),
    "text": ({"rightid": "a\nb"}, "rightid"),
    "unknown": ({"settings": {"leftsubnets": "x"}}, "did you mean 'leftsubnet'?"),
    "an option": ({"settings": {"left": "x"}}, "left has an option of its own"),
    "choice": ({"settings": {"xauth": "both"}}, "xauth 'both': expected one of client, server"),
    "synonym": ({"lifetime": "1h", "settings": {"keylife": "1h"}}, "are the same"),
    "updown": ({"leftfirewall": True, "leftupdown": "x"}, "exclude each other"),
    "ah and esp": ({"esp": "aes", "settings": {"ah": "sha1"}}, "exclude each other"),
    "section": ({"settings": {"mark": {"a": 1}}}, "mark has an option"),
    "one value": ({"settings": {"tfc": [1, 2]}}, "tfc '[1, 2]': expected one value"),
}


@pytest.mark.parametrize(("options", "words"), WRONG.values(), ids=WRONG)
def test_wrong(options: dict[str, t.Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_conn({"name": "a", "state": "present", **options})
    assert words in str(caught.value)


def test_twice_in_the_list() -> None:
    with pytest.raises(InputError, match="connection vpngw: it is in the list twice"):
        check_conns([conn(), conn()])


def found(
    *conns: WantedConn,
    loaded: str = "vpngw",
    config: str = "include /etc/ipsec.d/ours/*.conf\n",
    secrets: str = "include /etc/ipsec.d/ours/*.secrets\n",
    owner: str = "default",
) -> FoundConns:
    """Return a host that has these connections in our files."""
    own = {}
    for one in conns:
        for path, text in (
            (PLACE.conf_file(one.name), one.conf_text(owner)),
            (PLACE.secrets_file(one.name), one.secrets_text(owner)),
        ):
            if text:
                own[path] = TextFile(path, text, 0o600)
    main = TextFile(PLACE.config, config, 0o644)
    files = IpsecFiles(
        main,
        TextFile(PLACE.secrets, secrets, 0o600),
        own,
        tuple((PLACE.config, one) for one in parse(config)),
    )
    return FoundConns(files, frozenset(loaded.split()))


def plan(
    wanted: t.Sequence[WantedConn], there: FoundConns, **policy: t.Any
) -> list[tuple[str, str, str]]:
    """Return the actions of a plan."""
    changes = plan_conns(wanted, there, Policy(**policy), PLACE).changes
    return [(one["object"], one["action"], one["reason"]) for one in actions_result(changes)]


def test_fresh_host() -> None:
    assert plan([conn()], found(loaded="", config="", secrets="")) == [
        ("file /etc/ipsec.conf", "change", "it does not include /etc/ipsec.d/ours/*.conf"),
        ("file /etc/ipsec.secrets", "change", "it does not include /etc/ipsec.d/ours/*.secrets"),
        ("connection vpngw", "create", "it does not exist"),
    ]
    assert plan([conn()], FoundConns())


def test_unchanged() -> None:
    assert plan([conn()], found(conn())) == []
    one = {"auto": "add", "lifetime": "3600", "left": "a"}
    assert plan([conn("a", **one)], found(conn("a", **{**one, "lifetime": "1h"}), loaded="a")) == []


def test_change_of_a_setting_and_a_secret() -> None:
    other = {**SEED, "mark": "3", "secrets": [{"ids": ["rw", "gw"], "secret": "y" * 30}]}
    changes = plan_conns([conn(**other)], found(conn()), Policy(), PLACE).changes
    (action,) = actions_result(changes)
    assert action["reason"] == "mark is 2, wanted 3; secret PSK rw, gw differs"
    (diff,) = diff_result(changes)
    assert "secret PSK rw, gw: (hidden)\n" in diff["before"]
    assert "secret PSK rw, gw: (hidden, another one)\n" in diff["after"]
    assert "secret of all" not in str(diff)
    assert "yyy" not in str(diff)


def test_only_the_files_that_change_are_written() -> None:
    (change,) = plan_conns([conn(**{**SEED, "mark": "3"})], found(conn()), Policy(), PLACE).changes
    (step,) = change.steps
    assert isinstance(step, ConnStep)
    assert [file.path for file in step.files] == [PLACE.conf_file("vpngw")]
    assert step.loaded is True


def test_charon_lacks_it() -> None:
    assert plan([conn()], found(conn(), loaded="")) == [
        ("connection vpngw", "load", "not loaded in the daemon")
    ]
    ignored = conn("a", left="x")  # ipsec.conf's default is to load nothing
    assert plan([ignored], found(ignored, loaded="")) == []
    inheriting = conn("b", also=["vpngw"])
    there = found(conn(), inheriting)
    assert plan([inheriting], there) == [("connection b", "load", "not loaded in the daemon")]


def test_defined_elsewhere() -> None:
    config = "\nconn vpngw\n  left=x\ninclude /etc/ipsec.d/ours/*.conf\n"
    with pytest.raises(ConflictError, match=r"file /etc/ipsec.conf, line 2, defines conn vpngw"):
        plan([conn()], found(config=config))
    with pytest.raises(ConflictError, match=r"file /etc/ipsec.conf, line 2"):
        plan([conn(state="absent")], found(config=config))
    other = TextFile("/etc/ipsec.d/ours/other.conf", "\nconn vpngw\n", 0o600)
    there = FoundConns(IpsecFiles(own={other.path: other}))
    with pytest.raises(ConflictError, match=r"file /etc/ipsec.d/ours/other.conf, line 2"):
        plan([conn()], there)


def test_inherited_from() -> None:
    with pytest.raises(ConflictError, match="connection a: also 'b': no file has such"):
        plan([conn("a", also=["b"])], found())
    parent, child = conn("p", auto="add"), conn("c", also=["p"])
    assert plan([parent, child], found())
    there = found(parent, child, loaded="p c")
    with pytest.raises(
        ConflictError, match=r"connection p: conn c \(file .*c.conf, line 2\) inherits"
    ):
        plan([conn("p", state="absent")], there)
    assert len(plan([], there, purge=True)) == 2


def test_owners() -> None:
    there = found(conn(), owner="two")
    with pytest.raises(ConflictError, match="owner 'two'"):
        plan([conn(**{**SEED, "mark": "3"})], there)
    assert plan([conn()], there)[0][1] == "adopt"
    assert plan([conn(**{**SEED, "mark": "3"})], there, adopt=True)[0][1] == "adopt"
    with pytest.raises(ConflictError, match="owner 'two'"):
        plan([conn(state="absent")], there)
    assert plan([], there, purge=True) == []
    assert plan([], found(conn()), purge=True) == [
        ("connection vpngw", "remove", "purge: owner 'default' no longer lists it")
    ]


def test_absent() -> None:
    assert plan([conn(state="absent")], found(loaded="")) == []
    assert plan([conn(state="absent")], found(conn())) == [
        ("connection vpngw", "remove", "state is absent")
    ]
    assert plan([conn(state="absent")], found())[0][2].endswith("charon holds it from no file")


def test_mode() -> None:
    there = found(conn())
    path = PLACE.secrets_file("vpngw")
    own = {**there.files.own, path: TextFile(path, conn().secrets_text("default"), 0o644)}
    there = FoundConns(IpsecFiles(there.files.config, there.files.secrets, own), there.loaded)
    assert plan([conn()], there) == [
        ("connection vpngw", "change", f"the mode of {path} is 0644, wanted 0600")
    ]


def test_charon_would_not_read_our_secrets() -> None:
    with pytest.raises(ConflictError, match=r"/etc/ipsec.secrets: line 2 is none that charon"):
        plan([conn()], found(secrets="\nnonsense\n"))


def test_interrupted_run() -> None:
    there = found(conn())
    mark = TextFile(PLACE.unfinished, "", 0o600)
    files = IpsecFiles(there.files.config, there.files.secrets, there.files.own, unfinished=mark)
    assert plan([conn()], FoundConns(files, there.loaded)) == [
        (
            "directory /etc/ipsec.d/ours",
            "load",
            "a former run was interrupted before it had loaded its files",
        )
    ]


STATUS = """\
Status of IKE charon daemon (strongSwan 5.9.8, Linux 6.1.0, x86_64):
  loaded plugins: charon aes stroke
Connections:
       vpngw:  %any...192.0.2.11  IKEv1/2
       vpngw:   local:  [rw] uses pre-shared key authentication
       vpngw:   remote: [gw] uses pre-shared key authentication
       vpngw:   child:  dynamic === 0.0.0.0/0 ::/0 TUNNEL
a-second-child-of-it:   child:  10.1.0.0/16 === 10.2.0.0/16 TUNNEL
Routed Connections:
       other{1}:  ROUTED, TUNNEL, reqid 1
Security Associations (0 up, 0 connecting):
  none
"""


def test_status() -> None:
    assert loaded_conns(STATUS) == {"vpngw", "a-second-child-of-it"}
    assert loaded_conns("") == frozenset()


def test_complaints() -> None:
    said = (
        "# bad value: auto=x\n  bad argument value in conn 'a'\n### 1 parsing error (0 fatal) ###\n"
    )
    assert complaints(said + "config OK\n") == [
        "bad value: auto=x",
        "bad argument value in conn 'a'",
    ]


def test_words() -> None:
    log = "16[CFG] received stroke: add connection 'a'\n16[CFG] skipped invalid proposal string: x\nz\n"
    assert charons_words(log) == ["skipped invalid proposal string: x"]
