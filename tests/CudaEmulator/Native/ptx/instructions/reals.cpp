// PTX ISA, "Floating-Point Instructions" and "Half Precision Floating-Point Instructions".
#include "tables.h"

namespace emu::ptx
{
const std::vector<Form> realForms = {
    {"testp.test.T", "pred <- T", "test<$test>($1)", PTX_REALS},
    {"copysign.T", "T <- T T", "copySign($1,$2)", PTX_REALS},
    {"add{.rnd}{.ftz}{.sat}.f32", "f32 <- f32 f32", "addReal<$rnd>($1,$2)"},
    {"add{.rnd}.f64", "f64 <- f64 f64", "addReal<$rnd>($1,$2)"},
    {"sub{.rnd}{.ftz}{.sat}.f32", "f32 <- f32 f32", "subReal<$rnd>($1,$2)"},
    {"sub{.rnd}.f64", "f64 <- f64 f64", "subReal<$rnd>($1,$2)"},
    {"mul{.rnd}{.ftz}{.sat}.f32", "f32 <- f32 f32", "mulReal<$rnd>($1,$2)"},
    {"mul{.rnd}.f64", "f64 <- f64 f64", "mulReal<$rnd>($1,$2)"},
    {"fma.rnd{.ftz}{.sat}.f32", "f32 <- f32 f32 f32", "fmaReal<$rnd>($1,$2,$3)"},
    {"fma.rnd.f64", "f64 <- f64 f64 f64", "fmaReal<$rnd>($1,$2,$3)"},
    {"mad.rnd{.ftz}{.sat}.f32", "f32 <- f32 f32 f32", "fmaReal<$rnd>($1,$2,$3)"},
    {"mad.rnd.f64", "f64 <- f64 f64 f64", "fmaReal<$rnd>($1,$2,$3)"},
    {"div.rnd{.ftz}.f32", "f32 <- f32 f32", "divReal<$rnd>($1,$2)"},
    {"div.rnd.f64", "f64 <- f64 f64", "divReal<$rnd>($1,$2)"},
    {"rcp.rnd{.ftz}.f32", "f32 <- f32", "rcpReal<$rnd>($1)"},
    {"rcp.rnd.f64", "f64 <- f64", "rcpReal<$rnd>($1)"},
    {"sqrt.rnd{.ftz}.f32", "f32 <- f32", "sqrtReal<$rnd>($1)"},
    {"sqrt.rnd.f64", "f64 <- f64", "sqrtReal<$rnd>($1)"},
    {"abs{.ftz}.f32", "f32 <- f32", "magnitudeOf($1)"},
    {"abs.f64", "f64 <- f64", "magnitudeOf($1)"},
    {"neg{.ftz}.f32", "f32 <- f32", "negated($1)"},
    {"neg.f64", "f64 <- f64", "negated($1)"},
    {"min{.ftz}{.NaN}.f32", "f32 <- f32 f32", "minReal($1,$2,$NaN)"},
    {"min.f64", "f64 <- f64 f64", "minReal($1,$2,false)"},
    {"max{.ftz}{.NaN}.f32", "f32 <- f32 f32", "maxReal($1,$2,$NaN)"},
    {"max.f64", "f64 <- f64 f64", "maxReal($1,$2,false)"},
};

// Their one rounding is .rn, written or not; without it they too may be fused, and are not.
const std::vector<Form> halfForms = {
    {"add{.rn}{.ftz}{.sat}.T", "T <- T T", "addReal<Rn>($1,$2)", "f16 f16x2"},
    {"sub{.rn}{.ftz}{.sat}.T", "T <- T T", "subReal<Rn>($1,$2)", "f16 f16x2"},
    {"mul{.rn}{.ftz}{.sat}.T", "T <- T T", "mulReal<Rn>($1,$2)", "f16 f16x2"},
    {"fma.rn{.ftz}{.sat}.T", "T <- T T T", "fmaReal<Rn>($1,$2,$3)", "f16 f16x2"},
    {"min{.ftz}{.NaN}.T", "T <- T T", "minReal($1,$2,$NaN)", "f16 f16x2"},
    {"max{.ftz}{.NaN}.T", "T <- T T", "maxReal($1,$2,$NaN)", "f16 f16x2"},
    {"neg{.ftz}.T", "T <- T", "negated($1)", "f16 f16x2"},
    {"abs{.ftz}.T", "T <- T", "magnitudeOf($1)", "f16 f16x2"},
    {"add{.rn}.T", "T <- T T", "addReal<Rn>($1,$2)", "bf16 bf16x2"},
    {"sub{.rn}.T", "T <- T T", "subReal<Rn>($1,$2)", "bf16 bf16x2"},
    {"mul{.rn}.T", "T <- T T", "mulReal<Rn>($1,$2)", "bf16 bf16x2"},
    {"fma.rn.T", "T <- T T T", "fmaReal<Rn>($1,$2,$3)", "bf16 bf16x2"},
    {"min{.NaN}.T", "T <- T T", "minReal($1,$2,$NaN)", "bf16 bf16x2"},
    {"max{.NaN}.T", "T <- T T", "maxReal($1,$2,$NaN)", "bf16 bf16x2"},
    {"neg.T", "T <- T", "negated($1)", "bf16 bf16x2"},
    {"abs.T", "T <- T", "magnitudeOf($1)", "bf16 bf16x2"},
};

const std::vector<Form> approximationForms = {
    {"div.approx{.ftz}.f32", "f32 <- f32 f32", "divApprox($1,$2)"},
    {"div.full{.ftz}.f32", "f32 <- f32 f32", "divFull($1,$2)"},
    {"rcp.approx{.ftz}.f32", "f32 <- f32", "rcpApprox($1)"},
    {"rcp.approx.ftz.f64", "f64 <- f64", "rcpGross($1)"},
    {"sqrt.approx{.ftz}.f32", "f32 <- f32", "sqrtApprox($1)"},
    {"rsqrt.approx{.ftz}.f32", "f32 <- f32", "rsqrtApprox($1)"},
    {"rsqrt.approx.f64", "f64 <- f64", "rsqrtApprox($1)"},
    {"rsqrt.approx.ftz.f64", "f64 <- f64", "rsqrtGross($1)"},
    {"sin.approx{.ftz}.f32", "f32 <- f32", "sinApprox($1)"},
    {"cos.approx{.ftz}.f32", "f32 <- f32", "cosApprox($1)"},
    {"lg2.approx{.ftz}.f32", "f32 <- f32", "lg2Approx($1)"},
    {"ex2.approx{.ftz}.f32", "f32 <- f32", "ex2Approx($1)"},
    {"ex2.approx.T", "T <- T", "ex2Approx($1)", "f16 f16x2"},
    {"tanh.approx.T", "T <- T", "tanhApprox($1)", "f32 f16 f16x2"},
};
}
