// asm statements of CUDA C++: each is recognised by its text and constraints and becomes a call of the prelude.
#pragma once
#include <string>

namespace emu
{
/// The text without asm statements.
/// @param text expanded by the preprocessor, whose line markers say where a statement stands.
/// @throws CompileError (host_compiler.h) that names the statement and its line, where one is not known.
std::string replaceInlinePtx(const std::string& text);
}
