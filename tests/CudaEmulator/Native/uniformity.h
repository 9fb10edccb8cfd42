// Branches that PTX calls uniform (bra.uni): all lanes of a warp that are there must go the same way.
#pragma once
#include "machine.h"

namespace emu
{
/// Forgets earlier launches. What kernels call at such a branch.
void (*prepareUniformity())(unsigned long long way, EmuSite site);

/// A block begins.
void forgetBranches();
}
