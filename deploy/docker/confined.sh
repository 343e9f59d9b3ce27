#!/bin/sh
# Runs a program as the image would, without a container engine: user 1654, no capabilities, a read-only root file system with
# one writable directory. Needs root. The process stays the same, so that signals reach the program.
#   deploy/docker/confined.sh WRITABLE_DIRECTORY PROGRAM [ARGUMENT...]
set -eu

if [ "${CONFINED:-}" != mounts ]; then
    [ "$(id -u)" = 0 ] || { echo "confined.sh: run it as root" >&2; exit 2; }
    CONFINED=mounts exec unshare --mount --propagation private -- "$0" "$@"
fi

unset CONFINED
writable=$1
shift
chown -R 1654:1654 "$writable"
mount --bind "$writable" "$writable"
mount -o remount,bind,ro /
if (: >/usr/confined-test) 2>/dev/null; then
    echo "confined.sh: the root file system is still writable" >&2
    exit 2
fi

cd "$writable"
exec setpriv --reuid 1654 --regid 1654 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
