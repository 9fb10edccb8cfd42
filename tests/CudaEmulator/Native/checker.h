// Checks each access of a kernel: bounds of what the launch was given, alignment, races. On by EMU_CHECK=1.
#pragma once
#include "blocks.h"

namespace emu
{
struct Allocation;

/// Of the launch that runs.
extern bool checking;

/// Reads the settings, and the views among the launch's parameters.
void prepareChecker(const Launch& launch);

/// Forgets what was known of the block's shared memory and of its lanes' order.
void prepareCells(Block& block);

void freeCells(Allocation& allocation);

/// What kernels call before an access.
void checkAccess(const void* address, int bytes, int kind, const void* pc, EmuSite site);

/// Lanes of a warp have met in an operation that orders their accesses.
void joinLanes(Block& block, int warp, unsigned met);

/// The blocks of a cluster have met.
void joinCluster(Cluster& cluster);

/// Whether the block's shared memory holds these bytes.
bool isShared(const void* address, int bytes);
}
