#include "uniformity.h"
#include "blocks.h"
#include "modules.h"
#include "report.h"
#include "settings.h"
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace emu
{
namespace
{
/// The ways that a warp's first lane to come there took, visit by visit.
std::unordered_map<uint64_t, std::vector<unsigned long long>> ways;

/// How often a lane was there.
std::unordered_map<uint64_t, unsigned> visits;

/// Of a lane, or of a warp by its first lane, at a line; blocks that run at once are told apart.
uint64_t key(const Lane& lane, int index, int line)
{
    const uint64_t place = lane.block->place;
    return (place << 10 | index) << 32 | static_cast<unsigned>(line);
}

// PTX ISA, bra.uni: the branch is guaranteed to be non-divergent: all active lanes of the warp have the same predicate
// and target.
void visit(unsigned long long way, EmuSite site)
{
    const Lane& lane = *running;
    std::vector<unsigned long long>& taken = ways[key(lane, lane.warp() * WarpLanes, site.line)];
    const unsigned turn = visits[key(lane, lane.index, site.line)]++;
    if (turn >= taken.size()) taken.push_back(way);
    else if (taken[turn] != way)
        warn("a branch said to be uniform is not: " + kernelName() + " at " +
            describePlace(runningModule(), {nullptr, site}));
}

void ignore(unsigned long long, EmuSite) {}
}

void (*prepareUniformity())(unsigned long long, EmuSite) { return flagSetting("EMU_UNIFORM") ? visit : ignore; }

void forgetBranches()
{
    ways.clear();
    visits.clear();
}
}
