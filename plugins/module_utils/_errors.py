# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of the collection: one small tree, so that the runner catches one class."""

from __future__ import annotations


class StrongswanError(Exception):
    """Base of all errors that end a module with a message instead of a traceback."""


class InputError(StrongswanError):
    """A value that the user gave is wrong, whatever is on the host."""


class ConflictError(StrongswanError):
    """What the user wants cannot be had beside what is on the host."""


class DependencyError(StrongswanError):
    """Something that the module needs is not installed, too old or not running.

    In check mode it means "assume that nothing is there yet" and becomes a warning.
    """


class KernelError(StrongswanError):
    """The kernel refused a change."""


class NotPermittedError(KernelError):
    """The kernel wants a capability that the process does not have."""


class CharonError(StrongswanError):
    """charon refused a command; the message holds its own words."""


class FileError(StrongswanError):
    """A file could not be read, parsed or written."""
