// clang++-19, found and run: C++ text becomes a shared library of this processor, kept for the next time.
#pragma once
#include <string>
#include <vector>

namespace emu
{
/// What the compiler said, or why there is none.
struct CompileError
{
    std::string log;
};

/// The path of the shared library made of a C++ text. It lies in EMU_CACHE under a hash of the text, the options and
/// the compiler, so that the same text is compiled once; several processes may ask for it at once.
/// @param options for clang, separated by spaces.
std::string compileToLibrary(const std::string& text, const std::string& options);

/// What clang makes of a text, not kept: the expanded text (-x c++ -E), PTX (-x cuda -S), ...
std::string runClang(const std::string& text, const std::vector<std::string>& options);
}
