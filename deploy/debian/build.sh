#!/usr/bin/env bash
# Builds the Debian package from what `dotnet publish` gives for the system: native code, or self-contained where this machine
# cannot link it. Either way no .NET on the machine that installs it.
#   deploy/debian/build.sh [--output DIR] [--rid linux-x64|linux-arm64] [--published DIR] [--version VERSION] [--compression xz|gzip]
# --published takes a folder that `dotnet publish -r RID` wrote, native or --self-contained; --version and --compression are for tests.
# The program needs the libc of this machine or a newer one: build on the oldest system that it shall run on.
set -euo pipefail
cd "$(dirname "$0")/../.."

output=artifacts/release rid=linux-x64 published='' version='' compression=xz
while [ $# -gt 0 ]; do
    case $1 in
        --output) output=$2 ;;
        --rid) rid=$2 ;;
        --published) published=$2 ;;
        --version) version=$2 ;;
        --compression) compression=$2 ;;
        *) echo "unknown option $1; there are --output, --rid, --published, --version and --compression" >&2; exit 2 ;;
    esac
    shift 2
done
case $rid in
    linux-x64) architecture=amd64 ;;
    linux-arm64) architecture=arm64 ;;
    *) echo "no Debian package for $rid; allowed: linux-x64, linux-arm64" >&2; exit 2 ;;
esac
[ -n "$version" ] || version=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' Directory.Build.props)

# Of everything that is published; libssl, libcrypto and libzstd are loaded by name, and so in no header.
needed_glibc() {
    local version
    version=$(LC_ALL=C grep -rahoE 'GLIBC_2\.[0-9]+' "$root"/usr/lib/tailscale2otel | sort -Vu | tail -1 || true)
    # What .NET 10 itself needs at least.
    [ -n "$version" ] || version=GLIBC_2.27
    echo "${version#GLIBC_}"
}

# The .NET runtime is C++ with the system's library, native code has what it needs of it in itself.
is_native() {
    ! grep -qaF 'libstdc++.so.6' "$root"/usr/lib/tailscale2otel/tailscale2otel
}

umask 022
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
root=$stage/root
if [ -z "$published" ]; then
    published=$stage/published
    publish() { dotnet publish src/Tailscale2Otel -c Release -r "$rid" --self-contained -o "$published" --nologo -v quiet "$@"; }
    publish || { echo "not as native code: see above" >&2; rm -rf "$published"; publish -p:PublishAot=false; }
fi

install -d "$root"/usr/bin "$root"/usr/lib/systemd/system "$root"/usr/share/doc/tailscale2otel "$root"/etc/tailscale2otel "$root"/DEBIAN
install -d -m 0700 "$root"/etc/tailscale2otel/credentials
cp -r "$published" "$root"/usr/lib/tailscale2otel
rm -f "$root"/usr/lib/tailscale2otel/*.{pdb,dbg,xml,staticwebassets.endpoints.json}
find "$root"/usr/lib/tailscale2otel -type f -exec chmod 0644 {} +
chmod 0755 "$root"/usr/lib/tailscale2otel/tailscale2otel
ln -s ../lib/tailscale2otel/tailscale2otel "$root"/usr/bin/tailscale2otel
install -m 0644 deploy/systemd/tailscale2otel.service "$root"/usr/lib/systemd/system/
libraries="libc6 (>= $(needed_glibc))"
if ! is_native; then
    libraries+=", libgcc-s1, libstdc++6"
    install -D -m 0644 deploy/systemd/ready-to-run.conf "$root"/usr/lib/systemd/system/tailscale2otel.service.d/ready-to-run.conf
fi
install -m 0644 deploy/systemd/config.yaml deploy/systemd/environment "$root"/etc/tailscale2otel/
install -m 0644 config.example.yaml "$root"/usr/share/doc/tailscale2otel/
install -m 0644 LICENSE "$root"/usr/share/doc/tailscale2otel/copyright
gzip -9n <CHANGELOG.md >"$root"/usr/share/doc/tailscale2otel/changelog.gz
chmod 0644 "$root"/usr/share/doc/tailscale2otel/changelog.gz

for script in postinst prerm postrm; do
    install -m 0755 "deploy/debian/$script" "$root"/DEBIAN/
done
install -m 0644 deploy/debian/conffiles "$root"/DEBIAN/
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@LIBRARIES@/$libraries/" \
    -e "s/@SIZE@/$(du -sk --exclude=DEBIAN "$root" | cut -f1)/" deploy/debian/control >"$root"/DEBIAN/control
(cd "$root" && find usr -type f -exec md5sum {} + | sort -k 2) >"$root"/DEBIAN/md5sums

mkdir -p "$output"
package=$output/tailscale2otel_${version}_$architecture.deb
dpkg-deb --root-owner-group "-Z$compression" --build "$root" "$package" >/dev/null
echo "$package"
