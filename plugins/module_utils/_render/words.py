# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words of a line for C(ip -batch) (pure)."""

from __future__ import annotations

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError

QUOTES = ("'", '"')


def word(text: str) -> str:
    """Return a value as one word of a line.

    ip knows no escape: a quoted word ends at the next quote of its kind, and C(#) starts a comment
    wherever it stands (getcmdline and makeargs, lib/utils.c of iproute2).

    :raises InputError: it cannot be written.
    """
    if "#" in text:
        raise InputError(
            f"'{text}' cannot be persisted, as a '#' starts a comment for ip -batch: leave the '#'"
            " out, or set persist: false"
        )
    if text and not text.startswith(QUOTES) and not any(one.isspace() for one in text):
        return text
    for quote in QUOTES:
        if quote not in text:
            return f"{quote}{text}{quote}"
    raise InputError(
        f"'{text}' cannot be persisted, as ip -batch knows no way to write ' and \" in one word:"
        " leave one of them out, or set persist: false"
    )
