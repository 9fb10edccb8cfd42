// From a place in a kernel's code to the line that a reader knows: of the C#, or of the PTX text.
#pragma once
#include "machine.h"
#include <string>

namespace emu
{
struct Module;

/// Where a lane was: an address in the module's library, or null, and what its prelude said of it.
struct Place
{
    const void* pc = nullptr;
    EmuSite site = {nullptr, 0};
};

/// "Kernels.cs:12", "PTX line 40 'st.global.f32 [%rd1], %f2;' (Kernels.cs:12)"; "a place without a line" if nothing is
/// known.
std::string describePlace(const Module& module, const Place& place);
}
