#!/usr/bin/env bash
# Makes a folder, and an archive of it of at most 60 MB, that runs on a Linux x86-64 machine with an NVIDIA driver and neither .NET nor network:
#
#     bench/gpu/pack.sh [--no-build] [FOLDER]        FOLDER: ldnet-gpu by default; FOLDER.tar.gz beside it
#
# The .NET runtime in it is the one that builds. NVRTC cannot be passed on: the machine has it with the CUDA toolkit or beside PyTorch.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
largest=60000000
build=yes
if [ "${1:-}" = --no-build ]; then build=no; shift; fi
folder=${1:-ldnet-gpu}
[ "$(uname -sm)" = "Linux x86_64" ] || { echo "pack.sh packs the runtime it runs on, and needs Linux x86_64 for that, not $(uname -sm)"; exit 1; }
[ ! -e "$folder" ] || { echo "$folder is there already: remove it or name another folder"; exit 1; }
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

# Built as always, and then published without what a pack does not need: without its host a test project does not build,
# nor without documentation do the analysers.
for project in src/Cli:ldnet tests/Conformance:conformance; do
    [ "$build" = no ] || dotnet build "$root/${project%%:*}" -c Release -v q -nologo
    dotnet publish "$root/${project%%:*}" -c Release -v q -nologo --no-build --no-self-contained \
        -p:UseAppHost=false -p:GenerateDocumentationFile=false -o "$folder/${project##*:}"
done
find "$folder" \( -name '*.xml' -o -name '*.pdb' \) -delete

# The host, its resolver and the runtime that 'dotnet' itself would take.
read -r version shared <<<"$(dotnet --list-runtimes | sed -n 's/^Microsoft\.NETCore\.App \(10\.[^ ]*\) \[\(.*\)\]$/\1 \2/p' | sort -V | tail -1)"
dotnet=$(cd "$shared/../.." && pwd)
mkdir -p "$folder/dotnet/host/fxr" "$folder/dotnet/shared/Microsoft.NETCore.App"
cp "$dotnet/dotnet" "$folder/dotnet/"
cp -r "$dotnet/host/fxr/$version" "$folder/dotnet/host/fxr/"
cp -r "$shared/$version" "$folder/dotnet/shared/Microsoft.NETCore.App/"
for notice in LICENSE.txt ThirdPartyNotices.txt; do [ ! -e "$dotnet/$notice" ] || cp "$dotnet/$notice" "$folder/dotnet/"; done

cp "$root/bench/gpu/run.sh" "$root/bench/peers/torch_ldnet.py" "$folder/"
git -C "$root" rev-parse HEAD >"$folder/revision.txt" 2>/dev/null || true
archive=$folder.tar.gz
tar -C "$(dirname "$folder")" -c "$(basename "$folder")" | gzip >"$archive"
size=$(stat -c %s "$archive")
echo "$archive: $((size / 1000000)) MB, $(du -sm "$folder" | cut -f1) MiB unpacked, .NET $version"
[ "$size" -le "$largest" ] || { echo "$archive is larger than $((largest / 1000000)) MB"; exit 1; }
