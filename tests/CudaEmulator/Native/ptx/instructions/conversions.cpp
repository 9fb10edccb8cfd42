// PTX ISA, "Data Movement and Conversion Instructions": mov and cvt.
#include "tables.h"

namespace emu::ptx
{
const std::vector<Form> moveForms = {
    {"mov.T", "T <- T", "$1", "pred b16 b32 b64 u16 u32 u64 s16 s32 s64 f16 f32 f64"},
    {"mov.b16", "b16 <- b8*2", "join<b16>($1)"},
    {"mov.b32", "b32 <- b8*4", "join<b32>($1)"},
    {"mov.b32", "b32 <- b16*2", "join<b32>($1)"},
    {"mov.b64", "b64 <- b16*4", "join<b64>($1)"},
    {"mov.b64", "b64 <- b32*2", "join<b64>($1)"},
    {"mov.b16", "b8*2 <- b16", "(split<b8,2>($1))"},
    {"mov.b32", "b8*4 <- b32", "(split<b8,4>($1))"},
    {"mov.b32", "b16*2 <- b32", "(split<b16,2>($1))"},
    {"mov.b64", "b16*4 <- b64", "(split<b16,4>($1))"},
    {"mov.b64", "b32*2 <- b64", "(split<b32,2>($1))"},
};

#define CONVERTED_INTEGERS "u8 u16 u32 u64 s8 s16 s32 s64"

const std::vector<Form> conversionForms = {
    {"cvt.T.S", "T+ <- S+", "($T)$1", CONVERTED_INTEGERS, CONVERTED_INTEGERS},
    {"cvt.sat.T.S", "T+ <- S+", "clampTo<$T>($1)", CONVERTED_INTEGERS, CONVERTED_INTEGERS},

    // .sat is what a conversion to an integer always does
    {"cvt.irnd{.ftz}{.sat}.T.S", "T+ <- S", "toInteger<$T,$irnd>($1)", CONVERTED_INTEGERS, "f16 f32 f64"},
    {"cvt.rnd{.sat}.T.S", "T <- S+", "fromInteger<$T,$rnd>($1)", "f16 f32 f64", CONVERTED_INTEGERS},

    // to a whole number of the same type
    {"cvt.irnd{.sat}.f16.f16", "f16 <- f16", "toWhole<$irnd>($1)"},
    {"cvt.irnd{.ftz}{.sat}.f32.f32", "f32 <- f32", "toWhole<$irnd>($1)"},
    {"cvt.irnd{.sat}.f64.f64", "f64 <- f64", "toWhole<$irnd>($1)"},
    {"cvt{.sat}.f16.f16", "f16 <- f16", "$1"},
    {"cvt{.ftz}{.sat}.f32.f32", "f32 <- f32", "$1"},
    {"cvt{.sat}.f64.f64", "f64 <- f64", "$1"},

    // narrower: a rounding is due
    {"cvt.rnd{.ftz}{.sat}.f32.f64", "f32 <- f64", "narrowed<f32,$rnd>($1)"},
    {"cvt.rnd{.sat}.f16.f64", "f16 <- f64", "narrowed<f16,$rnd>($1)"},
    {"cvt.rnd{.ftz}{.sat}.f16.f32", "f16 <- f32", "narrowed<f16,$rnd>($1)"},
    {"cvt.rn.bf16.f32", "bf16 <- f32", "narrowed<bf16,Rn>($1)"},
    {"cvt.rz.bf16.f32", "bf16 <- f32", "narrowed<bf16,Rz>($1)"},
    {"cvt.rn.f16x2.f32", "b32 <- f32 f32", "bits<b32>(narrowedBoth<f16,Rn>($1,$2))"},
    {"cvt.rz.f16x2.f32", "b32 <- f32 f32", "bits<b32>(narrowedBoth<f16,Rz>($1,$2))"},
    {"cvt.rn.bf16x2.f32", "b32 <- f32 f32", "bits<b32>(narrowedBoth<bf16,Rn>($1,$2))"},
    {"cvt.rz.bf16x2.f32", "b32 <- f32 f32", "bits<b32>(narrowedBoth<bf16,Rz>($1,$2))"},
    {"cvt.rna.tf32.f32", "b32 <- f32", "toTf32<Rna>($1)"},
    {"cvt.rn.tf32.f32", "b32 <- f32", "toTf32<Rn>($1)"},
    {"cvt.rz.tf32.f32", "b32 <- f32", "toTf32<Rz>($1)"},

    // wider: none is allowed
    {"cvt{.ftz}{.sat}.f32.f16", "f32 <- f16", "widened<f32>($1)"},
    {"cvt{.sat}.f64.f16", "f64 <- f16", "widened<f64>($1)"},
    {"cvt{.ftz}{.sat}.f64.f32", "f64 <- f32", "widened<f64>($1)"},
    {"cvt.f32.bf16", "f32 <- bf16", "toFloat($1)"},
};
}
