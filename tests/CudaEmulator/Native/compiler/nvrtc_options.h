// The options that NVRTC is given.
#pragma once
#include <string>
#include <vector>

namespace emu
{
/// An option that is refused, and why.
struct OptionError
{
    std::string what;
};

struct NvrtcOptions
{
    int capability = 75; // 90 for 9.0; NVRTC's documentation: "the default value is compute_75"
    bool specific = false; // sm_90a
    std::string macros; // lines: #define NAME VALUE
};

/// @throws OptionError
NvrtcOptions parseOptions(int count, const char* const* words);

/// Compute capabilities that this version of NVRTC (EMU_NVRTC_VERSION) compiles for, smallest first.
std::vector<int> supportedCapabilities();
}
