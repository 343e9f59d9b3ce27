#!/usr/bin/env bash
# The Debian package in a fresh Debian: installed, started, fed, upgraded with a backlog in the spool, purged. Needs root,
# debootstrap, curl and python3; takes some minutes, most of them for the chroot and the publish.
#   deploy/debian/test.sh [--published DIR] [--chroot DIR]
# --published as for build.sh; --chroot is made by debootstrap when it is not there, and is then left for the next run.
# systemd does not run in a chroot: the program is started as the unit would, by what the unit file says.
set -euo pipefail
cd "$(dirname "$0")/../.."

published='' chroot='' keep=''
while [ $# -gt 0 ]; do
    case $1 in
        --published) published=$2 ;;
        --chroot) chroot=$2; keep=yes ;;
        *) echo "unknown option $1; there are --published and --chroot" >&2; exit 2 ;;
    esac
    shift 2
done

unit=deploy/systemd/tailscale2otel.service
user=64999 token=0123456789abcdef0123456789abcdef hec=18088 admin=19091 otlp=14318
work=$(mktemp -d)
daemon='' sink=''
[ -n "$chroot" ] || chroot=$work/chroot

clean() {
    [ -z "$daemon" ] || kill -KILL "$daemon" 2>/dev/null || true
    [ -z "$sink" ] || kill "$sink" 2>/dev/null || true
    umount "$chroot/proc" "$chroot/dev/null" "$chroot/dev/urandom" 2>/dev/null || true
    if [ -n "$keep" ]; then rm -rf "$chroot/var/lib/private" "$chroot/run/credentials" "$chroot/packages"; fi
    rm -rf "$work"
}
trap clean EXIT
fail() { echo "FAILED: $*"; [ ! -s "$work/log" ] || tail -5 "$work/log"; exit 1; }
say() { echo "-- $*"; }
inside() { chroot "$chroot" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }

# wait_for SECONDS WHAT COMMAND...
wait_for() {
    local limit=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $limit ] || fail "$what"
        sleep 0.2
    done
}

make_chroot() {
    local target
    # The mirror that this machine itself uses.
    read -r -a target < <(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' | head -1)
    debootstrap --variant=minbase "${target[1]}" "$chroot" "${target[0]}" >"$work/debootstrap" 2>&1 || { tail -5 "$work/debootstrap"; fail "debootstrap"; }
    inside apt-get install -y -qq --no-install-recommends ca-certificates libssl3 libzstd1 init-system-helpers >"$work/apt" 2>&1 || { tail -5 "$work/apt"; fail "the package's dependencies"; }
}

# As MemoryDenyWriteExecute= does it, where the kernel can (6.3): no memory that was writable becomes executable.
read -r -d '' deny_write_execute <<'X' || true
import ctypes, os, sys
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) != 0:
    os.write(2, b"MemoryDenyWriteExecute= is not tried: this kernel has none\n")
os.execvp(sys.argv[1], sys.argv[1:])
X

# What the unit gives the process: its variables and its command, its user, its directories, its credentials.
start() {
    local state=$chroot/var/lib/private/tailscale2otel credentials=$chroot/run/credentials/tailscale2otel.service variables command name deny=()
    install -d -m 0700 "$chroot/var/lib/private"
    install -d -m 0700 -o $user -g $user "$state"
    ln -sfn private/tailscale2otel "$chroot/var/lib/tailscale2otel"
    install -d -m 0500 -o $user -g $user "$credentials"
    for name in "$chroot"/etc/tailscale2otel/credentials/*; do
        [ ! -f "$name" ] || install -m 0400 -o $user -g $user "$name" "$credentials/secret_$(basename "$name")"
    done
    # Systemd mounts it open for the service's user alone; in a chroot the folder is opened.
    chmod 0711 "$chroot/var/lib/private"
    mapfile -t variables < <(sed -n 's/^Environment=//p' "$unit" | sed 's:%S:/var/lib:'; grep -v '^ *#' "$chroot/etc/tailscale2otel/environment" | grep . || true)
    read -r -a command < <(sed -n 's/^ExecStart=//p' "$unit")
    if ! grep -qsx 'MemoryDenyWriteExecute=no' "$chroot"/usr/lib/systemd/system/tailscale2otel.service.d/*.conf && grep -qx 'MemoryDenyWriteExecute=yes' "$unit"; then
        deny=(python3 -c "$deny_write_execute")
    fi
    "${deny[@]}" chroot --userspec=$user:$user "$chroot" /usr/bin/env -i "${variables[@]}" "${command[@]}" >>"$work/log" 2>&1 &
    daemon=$!
    wait_for 60 "the daemon is not ready" curl -fsS "http://127.0.0.1:$admin/readyz"
}

stop() {
    kill -TERM "$daemon"
    wait "$daemon" || fail "the daemon ended with $?"
    daemon=''
}

start_sink() { python3 deploy/debian/sink.py $otlp "$work/uids" & sink=$!; }
stop_sink() { kill "$sink"; wait "$sink" 2>/dev/null || true; sink=''; }

# post FROM TO: audit records with these numbers, each in a request that must be acknowledged.
post() {
    local n answer
    for n in $(seq "$1" "$2"); do
        answer=$(curl -sS -H "Authorization: Splunk $token" "http://127.0.0.1:$hec/services/collector/event" -d '{"event":{"eventTime":"2026-07-27T12:00:00.'"$n"'Z","eventGroupID":"group-'"$n"'","origin":"ADMIN_CONSOLE","actor":{"id":"u1","type":"USER"},"target":{"id":"n'"$n"'","type":"NODE"},"action":"CREATE"}}')
        [[ $answer == *'"code":0'* ]] || fail "record $n was answered with $answer"
    done
}

delivered() { [ "$(sort -u "$work/uids" 2>/dev/null | wc -l)" -eq "$1" ]; }

[ "$(id -u)" = 0 ] || fail "needs root"
for tool in debootstrap curl python3 dpkg-deb; do command -v "$tool" >/dev/null || fail "$tool is not installed"; done

say "publish and build two versions"
if [ -z "$published" ]; then
    published=$work/published
    dotnet publish src/Tailscale2Otel -c Release -r linux-x64 --self-contained -o "$published" --nologo -v quiet
fi
first=$(deploy/debian/build.sh --published "$published" --output "$work" --compression gzip --version 1.0.0~test1)
second=$(deploy/debian/build.sh --published "$published" --output "$work" --compression gzip --version 1.0.0~test2)
ls -l "$first" | awk '{ print "   " $5 " bytes" }'
dpkg-deb --field "$first" Installed-Size Depends | sed 's/^/   /'

[ -d "$chroot/etc" ] || { say "debootstrap"; make_chroot; }
for place in null urandom; do
    [ -c "$chroot/dev/$place" ] || { rm -f "$chroot/dev/$place"; : >"$chroot/dev/$place"; mount --bind "/dev/$place" "$chroot/dev/$place"; }
done
mountpoint -q "$chroot/proc" || mount -t proc proc "$chroot/proc"
install -d "$chroot/packages"
cp "$first" "$second" "$chroot/packages/"

# Of a run before that failed.
inside dpkg -P tailscale2otel >/dev/null 2>&1 || true

say "install"
inside dpkg -i "/packages/$(basename "$first")" >"$work/dpkg" 2>&1 || { cat "$work/dpkg"; fail "dpkg -i"; }
[ -L "$chroot/etc/systemd/system/multi-user.target.wants/tailscale2otel.service" ] || fail "the unit is not enabled"
[ "$(stat -c %a "$chroot/etc/tailscale2otel/credentials")" = 700 ] || fail "the folder of secrets is readable by others"
inside /usr/bin/tailscale2otel version
inside /usr/bin/tailscale2otel validate --config /etc/tailscale2otel/config.yaml >/dev/null || fail "the configuration as shipped is not valid"

say "configure as config.yaml says, start, feed"
printf '%s\n' "$token" >"$chroot/etc/tailscale2otel/credentials/streaming-token"
sed -i -e '/^streaming:/,/^$/ { s/enabled: false/enabled: true/; s/# token_file/token_file/ }' "$chroot/etc/tailscale2otel/config.yaml"
cat >>"$chroot/etc/tailscale2otel/environment" <<X
TS2OTEL_STREAMING__LISTEN=127.0.0.1:$hec
TS2OTEL_ADMIN__LISTEN=127.0.0.1:$admin
TS2OTEL_OTLP__ENDPOINT=http://127.0.0.1:$otlp
TS2OTEL_OTLP__RETRY__INITIAL_INTERVAL=100ms
TS2OTEL_OTLP__RETRY__MAX_INTERVAL=1s
X
start_sink
start
post 100 119
wait_for 30 "20 records did not arrive" delivered 20
[ "$(stat -c %a "$chroot/var/lib/private/tailscale2otel/spool")" = 700 ] || fail "the spool is readable by others"

say "upgrade with a backlog"
stop_sink
post 200 229
stop
inside dpkg -i "/packages/$(basename "$second")" >"$work/dpkg" 2>&1 || { cat "$work/dpkg"; fail "dpkg -i of the next version"; }
grep -q 'enabled: true' "$chroot/etc/tailscale2otel/config.yaml" || fail "the upgrade replaced a configuration that was edited"
start_sink
start
wait_for 60 "the backlog did not arrive" delivered 50
stop
[ "$(wc -l <"$work/uids")" -eq 50 ] || fail "$(wc -l <"$work/uids") records arrived instead of 50"

say "remove keeps the spool, purge does not"
inside dpkg -r tailscale2otel >"$work/dpkg" 2>&1 || { cat "$work/dpkg"; fail "dpkg -r"; }
[ -d "$chroot/var/lib/private/tailscale2otel/spool" ] && [ -e "$chroot/etc/tailscale2otel/config.yaml" ] || fail "remove took state or configuration"
inside dpkg -P tailscale2otel >"$work/dpkg" 2>&1 || { cat "$work/dpkg"; fail "dpkg -P"; }
for gone in /etc/tailscale2otel /var/lib/private/tailscale2otel /var/lib/tailscale2otel /usr/lib/tailscale2otel /usr/bin/tailscale2otel \
    /usr/lib/systemd/system/tailscale2otel.service /usr/lib/systemd/system/tailscale2otel.service.d /etc/systemd/system/multi-user.target.wants/tailscale2otel.service; do
    if [ -e "$chroot$gone" ] || [ -L "$chroot$gone" ]; then fail "$gone is still there"; fi
done
echo "passed: 50 of 50 records arrived, each once"
