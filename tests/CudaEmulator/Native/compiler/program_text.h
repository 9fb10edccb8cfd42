// A program as NVRTC is given it, with what stands before and behind it: the text that clang compiles.
#pragma once
#include <string>

namespace emu
{
/// C++ of this processor: machine.h, the prelude, the program and the entry that the driver calls.
/// @param name of the program's file, for errors before its first #line.
/// @param macros lines that define the options' macros.
/// @throws CompileError (host_compiler.h) where the program has not exactly one kernel.
std::string hostText(const std::string& program, const std::string& name, int capability, const std::string& macros);

/// CUDA C++ for clang's own translation to PTX, without CUDA's headers.
std::string deviceText(const std::string& program, const std::string& name, const std::string& macros);
}
