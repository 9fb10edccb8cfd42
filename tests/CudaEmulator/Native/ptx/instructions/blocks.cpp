// PTX ISA, "Parallel Synchronization and Communication Instructions": barriers of a block and a cluster, fences.
#include "tables.h"

namespace emu::ptx
{
// Barrier 0 alone: "#0".
const std::vector<Form> blockForms = {
    {"bar{.cta}.sync", "<- #0", "blockBarrier(EmuBarrierPlain,0,$line)"},
    {"bar{.cta}.sync", "<- #0 u32", "blockBarrierOf($2,$line)"},
    {"barrier{.cta}.sync{.aligned}", "<- #0", "blockBarrier(EmuBarrierPlain,0,$line)"},
    {"barrier{.cta}.sync{.aligned}", "<- #0 u32", "blockBarrierOf($2,$line)"},
    {"bar{.cta}.red.popc.u32", "u32 <- #0 pred", "blockBarrier(EmuBarrierCount,$2,$line)"},
    {"bar{.cta}.red.and.pred", "pred <- #0 pred", "blockBarrier(EmuBarrierAnd,$2,$line)"},
    {"bar{.cta}.red.or.pred", "pred <- #0 pred", "blockBarrier(EmuBarrierOr,$2,$line)"},
    {"barrier{.cta}.red.popc{.aligned}.u32", "u32 <- #0 pred", "blockBarrier(EmuBarrierCount,$2,$line)"},
    {"barrier{.cta}.red.and{.aligned}.pred", "pred <- #0 pred", "blockBarrier(EmuBarrierAnd,$2,$line)"},
    {"barrier{.cta}.red.or{.aligned}.pred", "pred <- #0 pred", "blockBarrier(EmuBarrierOr,$2,$line)"},
    {"barrier.cluster.arrive{.sem}{.aligned}", "<-", "blockBarrier(EmuBarrierClusterArrive,0,$line)"},
    {"barrier.cluster.wait{.acquire}{.aligned}", "<-", "blockBarrier(EmuBarrierClusterWait,0,$line)"},

    // memory is in one order here
    {"membar.cta", "<-", "fence()"},
    {"membar.gl", "<-", "fence()"},
    {"membar.sys", "<-", "fence()"},
    {"fence.sc.scope", "<-", "fence()"},
    {"fence{.acq_rel}.scope", "<-", "fence()"},
    {"fence.acquire.scope", "<-", "fence()"},
    {"fence.release.scope", "<-", "fence()"},

    // launches of a stream follow each other
    {"griddepcontrol.wait", "<-", "fence()"},
    {"griddepcontrol.launch_dependents", "<-", "fence()"},

    {"nanosleep.u32", "<- u32", "sleep()"},
    {"trap", "<-", "trap($line)"},
    {"brkpt", "<-", "trap($line)"},
};
}
