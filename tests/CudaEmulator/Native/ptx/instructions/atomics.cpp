// PTX ISA, "Parallel Synchronization and Communication Instructions": atom and red. All are in one order here, whatever
// their .sem.
#include "tables.h"

namespace emu::ptx
{
#define HEAD "{.sem}{.scope}{.atomspace}"

const std::vector<Form> atomicForms = {
    {"atom" HEAD ".add.T", "T <- [T]a T", "atomicAdd<$T>($1,$2)", "u32 s32 u64 f32 f64"},
    {"atom" HEAD ".add.noftz.T", "T <- [T]a T", "atomicAdd<$T>($1,$2)", "f16 f16x2 bf16 bf16x2"},
    {"atom" HEAD ".min.T", "T <- [T]a T", "atomicMin<$T>($1,$2)", PTX_WORDS},
    {"atom" HEAD ".max.T", "T <- [T]a T", "atomicMax<$T>($1,$2)", PTX_WORDS},
    {"atom" HEAD ".inc.u32", "u32 <- [u32]a u32", "atomicIncrement<u32>($1,$2)"},
    {"atom" HEAD ".dec.u32", "u32 <- [u32]a u32", "atomicDecrement<u32>($1,$2)"},
    {"atom" HEAD ".and.T", "T <- [T]a T", "atomicAnd<$T>($1,$2)", "b32 b64"},
    {"atom" HEAD ".or.T", "T <- [T]a T", "atomicOr<$T>($1,$2)", "b32 b64"},
    {"atom" HEAD ".xor.T", "T <- [T]a T", "atomicXor<$T>($1,$2)", "b32 b64"},
    {"atom" HEAD ".exch.T", "T <- [T]a T", "atomicExchange<$T>($1,$2)", "b32 b64"},
    {"atom" HEAD ".cas.T", "T <- [T]a T T", "atomicCompareAndSwap<$T>($1,$2,$3)", "b16 b32 b64"},

    {"red" HEAD ".add.T", "<- [T]a T", "atomicAdd<$T>($1,$2)", "u32 s32 u64 f32 f64"},
    {"red" HEAD ".add.noftz.T", "<- [T]a T", "atomicAdd<$T>($1,$2)", "f16 f16x2 bf16 bf16x2"},
    {"red" HEAD ".min.T", "<- [T]a T", "atomicMin<$T>($1,$2)", PTX_WORDS},
    {"red" HEAD ".max.T", "<- [T]a T", "atomicMax<$T>($1,$2)", PTX_WORDS},
    {"red" HEAD ".inc.u32", "<- [u32]a u32", "atomicIncrement<u32>($1,$2)"},
    {"red" HEAD ".dec.u32", "<- [u32]a u32", "atomicDecrement<u32>($1,$2)"},
    {"red" HEAD ".and.T", "<- [T]a T", "atomicAnd<$T>($1,$2)", "b32 b64"},
    {"red" HEAD ".or.T", "<- [T]a T", "atomicOr<$T>($1,$2)", "b32 b64"},
    {"red" HEAD ".xor.T", "<- [T]a T", "atomicXor<$T>($1,$2)", "b32 b64"},
};
}
