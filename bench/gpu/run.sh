#!/usr/bin/env bash
# ./run.sh conformance|bench|train|all
#
#   conformance  every operation's kernels against the CPU in double precision
#   bench        every operation's time, share of the machine's limits, and PyTorch's beside it where python3 has it
#   train        'ldnet quickstart': language models, taggers and pruning in small
#
# Ends within 8 minutes: what does not fit is stopped, and said so. Results, as JSON and logs, are in results/; the table of ratios comes last.
# LDNET_PACK_DEVICE   cuda (default), opencl, managed: to try the pack without an NVIDIA GPU
# LDNET_PACK_SECONDS  another limit than 465
# LDNET_PACK_RESULTS  another folder than results
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
device=${LDNET_PACK_DEVICE:-cuda}
limit=${LDNET_PACK_SECONDS:-465}
results=${LDNET_PACK_RESULTS:-$here/results}
case ${1:-} in
    conformance | bench | train) jobs=("$1") ;;
    all) jobs=(conformance bench train) ;;
    *) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
mkdir -p "$results" || exit 1
export DOTNET_ROOT=$here/dotnet DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Compiled kernels stay beside the pack: a second call starts faster, and nothing else is written to.
export LDNET_KERNEL_CACHE=${LDNET_KERNEL_CACHE:-$results/kernels}
ldnet=("$here/dotnet/dotnet" "$here/ldnet/ldnet.dll")
failures=0
left() { echo $((limit - SECONDS)); }

# step NAME MOST OUTPUT COMMAND...: runs it for at most MOST seconds and never past the limit; standard output to OUTPUT, the rest to NAME.log.
step() {
    local name=$1 most=$2 output=$3 begin=$SECONDS status
    shift 3
    [ "$most" -le "$(left)" ] || most=$(left)
    if [ "$most" -le 5 ]; then echo "CUT: $name was not begun, for the $limit s of this call are used up; run it alone"; failures=1; return 124; fi
    echo "== $name (at most $most s)"
    timeout --kill-after=5 "$most" "$@" >"$output" 2>"$results/$name.log"
    status=$?
    case $status in
        0) echo "   done in $((SECONDS - begin)) s" ;;
        124 | 137) echo "CUT: $name was stopped after $most s; $output holds what was there by then"; failures=1 ;;
        *) echo "FAILED: $name, exit code $status after $((SECONDS - begin)) s; the end of $results/$name.log:"; tail -15 "$results/$name.log" | sed 's/^/   /'; failures=1 ;;
    esac
    return "$status"
}

conformance() {
    local classes
    case $device in managed*) classes='*Managed*' ;; opencl*) classes='*OpenCl*' ;; *) classes='*Cuda*' ;; esac
    step conformance "$1" "$results/conformance.txt" "$here/dotnet/dotnet" "$here/conformance/LdNetGpu.Conformance.dll" \
        --filter-class "$classes" --results-directory "$results" --report-ctrf --report-ctrf-filename conformance.json --no-ansi --no-progress
    grep -E '^failed |^ *(total|failed|succeeded|skipped): ' "$results/conformance.txt" | tail -40
}

# Our products in exact float beside PyTorch's, then both in tf32.
bench() {
    local math peer torch=no
    rm -f "$results"/kernels-*.json "$results"/torch-*.jsonl "$results"/ratios*
    if [ "$device" != cuda ]; then echo "PyTorch is measured beside cuda only"
    elif timeout 60 python3 -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then torch=yes
    else echo "no PyTorch with CUDA for python3 here: no ratios to it"; fi
    for math in float32:off tf32:on; do
        [ "$device" != opencl ] || [ "$math" = float32:off ] || continue
        peer=torch-${math%:*}
        kernels "$1" "${math%:*}"
        [ "$torch" = no ] || step "$peer" "$2" "$results/$peer.jsonl" python3 "$here/torch_ldnet.py" --device cuda --tf32 "${math#*:}" --what gemm,lstm,dense,crf
    done
}

# It begins no row in the last seconds, and so ends by itself and keeps what it has.
kernels() {
    local most=$1
    [ "$most" -le "$(left)" ] || most=$(left)
    step "kernels-$2" "$most" "$results/kernels-$2.json" "${ldnet[@]}" bench kernels --device "$device" --math "$2" --json --limit $((most > 40 ? most - 20 : most / 2))
}

ratios() {
    local math peers
    for math in float32 tf32; do
        [ -s "$results/kernels-$math.json" ] || continue
        peers=()
        [ ! -s "$results/torch-$math.jsonl" ] || peers=(--peer "$results/torch-$math.jsonl")
        "${ldnet[@]}" bench ratios "$results/kernels-$math.json" "${peers[@]}" --json >"$results/ratios-$math.json"
        echo "== $math"
        "${ldnet[@]}" bench ratios "$results/kernels-$math.json" "${peers[@]}"
    done | tee "$results/ratios.txt"
}

train() {
    step train "$1" "$results/quickstart.json" "${ldnet[@]}" quickstart --device "$device" --seed 1 --json && cat "$results/quickstart.json"
}

echo "LdNetGpu $(cat "$here/revision.txt" 2>/dev/null), device $device, at most $limit s"
nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.max.sm --format=csv,noheader 2>/dev/null
"${ldnet[@]}" devices >"$results/devices.txt" 2>&1
"${ldnet[@]}" devices --json >"$results/devices.json" 2>/dev/null

# One operation, forward and backward: says by itself which library is missing and where it was looked for.
if ! step preflight 60 "$results/preflight.txt" "${ldnet[@]}" gradcheck --device "$device" --filter 'linear with ReLU'; then
    if [ "$device" = cuda ] && grep -q NVRTC "$results/preflight.log"; then
        echo "NVRTC compiles the kernels and is not part of this pack. It comes with the CUDA toolkit and with PyTorch (package nvidia-cuda-nvrtc-cu12);"
        echo "elsewhere set LDNET_NVRTC_LIBRARY to the path of libnvrtc.so.12 or .13."
    fi
    exit 1
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
[[ " ${jobs[*]} " != *" bench "* ]] || ratios
exit "$failures"
