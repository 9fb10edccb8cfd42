// PTX ISA, "Comparison and Selection Instructions" and "Half Precision Comparison Instructions".
#include "tables.h"

namespace emu::ptx
{
#define COMPARED_BITS "b16 b32 b64"
#define FLUSHED_REALS "f16 f32"
#define OTHER_REALS "bf16 f64"
#define SET_TYPES "u32 s32 f32"
#define SELECTED "b16 b32 b64 u16 u32 u64 s16 s32 s64 f32 f64"

const std::vector<Form> comparisonForms = {
    {"setp.cmp.T", "pred|pred <- T T", "setPredicates(compare<$cmp>($1,$2),$q)", PTX_INTEGERS},
    {"setp.cmp.bool.T", "pred|pred <- T T pred", "setPredicates<$bool>(compare<$cmp>($1,$2),$3,$q)", PTX_INTEGERS},
    {"setp.ucmp.T", "pred|pred <- T T", "setPredicates(compare<$ucmp>($1,$2),$q)", "u16 u32 u64"},
    {"setp.ucmp.bool.T", "pred|pred <- T T pred", "setPredicates<$bool>(compare<$ucmp>($1,$2),$3,$q)", "u16 u32 u64"},
    {"setp.equal.T", "pred|pred <- T T", "setPredicates(compare<$equal>($1,$2),$q)", COMPARED_BITS},
    {"setp.equal.bool.T", "pred|pred <- T T pred", "setPredicates<$bool>(compare<$equal>($1,$2),$3,$q)", COMPARED_BITS},
    {"setp.fcmp{.ftz}.T", "pred|pred <- T T", "setPredicates(compare<$fcmp>($1,$2),$q)", FLUSHED_REALS},
    {"setp.fcmp.bool{.ftz}.T", "pred|pred <- T T pred", "setPredicates<$bool>(compare<$fcmp>($1,$2),$3,$q)",
        FLUSHED_REALS},
    {"setp.fcmp.T", "pred|pred <- T T", "setPredicates(compare<$fcmp>($1,$2),$q)", OTHER_REALS},
    {"setp.fcmp.bool.T", "pred|pred <- T T pred", "setPredicates<$bool>(compare<$fcmp>($1,$2),$3,$q)", OTHER_REALS},

    {"set.cmp.T.S", "T <- S S", "setValue<$T>(compare<$cmp>($1,$2))", SET_TYPES, PTX_INTEGERS},
    {"set.ucmp.T.S", "T <- S S", "setValue<$T>(compare<$ucmp>($1,$2))", SET_TYPES, "u16 u32 u64"},
    {"set.equal.T.S", "T <- S S", "setValue<$T>(compare<$equal>($1,$2))", SET_TYPES, COMPARED_BITS},
    {"set.fcmp{.ftz}.T.S", "T <- S S", "setValue<$T>(compare<$fcmp>($1,$2))", SET_TYPES, FLUSHED_REALS},
    {"set.fcmp.T.S", "T <- S S", "setValue<$T>(compare<$fcmp>($1,$2))", SET_TYPES, OTHER_REALS},
    {"set.cmp.bool.T.S", "T <- S S pred", "setValue<$T>(combine<$bool>(compare<$cmp>($1,$2),$3))", SET_TYPES,
        PTX_INTEGERS},
    {"set.fcmp.bool{.ftz}.T.S", "T <- S S pred", "setValue<$T>(combine<$bool>(compare<$fcmp>($1,$2),$3))", SET_TYPES,
        FLUSHED_REALS},
    {"set.fcmp.bool.T.S", "T <- S S pred", "setValue<$T>(combine<$bool>(compare<$fcmp>($1,$2),$3))", SET_TYPES,
        OTHER_REALS},

    {"selp.T", "T <- T T pred", "($3?$1:$2)", SELECTED},
    {"slct.T.s32", "T <- T T s32", "selectBySign($1,$2,$3)", SELECTED},
    {"slct{.ftz}.T.f32", "T <- T T f32", "selectBySign($1,$2,$3)", SELECTED},
};
}
