# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of every call that writes files for swanctl and talks to charon."""

from __future__ import annotations


class ModuleDocFragment:
    """Where swanctl's files and charon's vici socket are."""

    DOCUMENTATION = r"""
options:
  directory:
    description:
      - The directory for the files, one for each object, readable by root alone.
        C(swanctl.conf) in the directory above must include its C(*.conf).
      - Names of certificates are looked up in the directory above, as swanctl does it.
    type: path
    default: /etc/swanctl/conf.d
  socket:
    description:
      - The path of charon's vici socket, a unix socket.
    type: path
    default: /run/charon.vici
  timeout:
    description:
      - How long to wait for each of charon's answers, in seconds; and for another run of these
        modules that works on O(directory), as only one at a time may.
    type: int
    default: 30
"""
