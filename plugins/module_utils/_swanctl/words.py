# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of swanctl.conf that are words of charon's own, or numbers beside such a word (pure)."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import (
    parse_number,
    parse_switch,
)

_DSCP = re.compile(r"[01]{6}\Z")
_SAME_ACTION = {"restart": "start", "route": "trap", "clear": "none"}
_ACTIONS = frozenset({"none", "trap", "start"})


def parse_action(text: str) -> t.FrozenSet[str]:
    """Return what charon does: V(trap), V(start), both (V(trap|start)) or nothing.

    V(restart) is another word for V(start), V(route) for V(trap), V(clear) for V(none).

    :raises ValueError: it is no such action.
    """
    words = [word.strip(" ") for word in text.lower().split("|")]
    actions = {_SAME_ACTION.get(word, word) for word in words}
    if not actions <= _ACTIONS:
        raise ValueError("expected none, trap, start or trap|start")
    return frozenset(actions - {"none"})


def parse_offload(text: str) -> str:
    """Return the kind of hardware offload: V(yes) is another word for V(crypto)."""
    return "crypto" if text.lower() == "yes" else text.lower()


def parse_per_cpu(text: str) -> t.Union[bool, str]:
    """Return whether each CPU has SAs of its own, or V(encap) for those in UDP.

    :raises ValueError: charon would not take it.
    """
    if text.lower() == "encap":
        return "encap"
    try:
        return parse_switch(text)
    except ValueError:
        raise ValueError("expected yes, no or encap") from None


def parse_padding(text: str) -> t.Union[int, str]:
    """Return the size to which ESP packets are padded, or V(mtu).

    :raises ValueError: it is neither.
    """
    if text == "mtu":
        return text
    try:
        return parse_number(text)
    except ValueError:
        raise ValueError("expected a number of bytes, or mtu") from None


def parse_dscp(text: str) -> str:
    """Return a DSCP: six binary digits.

    :raises ValueError: it is none.
    """
    if not _DSCP.match(text):
        raise ValueError("expected six binary digits in quotes, like '101110'")
    return text
