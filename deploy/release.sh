#!/usr/bin/env bash
# Publishes a release: for each system one file without the .NET runtime beside it in an archive, a bill of materials, Debian packages
# where dpkg-deb is, and SHA256SUMS over all of it. The version is VersionPrefix of Directory.Build.props.
#   deploy/release.sh [--output DIR] [--rids "linux-x64 ..."] [--unreleased] [--tools]
# Native code where this machine can link it: for itself with clang or gcc, for linux-arm64 also with aarch64-linux-gnu-gcc. The others
# are a self-contained single file with the runtime in it, compiled ahead of time (ReadyToRun). It says which form each has.
# --unreleased goes on when CHANGELOG.md has no section for the version; --tools installs both linkers with apt-get before.
set -uo pipefail
cd "$(dirname "$0")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
output=artifacts/release rids="linux-x64 linux-arm64 osx-arm64 win-x64" unreleased='' tools=''
while [ $# -gt 0 ]; do
    case $1 in
        --output) output=$2; shift ;;
        --rids) rids=$2; shift ;;
        --unreleased) unreleased=yes ;;
        --tools) tools=yes ;;
        *) echo "unknown option $1; there are --output DIR, --rids \"RID ...\", --unreleased and --tools" >&2; exit 2 ;;
    esac
    shift
done

version=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' Directory.Build.props)
[ -n "$version" ] || { echo "Directory.Build.props has no VersionPrefix" >&2; exit 1; }
if ! grep -qF "## [$version]" CHANGELOG.md; then
    if [ -z "$unreleased" ]; then
        echo "CHANGELOG.md has no section \"## [$version]\": write it, or say --unreleased" >&2
        exit 1
    fi
    echo "CHANGELOG.md has no section for $version: going on, as told"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$output"
mkdir -p "$output"
output=$(cd "$output" && pwd)
failed=() summary=()

if [ -n "$tools" ]; then
    packages=(gcc libc6-dev)
    [ "$(uname -m)" = aarch64 ] || packages+=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross)
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    if ! { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}"; } >"$work/apt" 2>&1; then
        tail -3 "$work/apt"
        echo "not installed: ${packages[*]}"
    fi
fi

# can_link RID: whether something here links native code for it; link_options is what `dotnet publish` is told for that.
can_link() {
    link_options=()
    case $1-$(uname -sm) in
        "linux-x64-Linux x86_64" | "linux-arm64-Linux aarch64")
            command -v clang >/dev/null || command -v gcc >/dev/null
            ;;
        "linux-arm64-Linux x86_64")
            command -v aarch64-linux-gnu-gcc >/dev/null || return
            # .NET names the target in clang's way, which gcc does not know: this one has no other.
            cat >"$work/linker" <<'X'
#!/usr/bin/env bash
for argument; do
    shift
    [[ $argument == --target=* ]] || set -- "$@" "$argument"
done
exec aarch64-linux-gnu-gcc "$@"
X
            chmod +x "$work/linker"
            link_options=("-p:CppCompilerAndLinker=$work/linker" -p:ObjCopyName=aarch64-linux-gnu-objcopy)
            ;;
        *) return 1 ;;
    esac
}

# publish RID OPTION...: into a folder of its own; the end of a log says why not.
publish() {
    rm -rf "${work:?}/$1"
    dotnet publish src/Tailscale2Otel -c Release -r "$1" -o "$work/$1" --nologo -v quiet "${@:2}" >"$work/$1.log" 2>&1 && return
    # Which package is missing is in the first errors; the whole is long.
    grep -E "error|warn" "$work/$1.log" | sort -u | head -5 | cut -c1-300
    return 1
}

publish_native() {
    can_link "$1" || return
    publish "$1" -p:PublishAot=true "${link_options[@]}" || { echo "   not as native code: see above"; return 1; }
    # The libc that it was linked with here decides which it needs there.
    form="native code, for glibc $(LC_ALL=C grep -aohE 'GLIBC_2\.[0-9]+' "$work/$1/tailscale2otel" | sort -Vu | tail -1 | cut -c 7-) or newer"
}

# Not composite, which a single file is otherwise: compiled together with the framework it starts with a quarter less processor
# time, but takes 16 MB more of memory, 30 MB more of disk and minutes to compile for each system.
publish_ready_to_run() {
    publish "$1" -p:PublishAot=false --self-contained \
        -p:PublishSingleFile=true -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=false || return
    form="ReadyToRun, with the .NET runtime in it"
}

# pack RID: the archive, with what belongs beside the program.
pack() {
    local name=tailscale2otel-$version-$1 program=tailscale2otel
    [ "${1%%-*}" = win ] && program=tailscale2otel.exe
    mkdir "$work/$name" || return
    cp "$work/$1/$program" README.md SECURITY.md CHANGELOG.md CONTRIBUTING.md LICENSE config.example.yaml "$work/$name/" || return
    # What the pages lead to. Secrets that somebody made beside the compose file stay here.
    cp -r docs deploy "$work/$name/" && find "$work/$name/deploy/docker/secrets" -type f ! -name '.*' -delete || return
    archive "$name" "$name" || return
    [ -f "$work/$1/$program.dbg" ] || return 0
    # Twice the program's size, and only for who looks into a process or a dump; but no other build has them. Unpacked they are beside it.
    install -m 0644 "$work/$1/$program.dbg" "$work/$name/" && archive "$name-symbols" "$name/$program.dbg"
}

# archive NAME FILE: of what is in the work folder.
archive() {
    tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner -czf "$output/$1.tar.gz" "$2"
}

# What was restored for it and is in it, the runtime included.
bill_of_materials() {
    dotnet run deploy/sbom.cs -- "$version" "$1" artifacts/obj/Tailscale2Otel/project.assets.json "$output/tailscale2otel-$version-$1.cdx.json"
}

debian_package() {
    case $1 in linux-x64 | linux-arm64) ;; *) return 0 ;; esac
    command -v dpkg-deb >/dev/null || { echo "   no dpkg-deb here: no Debian package"; return 0; }
    deploy/debian/build.sh --rid "$1" --published "$work/$1" --output "$output" >/dev/null
}

for rid in $rids; do
    echo "== $rid"
    start=$SECONDS form=''
    if ! publish_native "$rid" && ! publish_ready_to_run "$rid"; then
        failed+=("$rid: not published")
    elif ! { pack "$rid" && bill_of_materials "$rid" && debian_package "$rid"; }; then
        failed+=("$rid: not packed")
    else
        echo "   $form; $((SECONDS - start)) s"
        summary+=("$rid: $form")
    fi
done

(cd "$output" && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs -r sha256sum >SHA256SUMS)
echo "== $output"
(cd "$output" && ls -l | awk 'NR > 1 { print "   " $5 "\t" $9 }')
[ ${#summary[@]} -eq 0 ] || printf '   %s\n' "${summary[@]}"
if [ ${#failed[@]} -gt 0 ]; then
    printf 'failed: %s\n' "${failed[@]}"
    exit 1
fi
echo "tailscale2otel $version: $(wc -w <<<"$rids") systems"
