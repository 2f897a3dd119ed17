#!/bin/bash
# Inside namespaces of its own (unshare --mount --net --pid --fork --mount-proc): fills the packet filter as the first argument says, then runs the rest.
# Nothing of it reaches the host: its network, /run and the folders of ufw and firewalld are copies.
set -euo pipefail
kind=$1
shift
mount -t tmpfs none /run
for name in ufw firewalld; do
  [ -d "/etc/$name" ] || continue
  cp -a "/etc/$name" "/run/etc-$name"
  mount --bind "/run/etc-$name" "/etc/$name"
done
ip link set lo up
{
  case $kind in
    none) ;;
    shut) ufw --force enable ;;
    ufw)
      ufw --force enable
      ufw allow 4317/tcp
      ufw allow from 10.0.0.0/8 to any port 4318 proto tcp
      ufw deny 9464
      ufw allow in on lo
      ufw allow 5000:5100/tcp comment 'a range'
      ;;
    firewalld)
      mkdir -p /run/dbus
      dbus-daemon --system --fork
      firewalld --nofork --nopid &
      until firewall-cmd --state 2>/dev/null | grep -q '^running'; do :; done
      firewall-cmd --zone=public --change-interface=eth0
      firewall-cmd --add-port=4317/tcp
      firewall-cmd --add-rich-rule='rule family=ipv4 source address=10.0.0.0/8 port port=4318 protocol=tcp accept'
      ;;
    nft)
      nft -f - <<'RULES'
table inet guard {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    iifname "lo" accept
    meta l4proto icmp accept
    tcp dport { 22, 4317-4320 } counter accept
    ip saddr 10.0.0.0/8 tcp dport 5000 accept
    tcp dport 5001 limit rate 10/second accept
    jump more
  }
  chain more {
    tcp dport 9000 accept
    udp dport 9001 accept
  }
}
RULES
      ;;
  esac
} >&2
"$@"
