# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proof by packets that a tunnel tunnels: captures, pings and what they add up to.

Pure: topology, packets, count, verdict. With I/O: engine, capture, run. For pytest: backend.
"""
