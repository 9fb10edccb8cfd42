#!/usr/bin/env bash
# ./run.sh conformance|bench|train|all
#
#   conformance  every operation's kernels against the CPU in double precision
#   bench        every operation's time, share of the machine's limits, and PyTorch's beside it where python3 has it
#   train        'ldnet quickstart': language models, taggers and pruning in small
#
# First every kernel is compiled, on all cores. Ends within 8 minutes: what does not fit is stopped, and said so.
# Results are in results/results.json and, to read, results/results.txt; a log beside them for each step that failed.
# LDNET_PACK_DEVICE   cuda (default), opencl, managed: to try the pack without an NVIDIA GPU
# LDNET_PACK_SECONDS  another limit than 465
# LDNET_PACK_PREPARE  most seconds for compiling ahead, another than 120; what is left compiles when first launched
# LDNET_PACK_RESULTS  another folder than results
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
device=${LDNET_PACK_DEVICE:-cuda}
limit=${LDNET_PACK_SECONDS:-465}
prepare=${LDNET_PACK_PREPARE:-120}
results=${LDNET_PACK_RESULTS:-$here/results}
case ${1:-} in
    conformance | bench | train) jobs=("$1") ;;
    all) jobs=(conformance bench train) ;;
    *) sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
# What each step wrote, of this call and of earlier ones, and compiled kernels: a second call starts faster. Nothing else is written to.
parts=$here/kept/parts
# Parts of another device are not this one's results.
[ "$(cat "$parts/device.txt" 2>/dev/null)" = "$device" ] || rm -rf "$parts"
mkdir -p "$results" "$parts" && echo "$device" >"$parts/device.txt" || exit 1
export LDNET_KERNEL_CACHE=${LDNET_KERNEL_CACHE:-$here/kept/kernels}
export DOTNET_ROOT=$here/dotnet DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# On a GPU machine a suite without a GPU has failed, and is not to run on anything else.
export LDNET_TEST_CUDA=${LDNET_TEST_CUDA:-real}
ldnet=("$here/dotnet/dotnet" "$here/ldnet/ldnet.dll")
failures=0
left() { echo $((limit - SECONDS)); }

# step NAME MOST PART COMMAND...: runs it for at most MOST seconds and never past the limit; standard output to PART.
step() {
    local name=$1 most=$2 part=$parts/$3 log=$results/$1.log begin=$SECONDS status
    shift 3
    [ "$most" -le "$(left)" ] || most=$(left)
    if [ "$most" -le 5 ]; then
        echo "CUT: $name was not begun, for the $limit s of this call are used up; run it alone"
        status=124
    else
        echo "== $name (at most $most s)"
        timeout --kill-after=5 "$most" "$@" >"$part" 2>"$log"
        status=$?
    fi
    case $status in
        0) echo "   done in $((SECONDS - begin)) s"; rm -f "$log" ;;
        124 | 137) [ "$most" -le 5 ] || echo "CUT: $name was stopped after $most s"; failures=1 ;;
        *) echo "FAILED: $name, exit code $status after $((SECONDS - begin)) s; the end of $log:"; tail -15 "$log" | sed 's/^/   /'; failures=1 ;;
    esac
    [ ! -e "$parts/steps.txt" ] || sed -i "/^$name /d" "$parts/steps.txt"
    echo "$name $status $((SECONDS - begin)) $most" >>"$parts/steps.txt"
    return "$status"
}

# Tags: those of the suite and of the benchmarks. Ends by itself when its time is up.
compile() {
    [[ $device == cuda* ]] || return 0
    step prepare $((prepare + 30)) prepare.json "${ldnet[@]}" kernels compile --device "$device" --tags 3 4 5 6 9 19 32 --limit "$prepare" --json
}

conformance() {
    local classes
    case $device in managed*) classes='*Managed*' ;; opencl*) classes='*OpenCl*' ;; *) classes='*Cuda*' ;; esac
    rm -f "$parts/conformance.json"
    step conformance "$1" conformance.txt "$here/dotnet/dotnet" "$here/conformance/LdNetGpu.Conformance.dll" \
        --filter-class "$classes" --results-directory "$parts" --report-ctrf --report-ctrf-filename conformance.json --no-ansi --no-progress ||
        cp "$parts/conformance.txt" "$results/conformance.log"
    grep -E '^failed |^ *(total|failed|succeeded|skipped): ' "$parts/conformance.txt" | tail -40
}

# Our products in exact float beside PyTorch's, then both in tf32.
bench() {
    local math peer torch=no
    rm -f "$parts"/kernels-*.json "$parts"/torch-*.jsonl
    if [ "$device" != cuda ]; then echo "PyTorch is measured beside cuda only"
    elif timeout 60 python3 -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then torch=yes
    else echo "no PyTorch with CUDA for python3 here: no ratios to it"; fi
    for math in float32:off tf32:on; do
        [ "$device" != opencl ] || [ "$math" = float32:off ] || continue
        peer=torch-${math%:*}
        kernels "$1" "${math%:*}"
        [ "$torch" = no ] || step "$peer" "$2" "$peer.jsonl" python3 "$here/torch_ldnet.py" --device cuda --tf32 "${math#*:}" --what gemm,lstm,dense,crf
    done
}

# It begins no row in the last seconds, and so ends by itself and keeps what it has.
kernels() {
    local most=$1
    [ "$most" -le "$(left)" ] || most=$(left)
    step "kernels-$2" "$most" "kernels-$2.json" "${ldnet[@]}" bench kernels --device "$device" --math "$2" --cold --json --limit $((most > 40 ? most - 20 : most / 2))
}

train() { step train "$1" quickstart.json "${ldnet[@]}" quickstart --device "$device" --seed 1 --json; }

echo "LdNetGpu $(cat "$here/revision.txt" 2>/dev/null), device $device, at most $limit s"
cp "$here/revision.txt" "$parts/" 2>/dev/null
nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.max.sm --format=csv,noheader >"$parts/gpu.txt" 2>/dev/null && cat "$parts/gpu.txt"
"${ldnet[@]}" devices --json >"$parts/devices.json"

# One operation, forward and backward: says by itself which library is missing and where it was looked for.
if ! step preflight 60 preflight.txt "${ldnet[@]}" gradcheck --device "$device" --filter 'linear with ReLU'; then
    if [[ $device == cuda* ]] && grep -q NVRTC "$results/preflight.log"; then
        echo "NVRTC compiles the kernels and is not part of this pack. It comes with the CUDA toolkit and with PyTorch:"
        echo "package nvidia-cuda-nvrtc for CUDA 13, nvidia-cuda-nvrtc-cu12 for CUDA 12."
        echo "Elsewhere set LDNET_NVRTC_LIBRARY to the path of libnvrtc.so.13 or .12."
    fi
    jobs=()
elif ! compile; then
    echo "what was not compiled ahead is compiled when it is first launched"
fi

for job in "${jobs[@]}"; do
    # Alone a job has all the time; together each has its share, and what it leaves the next one may use.
    case $job:${#jobs[@]} in
        conformance:1 | train:1) "$job" "$(left)" ;;
        conformance:*) conformance 130 ;;
        bench:1) bench 110 100 ;;
        bench:*) bench 70 45 ;;
        train:*) train "$(left)" ;;
    esac
done
"${ldnet[@]}" bench collect "$parts" --out "$results" || failures=1
echo "results: $results/results.json and results.txt"
exit "$failures"
