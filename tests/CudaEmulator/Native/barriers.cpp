#include "barriers.h"
#include "checker.h"
#include "faults.h"
#include "races.h"
#include "report.h"
#include "results.h"
#include "warps.h"

namespace emu
{
// PTX ISA, bar.sync: the barrier is of all lanes that have not left; bar.red gives each the same reduction of their
// predicates.
void releaseBarrier(Block& block)
{
    if (block.atBarrier == 0 || block.atBarrier + block.left < block.size()) return;
    const Lane* first = nullptr;
    static std::vector<const Lane*> firstOfWarp;
    firstOfWarp.assign((block.size() + WarpLanes - 1) / WarpLanes, nullptr);
    int count = 0;
    for (const Lane& lane : block.lanes)
    {
        if (lane.state != LaneState::AtBarrier) continue;
        if (!first) first = &lane;
        const Lane*& warp = firstOfWarp[lane.warp()];
        if (!warp) warp = &lane;
        count += lane.predicate;
        // PTX ISA, barrier: all lanes must name the same operation.
        if (lane.barrier != first->barrier)
            return setFault(LaunchFailed, "lanes meet at barriers of different kinds", lane, *first);
        // PTX ISA, barrier.aligned: all lanes of a warp execute the same barrier instruction.
        if (!sameSite(lane.place.site, warp->place.site))
            return setFault(LaunchFailed, "lanes of one warp are at different barriers", lane, *warp);
        // CUDA C++ Programming Guide: __syncthreads() in a condition is for conditions that are the same in the whole
        // block.
        if (!sameSite(lane.place.site, first->place.site))
            warn("warps of one block are at different barriers: " + kernelName());
    }
    if (block.left > 0) warn("lanes have left before a barrier that others meet: " + kernelName());
    const int all = count == block.atBarrier, any = count != 0;
    for (Lane& lane : block.lanes)
        if (lane.state == LaneState::AtBarrier)
        {
            lane.state = LaneState::Ready;
            lane.barrierResult = lane.barrier == EmuBarrierCount ? count : lane.barrier == EmuBarrierAnd ? all : any;
        }
    block.atBarrier = 0;
    block.phase++;
}

// PTX ISA, barrier.cluster: a lane's wait ends when all lanes of the cluster that have not left have arrived.
void releaseClusterBarrier(Cluster& cluster)
{
    if (cluster.arrived == 0 || cluster.arrived + cluster.left < cluster.lanes) return;
    cluster.arrived = 0;
    cluster.phase++;
    if (checking) joinCluster(cluster);
    for (Block* member : cluster.blocks)
    {
        member->phase++;
        for (Lane& lane : member->lanes)
            if (lane.state == LaneState::AtClusterBarrier) lane.state = LaneState::Ready;
    }
}

namespace
{
int waitAtClusterBarrier(Lane& lane, int kind)
{
    Cluster& cluster = *lane.block->cluster;
    if (kind == EmuBarrierClusterArrive)
    {
        lane.clusterPhase = cluster.phase;
        cluster.arrived++;
        releaseClusterBarrier(cluster);
        return 0;
    }
    if (lane.clusterPhase == cluster.phase) waitLane(LaneState::AtClusterBarrier);
    return 0;
}
}

int waitAtBarrier(int kind, int predicate, EmuSite site)
{
    Lane& lane = *running;
    lane.place = {__builtin_return_address(0), site};
    settleGuess(lane);
    if (kind == EmuBarrierClusterArrive || kind == EmuBarrierClusterWait) return waitAtClusterBarrier(lane, kind);
    Block& block = *lane.block;
    lane.barrier = kind;
    lane.predicate = predicate != 0;
    lane.state = LaneState::AtBarrier;
    block.atBarrier++;
    releaseBarrier(block);
    if (fault.code != 0 || lane.state == LaneState::AtBarrier) switchToScheduler(lane.fibre);
    return lane.barrierResult;
}
}
