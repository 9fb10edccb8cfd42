// cp.async: copies to shared memory that are made as late as the kernel's waits allow.
#pragma once
#include "blocks.h"

namespace emu
{
// What kernels call.
void copyAsync(void* to, const void* from, int size, int bytes, EmuSite site);
void commitCopies();
void waitForCopies(int pending, EmuSite site);

/// Makes all that a lane which leaves has asked for.
void finishCopies(Lane& lane);
}
