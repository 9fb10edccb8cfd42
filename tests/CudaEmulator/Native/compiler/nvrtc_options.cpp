#include "nvrtc_options.h"
#include "../settings.h"
#include <algorithm>

namespace emu
{
namespace
{
/// A compute capability and the versions that compile for it (release notes of CUDA).
struct Architecture
{
    int capability, first, last;
};
const int always = 0, stillThere = 99999;
const Architecture architectures[] = {
    {50, always, 12099}, {52, always, 12099}, {60, always, 12099}, {61, always, 12099}, {70, always, 12099},
    {75, always, stillThere}, {80, always, stillThere}, {86, 11010, stillThere}, {87, 11040, stillThere},
    {89, 11080, stillThere}, {90, 11080, stillThere}, {100, 12080, stillThere}, {103, 12090, stillThere},
    {110, 13000, stillThere}, {120, 12080, stillThere}, {121, 12090, stillThere},
};

bool startsWith(const std::string& text, const std::string& start) { return text.compare(0, start.size(), start) == 0; }

/// sm_90, sm_90a, compute_90.
void takeArchitecture(NvrtcOptions& options, const std::string& value)
{
    options.capability = atoi(value.c_str() + value.find('_') + 1);
    options.specific = value.back() == 'a';
    const std::vector<int> known = supportedCapabilities();
    const bool named = startsWith(value, "sm_") || startsWith(value, "compute_");
    if (!named || std::find(known.begin(), known.end(), options.capability) == known.end())
        throw OptionError{"invalid value for --gpu-architecture: " + value};
}

/// NAME=VALUE, or NAME for 1.
void takeMacro(NvrtcOptions& options, std::string macro)
{
    const size_t equals = macro.find('=');
    if (equals == std::string::npos) macro += " 1";
    else macro[equals] = ' ';
    options.macros += "#define " + macro + "\n";
}
}

NvrtcOptions parseOptions(int count, const char* const* words)
{
    static const std::string architecture = "--gpu-architecture=", macro = "-D";
    NvrtcOptions options;
    for (int i = 0; i < count; i++)
    {
        const std::string word = words[i];
        if (startsWith(word, architecture)) takeArchitecture(options, word.substr(architecture.size()));
        else if (startsWith(word, macro)) takeMacro(options, word.substr(macro.size()));
        // Both are how the emulator compiles anyway.
        else if (word != "--std=c++17" && word != "-lineinfo") throw OptionError{"unrecognized option: " + word};
    }
    return options;
}

std::vector<int> supportedCapabilities()
{
    const long version = numberSetting("EMU_NVRTC_VERSION");
    std::vector<int> result;
    for (const Architecture& row : architectures)
        if (row.first <= version && version <= row.last) result.push_back(row.capability);
    return result;
}
}
