// Checks each access of a kernel: its bounds, its alignment, and by races.h its order. On by EMU_CHECK=1.
#pragma once
#include "blocks.h"

namespace emu
{
/// Of the launch that runs.
extern bool checking;

/// Reads the settings, and the views among the launch's parameters.
void prepareChecker(const Launch& launch);

/// What kernels call before an access.
void checkAccess(const void* address, int bytes, int kind, const void* pc, EmuSite site);

/// Judges a read that waits for the lane's next access, before the lane meets others.
void settleGuess(Lane& lane);

/// Whether the block's shared memory holds these bytes.
bool isShared(const void* address, int bytes);

/// "a write".
const char* describeAccess(int kind);
}
