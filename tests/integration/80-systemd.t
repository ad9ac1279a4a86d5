#!/bin/bash
# The units: well-formed, locked up tightly, and each with no more secrets than its own.
. "$(dirname "$0")/../tap.sh"
cd "$root/systemd" || exit 1
command -v systemd-analyze >/dev/null || skip_all "systemd-analyze is not installed (package systemd)"
services=(*.service)
plan $((${#services[@]} * 3 + 7))

# As installed, but with a program and an account that are there.
mkdir "$work/units"
for unit in *.service *.target; do
    sed "s|/usr/local/bin/rundbrief|$RUNDBRIEF|; s/^\(User\|Group\)=.*/\1=root/" "$unit" > "$work/units/$unit"
done
for service in "${services[@]}"; do
    ok "$service scores 1.5 or better in systemd-analyze security" \
        systemd-analyze security --offline=yes --threshold=15 --no-pager "$PWD/$service"
    is "$service is well-formed" "$(systemd-analyze verify --man=no "$work/units/$service" 2>&1)" ""
    ok "$service runs a command there is" sh -c "
        set -- \$(sed -n 's|^ExecStart=/usr/local/bin/rundbrief ||p' '$service')
        '$RUNDBRIEF' \$1 --help"
done
is "rundbrief.target is well-formed" "$(systemd-analyze verify --man=no "$work/units/rundbrief.target" 2>&1)" ""

credentials() { sed -n 's/^LoadCredential=\([^:]*\):.*/\1/p' "$1" | sort; }
is "send and inbox share no secret" "$(comm -12 <(credentials rundbrief-send.service) <(credentials rundbrief-inbox.service))" ""
is "each of them has its own" "$(credentials rundbrief-send.service | wc -l) $(credentials rundbrief-inbox.service | wc -l)" "1 1"
is "the migration has none" "$(credentials rundbrief-migrate.service)" ""
is "no unit sees the folder of the others' secrets" "$(grep -L '^InaccessiblePaths=-/etc/rundbrief/credentials$' ./*.service)" ""
is "the roles listen to nobody" "$(grep -L '^SocketBindDeny=any$' rundbrief-send.service rundbrief-inbox.service)" ""

# sysusers and tmpfiles, written into an empty root.
creates() {
    mkdir -p "$work/root/etc"
    systemd-sysusers --root="$work/root" "$PWD/rundbrief.sysusers" && grep -q ^rundbrief: "$work/root/etc/passwd" &&
        systemd-tmpfiles --root="$work/root" --create "$PWD/rundbrief.tmpfiles" &&
        [ "$(stat -c %a "$work/root/etc/rundbrief/credentials")" = 700 ] && [ -d "$work/root/var/lib/rundbrief/media" ]
}
if [ "$(id -u)" = 0 ] && command -v systemd-sysusers >/dev/null && command -v systemd-tmpfiles >/dev/null; then
    ok "user and folders are created" creates
else
    pass "user and folders are created # SKIP needs root, systemd-sysusers and systemd-tmpfiles"
fi
