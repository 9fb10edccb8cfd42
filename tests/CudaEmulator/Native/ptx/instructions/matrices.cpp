// PTX ISA, "Warp Level Matrix Multiply-Accumulate Instructions".
#include "tables.h"

namespace emu::ptx
{
#define LDMATRIX "ldmatrix.sync.aligned.m8n8"

const std::vector<Form> matrixForms = {
    {"mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", "f32*4 <- b32*4 b32*2 f32*4",
        "multiply<EmuMmaTf32>($1,$2,$3,$line)"},
    {"mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", "f32*4 <- b32*4 b32*2 f32*4",
        "multiply<EmuMmaBf16>($1,$2,$3,$line)"},

    {LDMATRIX ".x1.toshared.b16", "b32*1 <- shared[]", "(loadMatrices<1,false>($1,$line))"},
    {LDMATRIX ".x2.toshared.b16", "b32*2 <- shared[]", "(loadMatrices<2,false>($1,$line))"},
    {LDMATRIX ".x4.toshared.b16", "b32*4 <- shared[]", "(loadMatrices<4,false>($1,$line))"},
    {LDMATRIX ".x1.trans.toshared.b16", "b32*1 <- shared[]", "(loadMatrices<1,true>($1,$line))"},
    {LDMATRIX ".x2.trans.toshared.b16", "b32*2 <- shared[]", "(loadMatrices<2,true>($1,$line))"},
    {LDMATRIX ".x4.trans.toshared.b16", "b32*4 <- shared[]", "(loadMatrices<4,true>($1,$line))"},
    {LDMATRIX ".x1.b16", "b32*1 <- []", "(loadMatrices<1,false>(genericToShared($1),$line))"},
    {LDMATRIX ".x2.b16", "b32*2 <- []", "(loadMatrices<2,false>(genericToShared($1),$line))"},
    {LDMATRIX ".x4.b16", "b32*4 <- []", "(loadMatrices<4,false>(genericToShared($1),$line))"},
    {LDMATRIX ".x1.trans.b16", "b32*1 <- []", "(loadMatrices<1,true>(genericToShared($1),$line))"},
    {LDMATRIX ".x2.trans.b16", "b32*2 <- []", "(loadMatrices<2,true>(genericToShared($1),$line))"},
    {LDMATRIX ".x4.trans.b16", "b32*4 <- []", "(loadMatrices<4,true>(genericToShared($1),$line))"},
};
}
