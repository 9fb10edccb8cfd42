// The texts that stand before kernels, which build.sh embeds.
#pragma once

namespace emu
{
inline const char machineText[] =
#include "machine.inc"
    ;
inline const char cudaPrelude[] =
#include "cuda_prelude.inc"
    ;
inline const char clangPrelude[] =
#include "clang_prelude.inc"
    ;
}
