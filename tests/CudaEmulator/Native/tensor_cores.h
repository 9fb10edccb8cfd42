// mma.sync: small matrix products by a whole warp.
#pragma once
#include "blocks.h"

namespace emu
{
/// What kernels call.
void multiply(int shape, const unsigned* a, const unsigned* b, float* c, EmuSite site);

/// The product, when all lanes of the warp have come.
void multiplyMet(Block& block, int warp, unsigned met, int shape);
}
