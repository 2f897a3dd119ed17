#!/bin/bash
# Records what ufw, firewall-cmd and nft print, each over a filter of known rules, into fixtures/recorded/firewall. As root.
set -euo pipefail
cd "$(dirname "$0")/../../.."
to=$PWD/fixtures/recorded/firewall
mkdir -p "$to"
within() { unshare --mount --net --pid --fork --mount-proc bash test/real/firewall/inside.sh "$@"; }
nobody=(setpriv --reuid 65534 --clear-groups)
for kind in none ufw firewalld nft; do within $kind nft -j list ruleset >"$to/nft-$kind.json"; done
within none ufw status verbose >"$to/ufw-off.txt"
within ufw ufw status verbose >"$to/ufw-on.txt"
within firewalld firewall-cmd --list-all-zones >"$to/firewalld-on.txt"
{
  "${nobody[@]}" ufw status verbose || true
  "${nobody[@]}" nft -j list ruleset || true
  within firewalld "${nobody[@]}" firewall-cmd --list-all-zones 2>&1 >/dev/null | grep -A1 Authorization || true
  firewall-cmd --list-all-zones || true
} >"$to/refusals.txt" 2>&1
