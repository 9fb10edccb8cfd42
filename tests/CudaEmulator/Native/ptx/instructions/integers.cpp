// PTX ISA, "Integer Arithmetic Instructions" and "Extended-Precision Integer Arithmetic Instructions".
#include "tables.h"

namespace emu::ptx
{
const std::vector<Form> integerForms = {
    {"add.T", "T <- T T", "add($1,$2)", PTX_INTEGERS},
    {"sub.T", "T <- T T", "sub($1,$2)", PTX_INTEGERS},
    {"add.sat.s32", "s32 <- s32 s32", "clampTo<s32>((s128)$1+$2)"},
    {"sub.sat.s32", "s32 <- s32 s32", "clampTo<s32>((s128)$1-$2)"},
    {"mul.lo.T", "T <- T T", "mulLo($1,$2)", PTX_INTEGERS},
    {"mul.hi.T", "T <- T T", "mulHi($1,$2)", PTX_INTEGERS},
    {"mul.wide.T", "2T <- T T", "mulWide<$W>($1,$2)", "u16 u32 s16 s32"},
    {"mad.lo.T", "T <- T T T", "add(mulLo($1,$2),$3)", PTX_INTEGERS},
    {"mad.hi.T", "T <- T T T", "add(mulHi($1,$2),$3)", PTX_INTEGERS},
    {"mad.hi.sat.s32", "s32 <- s32 s32 s32", "clampTo<s32>((s128)mulHi($1,$2)+$3)"},
    {"mad.wide.T", "2T <- T T 2T", "add(mulWide<$W>($1,$2),$3)", "u16 u32 s16 s32"},
    {"mul24.lo.T", "T <- T T", "mul24Lo($1,$2)", "u32 s32"},
    {"mul24.hi.T", "T <- T T", "mul24Hi($1,$2)", "u32 s32"},
    {"mad24.lo.T", "T <- T T T", "add(mul24Lo($1,$2),$3)", "u32 s32"},
    {"mad24.hi.T", "T <- T T T", "add(mul24Hi($1,$2),$3)", "u32 s32"},
    {"mad24.hi.sat.s32", "s32 <- s32 s32 s32", "clampTo<s32>((s128)mul24Hi($1,$2)+$3)"},
    {"sad.T", "T <- T T T", "sumOfDifferences($1,$2,$3)", PTX_INTEGERS},
    {"div.T", "T <- T T", "divide($1,$2)", PTX_INTEGERS},
    {"rem.T", "T <- T T", "remainder($1,$2)", PTX_INTEGERS},
    {"abs.T", "T <- T", "absolute($1)", "s16 s32 s64"},
    {"neg.T", "T <- T", "sub(($T)0,$1)", "s16 s32 s64"},
    {"min.T", "T <- T T", "least($1,$2)", PTX_INTEGERS},
    {"max.T", "T <- T T", "most($1,$2)", PTX_INTEGERS},
    {"dp4a.u32.u32", "u32 <- b32 b32 u32", "(dot4<u8,u8>($1,$2,$3))"},
    {"dp4a.u32.s32", "s32 <- b32 b32 s32", "(dot4<u8,s8>($1,$2,$3))"},
    {"dp4a.s32.u32", "s32 <- b32 b32 s32", "(dot4<s8,u8>($1,$2,$3))"},
    {"dp4a.s32.s32", "s32 <- b32 b32 s32", "(dot4<s8,s8>($1,$2,$3))"},
    {"dp2a.lo.u32.u32", "u32 <- b32 b32 u32", "(dot2<u16,u8,0>($1,$2,$3))"},
    {"dp2a.lo.u32.s32", "s32 <- b32 b32 s32", "(dot2<u16,s8,0>($1,$2,$3))"},
    {"dp2a.lo.s32.u32", "s32 <- b32 b32 s32", "(dot2<s16,u8,0>($1,$2,$3))"},
    {"dp2a.lo.s32.s32", "s32 <- b32 b32 s32", "(dot2<s16,s8,0>($1,$2,$3))"},
    {"dp2a.hi.u32.u32", "u32 <- b32 b32 u32", "(dot2<u16,u8,2>($1,$2,$3))"},
    {"dp2a.hi.u32.s32", "s32 <- b32 b32 s32", "(dot2<u16,s8,2>($1,$2,$3))"},
    {"dp2a.hi.s32.u32", "s32 <- b32 b32 s32", "(dot2<s16,u8,2>($1,$2,$3))"},
    {"dp2a.hi.s32.s32", "s32 <- b32 b32 s32", "(dot2<s16,s8,2>($1,$2,$3))"},
};

// $carry is the lane's CC.CF.
const std::vector<Form> carryForms = {
    {"add.cc.T", "T <- T T", "addCarry($1,$2,false,$carry)", PTX_WORDS},
    {"addc.T", "T <- T T", "add(add($1,$2),($T)$carry)", PTX_WORDS},
    {"addc.cc.T", "T <- T T", "addCarry($1,$2,$carry,$carry)", PTX_WORDS},
    {"sub.cc.T", "T <- T T", "subBorrow($1,$2,false,$carry)", PTX_WORDS},
    {"subc.T", "T <- T T", "sub(sub($1,$2),($T)$carry)", PTX_WORDS},
    {"subc.cc.T", "T <- T T", "subBorrow($1,$2,$carry,$carry)", PTX_WORDS},
    {"mad.lo.cc.T", "T <- T T T", "addCarry(mulLo($1,$2),$3,false,$carry)", PTX_WORDS},
    {"mad.hi.cc.T", "T <- T T T", "addCarry(mulHi($1,$2),$3,false,$carry)", PTX_WORDS},
    {"madc.lo.T", "T <- T T T", "add(add(mulLo($1,$2),$3),($T)$carry)", PTX_WORDS},
    {"madc.hi.T", "T <- T T T", "add(add(mulHi($1,$2),$3),($T)$carry)", PTX_WORDS},
    {"madc.lo.cc.T", "T <- T T T", "addCarry(mulLo($1,$2),$3,$carry,$carry)", PTX_WORDS},
    {"madc.hi.cc.T", "T <- T T T", "addCarry(mulHi($1,$2),$3,$carry,$carry)", PTX_WORDS},
};
}
