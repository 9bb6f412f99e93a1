# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a connection of ipsec.conf, once for both levels."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of M(ipsec.strongswan.strongswan_ipsec_conf)."""

    DOCUMENTATION = r"""
options:
  directory:
    description:
      - The directory for our files. charon must be allowed to read it; AppArmor lets it read
        what is below C(/etc/ipsec.d).
    type: path
    default: /etc/ipsec.d/ipsec.strongswan
  config_file:
    description:
      - The C(ipsec.conf) of the host. A line that includes our files is added to it once, and kept.
    type: path
    default: /etc/ipsec.conf
  secrets_file:
    description:
      - The C(ipsec.secrets) of the host. A line that includes our files is added to it once, and
        kept.
    type: path
    default: /etc/ipsec.secrets
  command:
    description:
      - The name of strongSwan's command C(ipsec), or its path.
    type: str
    default: ipsec
  timeout:
    description:
      - How long to wait until starter has loaded what changed, in seconds.
    type: int
    default: 30
  name: &name
    description:
      - The name of the connection, 1 to 64 letters, digits, C(_) or C(-).
      - Its files are C(NAME.conf) and C(NAME.secrets).
    type: str
  connections:
    description:
      - The connections, if there are several; excludes O(name).
      - What an entry leaves out comes from the option of the same name at the top level.
    type: list
    elements: dict
    suboptions:
      name: {<<: *name, required: true}
      also: &also
        description:
          - Other sections C(conn) to inherit settings from, in our files or others. What this
            one sets itself counts more.
        type: list
        elements: str
      auto: &auto
        description:
          - What to do with the connection when ipsec.conf is read. V(ignore), the default of
            ipsec.conf, does not even load it; V(add) loads it only, V(route) also installs a
            trap that brings it up with the first packet, and V(start) brings it up at once.
        type: str
        choices: [ignore, add, route, start]
      keyexchange: &keyexchange
        description:
          - The version of IKE; V(ike) takes both and initiates version 2.
        type: str
        choices: [ike, ikev1, ikev2]
      type: &type
        description:
          - The IPsec mode, or what to do with packets without IPsec.
        type: str
        choices: [tunnel, transport, transport_proxy, beet, passthrough, drop]
      authby: &authby
        description:
          - How both ends authenticate themselves; O(leftauth) and O(rightauth) say it for each.
        type: str
        choices: [psk, secret, pubkey, rsasig, ecdsasig, xauthpsk, xauthrsasig, never]
      ike: &ike
        description:
          - Proposals for IKE, separated by commas, like V(aes256-sha256-modp2048!). With C(!)
            at the end there are no others.
        type: str
      esp: &esp
        description:
          - Proposals for ESP, as in O(ike).
        type: str
      mark: &mark
        description:
          - The mark of inbound and outbound policies and SAs, like V(42), V(0x2a) or
            V(42/0xff), or V(%unique); the key of the VTI. From 1 to 4294967293; V(0) would be
            no mark and is refused.
        type: str
      mark_in: &mark_in
        description:
          - The mark of inbound policies and SAs, as in O(mark).
        type: str
      mark_out: &mark_out
        description:
          - The mark of outbound policies and SAs, as in O(mark).
        type: str
      reqid: &reqid
        description:
          - The reqid of policies and SAs, instead of one that charon chooses.
        type: int
      ikelifetime: &ikelifetime
        description:
          - How long the IKE SA lives before it is rekeyed or reauthenticated, like V(3h).
        type: str
      lifetime: &lifetime
        description:
          - How long a CHILD SA lives, like V(1h).
        type: str
      margintime: &margintime
        description:
          - How long before the end of a lifetime to begin with rekeying, like V(9m).
        type: str
      rekeyfuzz: &rekeyfuzz
        description:
          - By how much at random O(margintime) is made longer, as a percentage like V(100%).
        type: str
      rekey: &rekey
        description:
          - Whether to rekey when a lifetime ends.
        type: bool
      reauth: &reauth
        description:
          - Whether rekeying of the IKE SA authenticates anew.
        type: bool
      keyingtries: &keyingtries
        description:
          - How often to try before giving up, or V(%forever).
        type: str
      dpdaction: &dpdaction
        description:
          - What to do when the peer is found dead.
        type: str
        choices: [none, clear, hold, restart]
      dpddelay: &dpddelay
        description:
          - The time without traffic after which to check whether the peer is alive, like
            V(30s).
        type: str
      dpdtimeout: &dpdtimeout
        description:
          - The time without answer after which a peer is dead; version 1 of IKE only.
        type: str
      closeaction: &closeaction
        description:
          - What to do when the peer closes the SA, as in O(dpdaction).
        type: str
        choices: [none, clear, hold, restart]
      inactivity: &inactivity
        description:
          - The time without traffic after which to close the SA.
        type: str
      mobike: &mobike
        description:
          - Whether to let the SA move to other addresses (MOBIKE, version 2 of IKE only).
        type: bool
      forceencaps: &forceencaps
        description:
          - Whether to put ESP into UDP in any case.
        type: bool
      fragmentation: &fragmentation
        description:
          - Whether to fragment large IKE messages.
        type: str
        choices: ['yes', accept, force, 'no']
      installpolicy: &installpolicy
        description:
          - Whether to install policies.
        type: bool
      eap_identity: &eap_identity
        description:
          - The identity for EAP, or V(%identity) to ask the client for it.
        type: str
      aaa_identity: &aaa_identity
        description:
          - The identity that the EAP server must prove.
        type: str
      xauth_identity: &xauth_identity
        description:
          - The identity for XAuth.
        type: str
      left: &left
        description:
          - The address of this host, V(%any), or V(%defaultroute), which means the same.
        type: str
      leftid: &leftid
        description:
          - The IKE identity of this host.
        type: str
      leftsubnet: &leftsubnet
        description:
          - Networks on this side, like V(10.1.0.0/16), V(0.0.0.0/0) or V(::/0).
        type: list
        elements: str
      leftsourceip: &leftsourceip
        description:
          - Virtual addresses to ask the peer for, V(%config4), V(%config6), V(%config), or
            addresses. At O(rightsourceip) those to give to the peer.
        type: list
        elements: str
      leftdns: &leftdns
        description:
          - Name servers to ask the peer for; at O(rightdns) those to give to it.
        type: list
        elements: str
      leftauth: &leftauth
        description:
          - How this host authenticates itself, like V(psk), V(pubkey) or V(eap-mschapv2).
        type: str
      leftauth2: &leftauth2
        description:
          - How this host authenticates itself in a second round, like V(xauth).
        type: str
      leftcert: &leftcert
        description:
          - The certificate of this host, a file in C(/etc/ipsec.d/certs) or an absolute path.
        type: str
      leftca: &leftca
        description:
          - The name of the authority that the certificate must come from, or V(%same).
        type: str
      leftsendcert: &leftsendcert
        description:
          - When to send the certificate.
        type: str
        choices: [always, ifasked, never, 'yes', 'no']
      leftupdown: &leftupdown
        description:
          - The command to run when the SA goes up or down, with its arguments.
        type: str
      leftfirewall: &leftfirewall
        description:
          - Whether to let strongSwan's own script add firewall rules; excludes O(leftupdown).
        type: bool
      lefthostaccess: &lefthostaccess
        description:
          - Whether an updown script lets traffic to and from the host itself pass.
        type: bool
      leftprotoport: &leftprotoport
        description:
          - The protocol and port of the traffic, like V(tcp/http), V(17/1701) or V(%any).
        type: str
      leftikeport: &leftikeport
        description:
          - The UDP port for IKE.
        type: int
      leftallowany: &leftallowany
        description:
          - Whether the peer may have another address than the one that O(left) says.
        type: bool
      right: &right
        description:
          - The address of the peer, a host name, V(%any), or a network or range of addresses.
        type: str
      rightid: &rightid
        description:
          - The same as O(leftid), for the peer.
        type: str
      rightsubnet: &rightsubnet
        description:
          - The same as O(leftsubnet), for the peer.
        type: list
        elements: str
      rightsourceip: &rightsourceip
        description:
          - The same as O(leftsourceip), for the peer.
        type: list
        elements: str
      rightdns: &rightdns
        description:
          - The same as O(leftdns), for the peer.
        type: list
        elements: str
      rightauth: &rightauth
        description:
          - The same as O(leftauth), for the peer.
        type: str
      rightauth2: &rightauth2
        description:
          - The same as O(leftauth2), for the peer.
        type: str
      rightcert: &rightcert
        description:
          - The same as O(leftcert), for the peer.
        type: str
      rightca: &rightca
        description:
          - The same as O(leftca), for the peer.
        type: str
      rightsendcert: &rightsendcert
        description:
          - The same as O(leftsendcert), for the peer.
        type: str
        choices: [always, ifasked, never, 'yes', 'no']
      rightupdown: &rightupdown
        description:
          - The same as O(leftupdown), for the peer.
        type: str
      rightfirewall: &rightfirewall
        description:
          - The same as O(leftfirewall), for the peer.
        type: bool
      righthostaccess: &righthostaccess
        description:
          - The same as O(lefthostaccess), for the peer.
        type: bool
      rightprotoport: &rightprotoport
        description:
          - The same as O(leftprotoport), for the peer.
        type: str
      rightikeport: &rightikeport
        description:
          - The same as O(leftikeport), for the peer.
        type: int
      rightallowany: &rightallowany
        description:
          - The same as O(leftallowany), for the peer.
        type: bool
      settings: &settings
        description:
          - Further keywords of a section C(conn) and their values, for all that has no option here.
            A keyword that strongSwan's starter does not know is an error.
        type: dict
      secrets: &secrets
        description:
          - The secrets of the connection. An entry with secrets and nothing else is no connection,
            but for secrets that several connections use.
        type: list
        elements: dict
        suboptions:
          type:
            description:
              - What it is for. V(PSK) is a preshared key; V(EAP), V(XAUTH) and V(NTLM) are
                passwords of users; V(RSA), V(ECDSA), V(PKCS8) and V(P12) are files of private keys.
              - Left out it is V(PSK).
            type: str
            choices: [PSK, EAP, XAUTH, NTLM, RSA, ECDSA, PKCS8, P12]
          ids:
            description:
              - The IKE identities that use it, for a PSK normally those of both ends. Without any
                it is for all identities.
            type: list
            elements: str
          secret:
            description:
              - The secret. It may be given as hexadecimal digits after C(0x), or in Base64 after
                C(0s). With a file of a private key, it is its passphrase, if it has one.
              - It is written to a file that root alone may read, and appears nowhere else. A
                preshared key under 20 characters gives a warning.
            type: str
          file:
            description:
              - The file of a private key, in C(/etc/ipsec.d/private) or an absolute path. It must
                be there before.
            type: str
      state: &state
        description:
          - Whether the connection exists, in its files and in the running charon.
        type: str
        choices: [present, absent]
  also: *also
  auto: *auto
  keyexchange: *keyexchange
  type: *type
  authby: *authby
  ike: *ike
  esp: *esp
  mark: *mark
  mark_in: *mark_in
  mark_out: *mark_out
  reqid: *reqid
  ikelifetime: *ikelifetime
  lifetime: *lifetime
  margintime: *margintime
  rekeyfuzz: *rekeyfuzz
  rekey: *rekey
  reauth: *reauth
  keyingtries: *keyingtries
  dpdaction: *dpdaction
  dpddelay: *dpddelay
  dpdtimeout: *dpdtimeout
  closeaction: *closeaction
  inactivity: *inactivity
  mobike: *mobike
  forceencaps: *forceencaps
  fragmentation: *fragmentation
  installpolicy: *installpolicy
  eap_identity: *eap_identity
  aaa_identity: *aaa_identity
  xauth_identity: *xauth_identity
  left: *left
  leftid: *leftid
  leftsubnet: *leftsubnet
  leftsourceip: *leftsourceip
  leftdns: *leftdns
  leftauth: *leftauth
  leftauth2: *leftauth2
  leftcert: *leftcert
  leftca: *leftca
  leftsendcert: *leftsendcert
  leftupdown: *leftupdown
  leftfirewall: *leftfirewall
  lefthostaccess: *lefthostaccess
  leftprotoport: *leftprotoport
  leftikeport: *leftikeport
  leftallowany: *leftallowany
  right: *right
  rightid: *rightid
  rightsubnet: *rightsubnet
  rightsourceip: *rightsourceip
  rightdns: *rightdns
  rightauth: *rightauth
  rightauth2: *rightauth2
  rightcert: *rightcert
  rightca: *rightca
  rightsendcert: *rightsendcert
  rightupdown: *rightupdown
  rightfirewall: *rightfirewall
  righthostaccess: *righthostaccess
  rightprotoport: *rightprotoport
  rightikeport: *rightikeport
  rightallowany: *rightallowany
  settings: *settings
  secrets: *secrets
  state: {<<: *state, default: present}
"""
