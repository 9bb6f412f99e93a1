# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Moments of a report: in ISO 8601, and the seconds until then (pure)."""

from __future__ import annotations

import datetime
import typing as t

Moment = datetime.datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def iso(moment: Moment) -> str:
    """Return a moment as V(2026-11-24T02:28:15Z)."""
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def ago(now: Moment, seconds: t.Optional[int]) -> t.Optional[str]:
    """Return the moment that was some seconds ago; None for what never was."""
    return None if seconds is None else iso(now - datetime.timedelta(seconds=seconds))


def ahead(now: Moment, seconds: t.Optional[int]) -> t.Optional[str]:
    """Return the moment that is some seconds ahead; None for what will never be."""
    return None if seconds is None else iso(now + datetime.timedelta(seconds=seconds))


def days_until(now: Moment, moment: Moment) -> int:
    """Return whole days until a moment, below 0 once it is past."""
    return (moment - now).days


def local_moment(text: str) -> t.Optional[Moment]:
    """Return a moment that charon writes as V(Nov 24 02:28:15 2026), in the host's own time zone."""
    words = text.split()
    try:
        month, day, clock, year = words
        hour, minute, second = map(int, clock.split(":"))
        moment = datetime.datetime(
            int(year), _MONTHS.index(month) + 1, int(day), hour, minute, second
        )
    except ValueError:
        return None
    return moment.astimezone()
