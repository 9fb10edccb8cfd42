// PTX ISA, "Parallel Synchronization and Communication Instructions": what lanes of a warp do together.
#include "tables.h"

namespace emu::ptx
{
const std::vector<Form> warpForms = {
    {"bar.warp.sync", "<- b32", "warpBarrier($1,$line)"},
    {"shfl.sync.shuffle.b32", "b32|pred <- b32 b32 b32 b32", "shuffle<$shuffle>($1,$2,$3,$4,$q,$line)"},
    {"vote.sync.vote.pred", "pred <- pred b32", "vote<$vote>($2,$1,$line)"},
    {"vote.sync.ballot.b32", "b32 <- pred b32", "ballot($2,$1,$line)"},
    {"match.any.sync.T", "b32 <- T b32", "matchAny($2,$1,$line)", "b32 b64"},
    {"match.all.sync.T", "b32|pred <- T b32", "matchAll($2,$1,$q,$line)", "b32 b64"},
    {"redux.sync.extreme.T", "T <- T b32", "reduce<$extreme>($2,$1,$line)", "u32 s32"},
    {"redux.sync.bool.b32", "b32 <- b32 b32", "reduce<$bool>($2,$1,$line)"},
    {"elect.sync", "b32|pred <- b32", "elect($1,$q,$line)"},
    {"activemask.b32", "b32 <-", "activeMask()"},
};
}
