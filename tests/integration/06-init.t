#!/bin/bash
# init and keys, run by root, leave files that the service's account can use.
. "$(dirname "$0")/../tap.sh"
[ "$(id -u)" = 0 ] || skip_all "needs root: it is about what root gives away"
plan 6
chmod 755 "$work"
mkdir "$work/etc" "$work/state"
chgrp daemon "$work/etc"
chown daemon:daemon "$work/state"
"$root/tests/write-config" --sink 1 "$work" |
    sed "s|$work/keys|$work/etc/keys|; s|$work/rundbrief.db|$work/state/rundbrief.db|; s|$work/media|$work/state/media|" > "$work/rundbrief.conf"
owner() { stat -c '%U:%G %a' "$1"; }
ok "init" rundbrief init
is "the keys are root's, and the group may read them" "$(owner "$work/etc/keys")" "root:daemon 640"
is "the database belongs to the service" "$(owner "$work/state/rundbrief.db")" "daemon:daemon 640"
is "as does the media folder" "$(owner "$work/state/media")" "daemon:daemon 750"
ok "keys rotate" rundbrief keys rotate
is "the group may read the new keys too" "$(owner "$work/etc/keys")" "root:daemon 640"
