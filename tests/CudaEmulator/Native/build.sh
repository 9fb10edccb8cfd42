#!/usr/bin/env bash
# Builds the emulator's libraries into a folder: build.sh OUT. Needs clang-19. What is newer than its sources stays as it is.
set -euo pipefail
[ $# = 1 ] || { echo "usage: build.sh OUT" >&2; exit 2; }
compiler=${EMU_CLANGXX:-clang++-19}
command -v "$compiler" > /dev/null || { echo "$compiler is not there: apt-get install clang-19" >&2; exit 1; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")"
objects=$out/objects
mkdir -p "$objects"

# A text as one C++ string literal; embed NAME FILE...
embed() {
    local name=$objects/$1; shift
    { printf 'R"~('; cat "$@"; printf ')~"\n'; } > "$name.new"
    if cmp -s "$name.new" "$name"; then rm "$name.new"; else mv "$name.new" "$name"; fi
}
embed machine.inc machine.h
embed cuda_prelude.inc compiler/cuda_prelude.h
embed clang_prelude.inc ../../../src/Devices/Cuda/clang_prelude.h
mapfile -t preludes < <(sed 's|^|ptx/prelude/|' ptx/prelude/files.txt)
embed ptx_prelude.inc machine.h "${preludes[@]}"

# The source's object, where it or a file that it includes is newer; names of files have no blanks.
compile() {
    local source=$1 object=$objects/${1//\//.}.o newer=""
    if [ -f "$object.d" ]; then
        newer=$(sed 's/^[^:]*://; s/\\$//' "$object.d" | tr ' ' '\n' | sed '/^$/d' |
            while read -r file; do if [ ! -e "$file" ] || [ "$file" -nt "$object" ]; then echo "$file"; fi; done)
        [ -n "$newer" ] || return 0
    fi
    "$compiler" -std=c++17 -O2 -g -fPIC -fvisibility=hidden -fno-strict-aliasing -U_FORTIFY_SOURCE -Wall -Wextra -Werror \
        -I "$objects" -MMD -MF "$object.d.new" -c "$source" -o "$object"
    mv "$object.d.new" "$object.d"
}

# library NAME SOURCE...: links it where an object is newer.
library() {
    local file=$out/$1; shift
    local parts=() stale=""
    for source in "$@"; do parts+=("$objects/${source//\//.}.o"); done
    for part in "${parts[@]}"; do if [ "$part" -nt "$file" ]; then stale=1; fi; done
    [ -n "$stale" ] || return 0
    "$compiler" -shared -Wl,-z,defs -Wl,-soname,"$(basename "$file")" -o "$file.new" "${parts[@]}" -ldl -lpthread
    mv "$file.new" "$file"
}

mapfile -t driver < <(find . -maxdepth 1 -name '*.cpp' ! -name cublas_api.cpp ! -name nvml_api.cpp ! -name nccl_api.cpp | sed 's|^\./||' | sort)
mapfile -t translator < <(find ptx -name '*.cpp' | sort)
nvrtc=(compiler/{nvrtc_api,nvrtc_options,program_text,inline_ptx}.cpp)
export compiler objects
export -f compile
printf '%s\n' "${driver[@]}" "${translator[@]}" "${nvrtc[@]}" compiler/host_compiler.cpp \
    cublas_api.cpp nvml_api.cpp nccl_api.cpp |
    xargs -n 1 -P "$(nproc)" bash -euo pipefail -c 'compile "$1"' compile
library libcuda.so.1 "${driver[@]}" "${translator[@]}" compiler/host_compiler.cpp
library libnvrtc.so.13 "${nvrtc[@]}" compiler/host_compiler.cpp settings.cpp
library libcublas.so.13 cublas_api.cpp
library libnvidia-ml.so.1 nvml_api.cpp settings.cpp
library libnccl.so.2 nccl_api.cpp settings.cpp
# The name by which programs that know no version ask for the driver.
ln -sfn libcuda.so.1 "$out/libcuda.so"
