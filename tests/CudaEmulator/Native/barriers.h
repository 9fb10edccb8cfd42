// Barriers of blocks and of clusters.
#pragma once
#include "blocks.h"

namespace emu
{
/// What kernels call: waits until all lanes of the block, or of the cluster, have come.
int waitAtBarrier(int kind, int predicate, EmuSite site);

/// Lets the lanes go that wait for nobody any more.
void releaseBarrier(Block& block);
void releaseClusterBarrier(Cluster& cluster);
}
