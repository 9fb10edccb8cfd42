// PTX ISA, "Data Movement and Conversion Instructions": ld, st, addresses, prefetch.
#include "tables.h"

namespace emu::ptx
{
#define LOADED "b8 b16 b32 b64 u8 u16 u32 u64 s8 s16 s32 s64 f16 f32 f64"
#define LOADED_4 "b8 b16 b32 u8 u16 u32 s8 s16 s32 f16 f32" // a vector has at most 16 bytes

#define HINTS "{.cop}{.evict}{.evict2}{.prefetch}"

// Every access is coherent here, so .nc, hints and scopes change nothing; .volatile, .relaxed, .acquire and .release
// are in order, and race with none of these.
const std::vector<Form> loadForms = {
    {"ld{.weak}{.space}{.nc}" HINTS ".T", "T+ <- [T]", "load<$T>($1)", LOADED},
    {"ld{.weak}{.space}{.nc}" HINTS ".v2.T", "T+*2 <- [T*2]", "(load<Pack<$T,2>>($1))", LOADED},
    {"ld{.weak}{.space}{.nc}" HINTS ".v4.T", "T+*4 <- [T*4]", "(load<Pack<$T,4>>($1))", LOADED_4},
    {"ld{.weak}{.space}{.nc}" HINTS ".L2::cache_hint.T", "T+ <- [T] b64", "load<$T>($1)", LOADED},
    {"ld.strongload{.scope}{.space}" HINTS ".T", "T+ <- [T]", "loadStrong<$T>($1)", LOADED},
    {"ld.strongload{.scope}{.space}" HINTS ".v2.T", "T+*2 <- [T*2]", "(loadStrong<Pack<$T,2>>($1))", LOADED},
    {"ld.strongload{.scope}{.space}" HINTS ".v4.T", "T+*4 <- [T*4]", "(loadStrong<Pack<$T,4>>($1))", LOADED_4},
    {"ldu{.space}.T", "T+ <- [T]", "load<$T>($1)", LOADED},
    {"ldu{.space}.v2.T", "T+*2 <- [T*2]", "(load<Pack<$T,2>>($1))", LOADED},
    {"ldu{.space}.v4.T", "T+*4 <- [T*4]", "(load<Pack<$T,4>>($1))", LOADED_4},

    {"cvta{.global}.u64", "u64 <- u64", "$1"},
    {"cvta.to.global.u64", "u64 <- u64", "$1"},
    {"cvta.const.u64", "u64 <- u64", "$1"},
    {"cvta.to.const.u64", "u64 <- u64", "$1"},
    {"cvta.local.u64", "u64 <- u64", "$1"},
    {"cvta.to.local.u64", "u64 <- u64", "$1"},
    {"cvta.param.u64", "u64 <- u64", "$1"},
    {"cvta.to.param.u64", "u64 <- u64", "$1"},
    {"cvta.toshared.u64", "u64 <- u64", "sharedToGeneric($1)"},
    {"cvta.to.toshared.u64", "u64 <- u64", "genericToShared($1)"},
    {"isspacep.global", "pred <- u64", "isGlobal($1)"},
    {"isspacep.toshared", "pred <- u64", "isShared($1)"},
    {"isspacep.local", "pred <- u64", "isLocal($1)"},

    {"prefetch{.space}.level", "<- []", "fence()"},
    {"prefetchu.L1", "<- []", "fence()"},
    {"discard{.global}.L2", "<- [] #128", "fence()"},
    {"applypriority{.global}.level", "<- [] #128", "fence()"},
    {"createpolicy.fractional.evict2.b64", "b64 <-", "0"},
    {"createpolicy.fractional.evict2.b64", "b64 <- f32", "0"},
};

const std::vector<Form> storeForms = {
    {"st{.weak}{.space}" HINTS ".T", "<- [T]w T+", "store<$T>($1,$2)", LOADED},
    {"st{.weak}{.space}" HINTS ".v2.T", "<- [T*2]w T+*2", "store($1,$2)", LOADED},
    {"st{.weak}{.space}" HINTS ".v4.T", "<- [T*4]w T+*4", "store($1,$2)", LOADED_4},
    {"st{.weak}{.space}" HINTS ".L2::cache_hint.T", "<- [T]w T+ b64", "store<$T>($1,$2)", LOADED},
    {"st.strongstore{.scope}{.space}" HINTS ".T", "<- [T]w T+", "storeStrong<$T>($1,$2)", LOADED},
    {"st.strongstore{.scope}{.space}" HINTS ".v2.T", "<- [T*2]w T+*2", "storeStrong($1,$2)", LOADED},
    {"st.strongstore{.scope}{.space}" HINTS ".v4.T", "<- [T*4]w T+*4", "storeStrong($1,$2)", LOADED_4},
};
}
