// Lanes of a warp that meet: shuffles, votes, __syncwarp, matrix products.
#pragma once
#include "blocks.h"

namespace emu
{
/// Operations that meetInWarp does not know: those of matrix products, by shape.
constexpr int FirstMultiplication = 1 << 16;

/// What kernels call: waits for the lanes of the mask, exchanges their values. Returns the lanes that took part.
unsigned meetInWarp(int operation, unsigned mask, unsigned long long value, unsigned long long* values, EmuSite site);

/// The same for a lane whose place is known.
unsigned meet(int operation, unsigned mask, unsigned long long value, unsigned long long* values);

/// Lets lanes of the warp go that have all come.
void meetIfComplete(Block& block, int warp);

bool sameSite(EmuSite a, EmuSite b);
}
