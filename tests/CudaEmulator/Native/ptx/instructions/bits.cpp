// PTX ISA, "Logic and Shift Instructions", and those of the integer ones that are about bits.
#include "tables.h"

namespace emu::ptx
{
const std::vector<Form> bitForms = {
    {"and.T", "T <- T T", "($1&$2)", "pred b16 b32 b64"},
    {"or.T", "T <- T T", "($1|$2)", "pred b16 b32 b64"},
    {"xor.T", "T <- T T", "($1^$2)", "pred b16 b32 b64"},
    {"not.T", "T <- T", "~$1", "b16 b32 b64"},
    {"not.pred", "pred <- pred", "!$1"},
    {"cnot.T", "T <- T", "($1==0)", "b16 b32 b64"},
    {"lop3.b32", "b32 <- b32 b32 b32 #", "lop3($1,$2,$3,$4)"},
    {"shl.T", "T <- T u32", "shl($1,$2)", "b16 b32 b64"},
    {"shr.T", "T <- T u32", "shr($1,$2)", "b16 b32 b64 u16 u32 u64 s16 s32 s64"},
    {"shf.l.edge.b32", "b32 <- b32 b32 u32", "funnelLeft<$edge>($1,$2,$3)"},
    {"shf.r.edge.b32", "b32 <- b32 b32 u32", "funnelRight<$edge>($1,$2,$3)"},
    {"popc.T", "u32 <- T", "ones($1)", "b32 b64"},
    {"clz.T", "u32 <- T", "leadingZeros($1)", "b32 b64"},
    {"bfind.T", "u32 <- T", "highestBit($1)", PTX_WORDS},
    {"bfind.shiftamt.T", "u32 <- T", "highestBitShift($1)", PTX_WORDS},
    {"brev.T", "T <- T", "reversed($1)", "b32 b64"},
    {"bfe.T", "T <- T u32 u32", "bitField($1,$2,$3)", PTX_WORDS},
    {"bfi.T", "T <- T T u32 u32", "insertBits($1,$2,$3,$4)", "b32 b64"},
    {"bmsk.edge.b32", "b32 <- u32 u32", "bitMask<$edge>($1,$2)"},
    {"prmt.b32", "b32 <- b32 b32 b32", "permute($1,$2,$3)"},
    {"prmt.b32.bytes", "b32 <- b32 b32 b32", "permuteBy<$bytes>($1,$2,$3)"},
};
}
