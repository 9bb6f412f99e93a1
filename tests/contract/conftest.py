# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What parts of the collection promise each other, on the real kernel."""

from __future__ import annotations

from ansible_collections.ipsec.strongswan.tests.kernel.conftest import namespace

__all__ = ["namespace"]
