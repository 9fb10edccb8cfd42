// PTX text to C++ text for this processor. What is not known is an error with its line, never left out.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace emu::ptx
{
/// A text that is refused: the 1-based line of the PTX and what is wrong there.
struct Error
{
    int line;
    std::string what;
};

struct Parameter
{
    std::string name;
    int size, align, offset; // bytes; offset within the entry's parameter block
};

/// A kernel of the module; the library exports it as emu_ptx_<index>.
struct Entry
{
    std::string name;
    std::vector<Parameter> parameters;
    int parameterBytes;
    int maxLanes; // of a block, by .maxntid or .reqntid; 1024 without
    int index;
};

struct Translation
{
    std::string text; // C++; needs machine.h and ptx_prelude.h before it
    std::vector<Entry> entries;
    int sharedBytes; // fixed shared memory of the module, a multiple of 16
    std::string target, version; // "sm_80", "8.0"
    std::map<std::string, int> instructions; // how often each occurs in the text
};

/// Throws Error.
Translation translate(const std::string& text);
}
