// Races: two accesses of one word by lanes that nothing orders, one of them a write. Found whatever the order in which
// lanes run.
#pragma once
#include "blocks.h"

namespace emu
{
struct Allocation;

void prepareRaces(const Launch& launch);

/// Forgets what was known of the block's shared memory and of its lanes' order.
void prepareRaces(Block& block);

// The running lane's access, to memory of each kind.
void touchAllocation(Allocation& allocation, const Access& access);
void touchShared(const Access& access);
void touchVariable(const Access& access); // of the module

/// Lanes of a warp have met in an operation that orders their accesses.
void joinLanes(Block& block, int warp, unsigned met);

/// The blocks of a cluster have met.
void joinCluster(Cluster& cluster);

void freeCells(Allocation& allocation);
}
