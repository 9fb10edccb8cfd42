#include "warps.h"
#include "checker.h"
#include "faults.h"
#include "races.h"
#include "report.h"
#include "results.h"
#include "tensor_cores.h"
#include <algorithm>
#include <cstring>

namespace emu
{
namespace
{
/// Calls action with each lane whose bit is set.
template <typename Action> void eachLane(Block& block, int warp, unsigned lanes, Action action)
{
    for (; lanes != 0; lanes &= lanes - 1) action(block.lanes[warp * WarpLanes + __builtin_ctz(lanes)]);
}

// CUDA C++ Programming Guide, warp functions: all lanes of the mask that have not left execute the same intrinsic with
// the same mask.
bool agree(Block& block, int warp, unsigned met)
{
    const Lane& first = block.lanes[warp * WarpLanes + __builtin_ctz(met)];
    bool all = true;
    eachLane(block, warp, met, [&](const Lane& lane) {
        if (lane.operation != first.operation || lane.mask != first.mask)
        {
            const char* what = lane.mask != first.mask ? "lanes of one warp meet with different masks"
                                                       : "lanes of one warp meet in different warp operations";
            if (all) setFault(LaunchFailed, what, lane, first);
            all = false;
        }
        if (!sameSite(lane.place.site, first.place.site))
            warn("lanes of one warp meet at different lines: " + kernelName());
    });
    return all;
}

void exchange(Block& block, int warp, unsigned met)
{
    unsigned long long values[WarpLanes];
    std::fill_n(values, WarpLanes, 0x7fe1dead7fe1deadull); // of lanes that brought nothing
    eachLane(block, warp, met, [&](const Lane& lane) { values[lane.inWarp()] = lane.value; });
    eachLane(block, warp, met, [&](Lane& lane) {
        lane.met = met;
        if (lane.values) memcpy(lane.values, values, sizeof values);
    });
}

void complete(Block& block, int warp, unsigned met)
{
    if (!agree(block, warp, met)) return;
    const int operation = block.lanes[warp * WarpLanes + __builtin_ctz(met)].operation;
    if (operation >= FirstMultiplication) multiplyMet(block, warp, met, operation - FirstMultiplication);
    else exchange(block, warp, met);
    // CUDA C++ Programming Guide: __syncwarp() orders memory among its lanes; shuffles, votes and matrix products do
    // not.
    if (checking && operation == EmuWarpSync) joinLanes(block, warp, met);
    eachLane(block, warp, met, [](Lane& lane) { lane.state = LaneState::Ready; });
    block.warps[warp].waiting &= ~met;
}

void checkMask(const Lane& lane, unsigned mask)
{
    // CUDA C++ Programming Guide: each calling lane has its own bit set in the mask.
    if (!(mask >> lane.inWarp() & 1))
        failLane(LaunchFailed, format("a lane is not in its own mask %#x", mask), lane.place);
    const int lanes = lane.block->size() - lane.warp() * WarpLanes;
    if (lanes < WarpLanes && mask >> lanes != 0)
        warn("a mask names lanes that the block does not have: " + kernelName());
}
}

bool sameSite(EmuSite a, EmuSite b)
{
    if (a.line != b.line) return false;
    return a.file == b.file || (a.file && b.file && strcmp(a.file, b.file) == 0);
}

void meetIfComplete(Block& block, int warp)
{
    const auto [waiting, gone] = block.warps[warp];
    for (unsigned left = waiting; left != 0;)
    {
        const int i = __builtin_ctz(left);
        const unsigned needed = block.lanes[warp * WarpLanes + i].mask & ~gone;
        left &= ~(needed | 1u << i);
        if ((waiting & needed) == needed) return complete(block, warp, needed);
    }
}

unsigned meetInWarp(int operation, unsigned mask, unsigned long long value, unsigned long long* values, EmuSite site)
{
    running->place = {__builtin_return_address(0), site};
    return meet(operation, mask, value, values);
}

unsigned meet(int operation, unsigned mask, unsigned long long value, unsigned long long* values)
{
    Lane& lane = *running;
    checkMask(lane, mask);
    settleGuess(lane);
    lane.operation = operation;
    lane.mask = mask;
    lane.value = value;
    lane.values = values;
    lane.state = LaneState::AtWarp;
    lane.block->warps[lane.warp()].waiting |= lane.bit();
    meetIfComplete(*lane.block, lane.warp());
    if (fault.code != 0 || lane.state == LaneState::AtWarp) switchToScheduler(lane.fibre);
    return lane.met;
}
}
