#!/usr/bin/python
# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: strongswan_info
short_description: Report what strongSwan holds and does, beside what its files say
version_added: 0.1.0
description:
  - Returns charon's connections, SAs, policies, pools, certificates, secrets and counters as data,
    and for what comes from a file which file it is, its line and its owner.
  - RV(problems) names what is wrong, with file and line. It is empty on a host where all that the
    files say is loaded, what they want to be up is up, and no certificate is about to end.
  - It changes nothing, and never returns a secret or a key; charon itself tells of them by names
    only.
  - Where charon does not run, RV(running) is V(false), a warning tells what to do, and the report
    goes on with the files.
  - A user who may not open the socket, or read a file, gets a warning, and null for what cannot be
    known.
extends_documentation_fragment:
  - ipsec.strongswan._attributes.info_module
  - ipsec.strongswan._vici
options:
  gather_subset:
    description:
      - The parts to report, as in M(ansible.builtin.setup).
      - V(all), V(min) (which is V(daemon)), V(daemon), V(stats), V(plugins), V(algorithms),
        V(connections), V(ike_sas), V(policies), V(pools), V(certificates), V(authorities),
        V(secrets), V(private_keys), V(counters), or one of these with a V(!) before it, which
        leaves it out.
      - V(min) is reported in any case, unless V(!min) leaves it out. A list that only leaves out
        begins with all.
      - RV(problems) are those of the parts that are asked for. Whether a child is up that should
        be is seen if V(connections) and V(ike_sas) are, whether its trap is installed if
        V(connections) and V(policies) are.
      - What is not asked for costs nothing; with very many connections or SAs name what you need.
    type: list
    elements: str
    default:
      - all
  names:
    description:
      - The connections to report, all of them if left out. The result has no entry for a name that
        is not there.
      - It narrows RV(connections), RV(ike_sas), RV(policies) and RV(counters).
    type: list
    elements: str
  owner:
    description:
      - Report only what is in files of this owner, and the SAs, policies and counters of its
        connections.
    type: str
  certificate_days:
    description:
      - A certificate or list of revoked ones that ends within so many days is one of the
        RV(problems).
    type: int
    default: 14
requirements:
  - strongSwan with its vici plugin
  - root (C(become=true)) for the socket and the files
seealso:
  - module: ipsec.strongswan.vti_info
  - module: ipsec.strongswan.strongswan_conn
  - module: ipsec.strongswan.strongswan_sa
author:
  - The ipsec.strongswan authors (@ipsec-strongswan)
"""

EXAMPLES = r"""
- name: Read all that there is to know
  ipsec.strongswan.strongswan_info:
  register: found

- name: Fail where something is wrong
  ansible.builtin.assert:
    that: found.problems == []
    fail_msg: "{{ found.problems | to_nice_yaml }}"

- name: Wait until a child of one connection is installed
  ipsec.strongswan.strongswan_info:
    gather_subset:
      - ike_sas
    names:
      - moon-sun
  register: sun
  until: >-
    sun.ike_sas | map(attribute='children') | flatten
    | selectattr('name', 'eq', 'net') | selectattr('state', 'eq', 'INSTALLED') | length > 0
  retries: 10
  delay: 3

- name: Check its mark, and that traffic comes back
  ansible.builtin.assert:
    that:
      - child.mark_in == '0x2a/0xffffffff'
      - child.packets_in > 0
      - child.expire_seconds > child.rekey_seconds
  vars:
    child: "{{ sun.ike_sas[0].children | selectattr('name', 'eq', 'net') | first }}"

- name: Read certificates and connections of an owner, without the daemon's version
  ipsec.strongswan.strongswan_info:
    gather_subset:
      - '!min'
      - certificates
      - connections
    owner: default
    certificate_days: 30
  register: mine

- name: Name the certificates of this host that end within 30 days
  ansible.builtin.debug:
    msg: "{{ item.subject }} ends at {{ item.not_after }}, in {{ item.days_left }} days"
  loop: >-
    {{ mine.certificates | selectattr('type', 'eq', 'X509') | selectattr('has_private_key')
    | selectattr('days_left', 'lt', 30) }}
  loop_control:
    label: "{{ item.serial }}"

- name: Read the state of another daemon, without its algorithms
  ipsec.strongswan.strongswan_info:
    gather_subset:
      - '!algorithms'
    directory: /etc/swanctl/conf.d
    socket: /run/charon.vici
    timeout: 10
"""

RETURN = r"""
running:
  description: Whether charon runs; null if the user may not ask it.
  returned: success
  type: bool
  sample: true
daemon:
  description: The daemon, its version, and the operating system that it runs on.
  returned: if O(gather_subset) has it; null if charon cannot be asked
  type: dict
  sample:
    name: charon-systemd
    version: 5.9.8
    sysname: Linux
    release: 6.18.44-fc-v657
    machine: x86_64
stats:
  description:
    - How long the daemon runs, and what it is busy with.
    - V(half_open) are IKE SAs that a peer has begun, and not finished.
  returned: if O(gather_subset) has it; null if charon cannot be asked
  type: dict
  sample:
    started_at: "2026-11-24T02:52:02Z"
    uptime_seconds: 22
    workers:
      total: 16
      idle: 6
      active:
        critical: 5
        high: 0
        medium: 5
        low: 0
    queues:
      critical: 0
      high: 0
      medium: 0
      low: 0
    scheduled: 4
    ike_sas:
      total: 1
      half_open: 0
plugins:
  description: The names of the plugins in the order in which they were loaded.
  returned: if O(gather_subset) has it; null if charon cannot be asked
  type: list
  elements: str
  sample:
    [charon-systemd, aes, sha2, sha1]
algorithms:
  description: The algorithms that the daemon has, and the plugin behind each.
  returned: if O(gather_subset) has it; null if charon cannot be asked
  type: list
  elements: dict
  sample:
    - name: AES_CBC
      type: encryption
      plugin: aes
connections:
  description: The connections of the files and of the daemon, sorted by name.
  returned: if O(gather_subset) has it
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      type: str
    loaded:
      description: Whether the daemon holds it; null if it cannot be asked.
      type: bool
    vici:
      description:
        - Whether it was loaded through vici, as swanctl and this collection do it; null if the
          daemon cannot be asked. The others are from C(ipsec.conf).
      type: bool
    file:
      description:
        - The file that it is in, null if none has it. If more than one has it, this is the last of
          them.
      type: str
    line:
      description: The line of the file where its section begins.
      type: int
    owner:
      description: The owner that the file's first line names, null for a file that is not ours.
      type: str
    established:
      description:
        - Whether it has an IKE SA that is established; null if O(gather_subset) has no V(ike_sas).
      type: bool
    file_settings:
      description:
        - What the file says, by the names of C(swanctl.conf); null if no file has it.
        - Numbers are numbers, times are in seconds, sizes in bytes, and C(yes) and C(no) are
          booleans. Marks and if_ids are texts, as they may be V(%unique). What the file leaves out
          is not there.
        - V(local), V(remote) and V(children) are lists, and their entries have a V(name).
        - V(inherits) are the sections whose settings it takes over, which are not shown.
      type: dict
    daemon_settings:
      description:
        - What the daemon tells of it, with defaults; null if it is not loaded.
        - charon does not tell proposals, marks, if_ids, start_action, vips, pools and others.
      type: dict
    in_force:
      description:
        - Whether all live SAs of the connection have the configuration that the file has, also
          V(true) if there is no SA. As RV(ignore:connections[].in_force) of
          M(ipsec.strongswan.strongswan_conn), see the notes there; M(ipsec.strongswan.strongswan_sa)
          with O(ipsec.strongswan.strongswan_sa#module:state=reestablished) brings it into force.
        - Null if no file has the connection, or if O(gather_subset) leaves out the part C(ike_sas).
        - With O(names), children in the IKE SA of a connection that is not among these are not seen.
      type: bool
    in_force_reason:
      description: Which SAs have not, or may not, and why; empty if all have it.
      type: str
    differences:
      description:
        - Where V(daemon_settings) differ from V(file_settings), as sentences. Compared are
          addresses, version, lifetimes, the names of children, and their mode, selectors, lifetimes
          and actions.
      type: list
      elements: str
    problems:
      description: What is wrong with it, as sentences; empty if nothing is.
      type: list
      elements: str
  sample:
    - name: moon-sun
      loaded: true
      file: /etc/swanctl/conf.d/connection-moon-sun.conf
      line: 3
      owner: default
      vici: true
      established: true
      file_settings:
        version: 2
        local_addrs: [10.77.0.1]
        remote_addrs: [10.77.0.2]
        vips: [0.0.0.0]
        rekey_time: 14400
        local:
          - name: local
            auth: psk
            id: moon.example.org
        remote:
          - name: remote
            auth: psk
            id: sun.example.org
        children:
          - name: net
            local_ts: [10.1.0.0/24]
            remote_ts: [10.2.0.0/24]
            mark_in: "42"
            mark_out: "42"
            start_action: trap
      daemon_settings:
        version: 2
        local_addrs: [10.77.0.1]
        remote_addrs: [10.77.0.2]
        local_port: null
        remote_port: null
        unique: "no"
        rekey_time: 14400
        reauth_time: 0
        dpd_delay: 0
        local:
          - name: local-1
            class: pre-shared key
            eap_type: null
            id: moon.example.org
            eap_id: null
            xauth_id: null
            aaa_id: null
            ca_id: null
            revocation: null
            groups: []
            certs: []
            cacerts: []
        remote:
          - name: remote-1
            class: pre-shared key
            eap_type: null
            id: sun.example.org
            eap_id: null
            xauth_id: null
            aaa_id: null
            ca_id: null
            revocation: null
            groups: []
            certs: []
            cacerts: []
        children:
          - name: net
            mode: tunnel
            local_ts: [10.1.0.0/24]
            remote_ts: [10.2.0.0/24]
            rekey_time: 3600
            rekey_bytes: 0
            rekey_packets: 0
            dpd_action: none
            close_action: none
            interface: null
            priority: 0
            label: null
      in_force: true
      in_force_reason: ""
      differences: []
      problems: []
ike_sas:
  description:
    - The IKE SAs, each with its CHILD SAs as V(children).
    - What an SA has not is null. A time comes twice, as seconds that have passed or are left, and
      as a moment in UTC.
  returned: if O(gather_subset) has it; null if charon cannot be asked
  type: list
  elements: dict
  contains:
    name:
      description: The name of its connection.
      type: str
    uniqueid:
      description: Its number, another one after each rekeying.
      type: int
    version:
      description: The version of IKE.
      type: int
    state:
      description: Its state in charon's words; V(ESTABLISHED) once both ends have agreed.
      type: str
    initiator:
      description: Whether this host began it.
      type: bool
    local_vips:
      description: The virtual addresses that the peer gave to this host.
      type: list
      elements: str
    remote_vips:
      description: The virtual addresses that this host gave to the peer.
      type: list
      elements: str
    age_seconds:
      description: How long it has been established; a rekeying begins anew.
      type: int
    established_at:
      description: Since when that is.
      type: str
    rekey_seconds:
      description: When its next rekeying is due.
      type: int
    rekey_at:
      description: The same as a moment.
      type: str
    reauth_seconds:
      description: When its next reauthentication is due.
      type: int
    reauth_at:
      description: The same as a moment.
      type: str
    children:
      description: Its CHILD SAs.
      type: list
      elements: dict
      contains:
        name:
          description: The name of the child.
          type: str
        state:
          description:
            - Its state in charon's words; V(INSTALLED) once it carries traffic. For some seconds
              after a rekeying the old one is listed, too, as V(DELETED).
          type: str
        reqid:
          description: The number that joins its policies and states in the kernel.
          type: int
        mark_in:
          description: Its mark and mask for inbound packets, as in M(ipsec.strongswan.vti_info).
          type: str
        mark_out:
          description: Its mark and mask for outbound packets.
          type: str
        if_id_in:
          description: Its if_id for inbound packets.
          type: int
        if_id_out:
          description: Its if_id for outbound packets.
          type: int
        spi_in:
          description: Its SPI for inbound packets, as in M(ipsec.strongswan.vti_info).
          type: str
        spi_out:
          description: Its SPI for outbound packets.
          type: str
        local_ts:
          description: Its traffic selectors on this side, as agreed with the peer.
          type: list
          elements: str
        remote_ts:
          description: Its traffic selectors on the peer's side.
          type: list
          elements: str
        bytes_in:
          description: Bytes received.
          type: int
        packets_in:
          description: Packets received.
          type: int
        idle_in_seconds:
          description: How long ago the last packet was received.
          type: int
        last_in_at:
          description: The same as a moment.
          type: str
        bytes_out:
          description: Bytes sent.
          type: int
        packets_out:
          description: Packets sent.
          type: int
        idle_out_seconds:
          description: How long ago the last packet was sent.
          type: int
        last_out_at:
          description: The same as a moment.
          type: str
        age_seconds:
          description: How long it has been installed; a rekeying begins anew.
          type: int
        installed_at:
          description: Since when that is.
          type: str
        rekey_seconds:
          description: When its next rekeying is due.
          type: int
        rekey_at:
          description: The same as a moment.
          type: str
        expire_seconds:
          description: When it ends, if nobody rekeys it.
          type: int
        expire_at:
          description: The same as a moment.
          type: str
  sample:
    - name: moon-sun
      uniqueid: 1
      version: 2
      state: ESTABLISHED
      initiator: true
      local_host: 10.77.0.1
      local_port: 4500
      local_id: moon.example.org
      remote_host: 10.77.0.2
      remote_port: 4500
      remote_id: sun.example.org
      remote_eap_id: null
      remote_xauth_id: null
      initiator_spi: 6e6c001de7d65854
      responder_spi: 8e412d3791153470
      nat_local: false
      nat_remote: true
      if_id_in: null
      if_id_out: null
      encr_alg: AES_CBC
      encr_keysize: 128
      integ_alg: HMAC_SHA2_256_128
      prf_alg: PRF_HMAC_SHA2_256
      dh_group: CURVE_25519
      additional_key_exchanges: []
      ppk: false
      age_seconds: 9
      established_at: "2026-11-24T02:52:15Z"
      rekey_seconds: 14122
      rekey_at: "2026-11-24T06:47:46Z"
      reauth_seconds: null
      reauth_at: null
      local_vips: [10.3.0.1]
      remote_vips: []
      tasks_queued: []
      tasks_active: []
      tasks_passive: []
      children:
        - name: net
          uniqueid: 2
          reqid: 1
          state: INSTALLED
          mode: tunnel
          protocol: esp
          encap: true
          local_ts: [10.1.0.0/24]
          remote_ts: [10.2.0.0/24]
          mark_in: "0x2a/0xffffffff"
          mark_out: "0x2a/0xffffffff"
          if_id_in: null
          if_id_out: null
          label: null
          cpu: null
          spi_in: "0x4af20210"
          spi_out: "0xdaf7ebc6"
          encr_alg: AES_GCM_16
          encr_keysize: 128
          integ_alg: null
          dh_group: null
          additional_key_exchanges: []
          esn: false
          bytes_in: 252
          packets_in: 3
          idle_in_seconds: 9
          last_in_at: "2026-11-24T02:52:15Z"
          bytes_out: 252
          packets_out: 3
          idle_out_seconds: 9
          last_out_at: "2026-11-24T02:52:15Z"
          age_seconds: 9
          installed_at: "2026-11-24T02:52:15Z"
          rekey_seconds: 3399
          rekey_at: "2026-11-24T03:49:03Z"
          expire_seconds: 3951
          expire_at: "2026-11-24T03:58:15Z"
policies:
  description:
    - The policies that are installed without an SA, those of V(start_action=trap) and of children
      with V(mode=pass) or V(mode=drop).
  returned: if O(gather_subset) has it; null if charon cannot be asked
  type: list
  elements: dict
  contains:
    name:
      description: The names of connection and child.
      type: str
    connection:
      description: The name of the connection.
      type: str
    child:
      description: The name of the child.
      type: str
    kind:
      description: One of V(trap), V(pass), V(drop).
      type: str
    mode:
      description: The mode of the child.
      type: str
    local_ts:
      description: The traffic selectors on this side.
      type: list
      elements: str
    remote_ts:
      description: The traffic selectors on the peer's side.
      type: list
      elements: str
  sample:
    - name: moon-sun/net
      connection: moon-sun
      child: net
      kind: trap
      mode: tunnel
      local_ts: [10.1.0.0/24]
      remote_ts: [10.2.0.0/24]
pools:
  description:
    - The pools of virtual addresses of the files and of the daemon, sorted by name, with V(loaded),
      V(file), V(line), V(owner), V(file_settings) and V(problems) as for a connection.
    - V(base), V(size), V(online), V(offline) and V(leases) are what the daemon tells, null if it
      does not hold the pool. V(leases) is also null where there are more than 2000 of them, as
      charon cannot send more.
  returned: if O(gather_subset) has it
  type: list
  elements: dict
  sample:
    - name: rw
      loaded: true
      file: /etc/swanctl/conf.d/pool-rw.conf
      line: 3
      owner: default
      problems: []
      file_settings:
        addrs: 10.3.0.0/28
        dns: [10.2.0.53]
      base: 10.3.0.0
      size: 14
      online: 1
      offline: 0
      leases:
        - address: 10.3.0.1
          identity: moon.example.org
          online: true
certificates:
  description:
    - The certificates, bare public keys and lists of revoked certificates that the daemon holds.
    - V(type) is V(X509), V(X509_CRL), V(PUBKEY), V(X509_AC) or V(OCSP_RESPONSE). V(flag) is
      V(NONE), V(CA), V(AA) or V(OCSP) for an V(X509).
    - V(key_id) is the same for a certificate and its key in RV(private_keys).
    - V(days_left) are whole days, below 0 once it has ended; for a list of revoked ones until the
      next one is due. What cannot be read is null.
  returned: if O(gather_subset) has it; null if charon cannot be asked
  type: list
  elements: dict
  sample:
    - name: "C=CH, O=Example, Inc, CN=moon.example.org"
      type: X509
      flag: NONE
      subject: "C=CH, O=Example, Inc, CN=moon.example.org"
      issuer: "C=CH, O=Example, Inc, CN=Root CA"
      serial: 8f:3a:11
      alternative_names: [moon.example.org, 10.77.0.1, 'fd01::1', a@example.org]
      self_signed: false
      key_id: 2ad1034dc35eeb4f8282e1929c6a93fb470e2d9e
      has_private_key: true
      not_before: "2026-11-24T02:32:52Z"
      not_after: "2026-12-14T02:32:52Z"
      days_left: 19
authorities:
  description:
    - The certification authorities of the files and of the daemon, sorted by name, with V(loaded),
      V(file), V(line), V(owner), V(file_settings) and V(problems) as for a connection.
    - V(cacert) and the URIs are what the daemon tells.
  returned: if O(gather_subset) has it
  type: list
  elements: dict
  sample:
    - name: root
      loaded: true
      file: /etc/swanctl/conf.d/authority-root.conf
      line: 3
      owner: default
      problems: []
      file_settings:
        cacert: ca.pem
        crl_uris: ['http://crl.example.org/root.crl']
      cacert: "C=CH, O=Example, Inc, CN=Root CA"
      crl_uris: ['http://crl.example.org/root.crl']
      ocsp_uris: []
      cert_uri_base: null
secrets:
  description:
    - The secrets of the files and of the daemon, sorted by the names of their sections, with
      V(loaded), V(file), V(line), V(owner) and V(problems) as for a connection, and never the
      secret itself.
    - V(type) is V(ike), V(eap), V(xauth), V(ntlm) or V(ppk); or, for the passphrase of a file,
      V(private), V(rsa), V(ecdsa), V(bliss), V(pkcs8), V(pkcs12) or V(token), of which the daemon
      does not tell whether it is V(loaded).
    - V(ids) are the identities in the file. charon does not tell them.
  returned: if O(gather_subset) has it
  type: list
  elements: dict
  sample:
    - name: moon-sun
      loaded: true
      file: /etc/swanctl/conf.d/secret-moon-sun.conf
      line: 3
      owner: default
      problems: []
      type: ike
      section: ike-moon-sun
      ids: [moon.example.org, sun.example.org]
private_keys:
  description: The private keys that the daemon holds, by the SHA-1 hashes of their public keys.
  returned: if O(gather_subset) has it; null if charon cannot be asked
  type: list
  elements: dict
  sample:
    - name: 2ad1034dc35eeb4f8282e1929c6a93fb470e2d9e
counters:
  description:
    - How many messages and rekeyings there were, by connection; those of all connections are under
      an empty name. A connection without any is left out.
    - They are null if charon's plugin V(counters) is not loaded.
  returned: if O(gather_subset) has it; null if charon cannot be asked
  type: list
  elements: dict
  sample:
    - name: moon-sun
      ike_rekey_init: 0
      ike_rekey_resp: 0
      child_rekey: 0
      invalid: 0
      invalid_spi: 0
      ike_init_in_req: 0
      ike_init_out_req: 1
      info_in_req: 0
      info_out_req: 0
problems:
  description:
    - What is wrong, with the kind and name of the object that it is about; V(file) and V(line) are
      null if it is in no file.
    - These are the V(problems) of connections, secrets, pools and authorities; a daemon that does
      not run; files that cannot be parsed, or that hold secrets which others may read; certificates
      that end.
  returned: success
  type: list
  elements: dict
  sample:
    - kind: file
      name: /etc/swanctl/conf.d/site.conf
      file: /etc/swanctl/conf.d/site.conf
      line: 3
      problem: >-
        line 3: unexpected '1': expected '=' or '{' after a name: swanctl loads none of its files
        until it is corrected
    - kind: connection
      name: moon-sun
      file: /etc/swanctl/conf.d/connection-moon-sun.conf
      line: 3
      problem: >-
        charon holds another one than the file: rekey_time is 14400 in the daemon, 7200 in the file
    - kind: connection
      name: moon-sun
      file: /etc/swanctl/conf.d/connection-moon-sun.conf
      line: 3
      problem: "child net: start_action is start, no SA of it is installed"
    - kind: certificate
      name: "C=CH, O=Example, Inc, CN=moon.example.org"
      file: null
      line: null
      problem: "it is not valid from 2026-12-14T02:32:52Z on, in 19 days"
"""

from ansible_collections.ipsec.strongswan.plugins.module_utils._resource.strongswan_info import (
    StrongswanInfo,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(StrongswanInfo())


if __name__ == "__main__":
    main()
