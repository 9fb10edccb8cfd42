// Groups of an instruction's modifiers, as the PTX ISA's syntax names them.
#pragma once
#include <string>
#include <vector>

namespace emu::ptx
{
/// The words that a word of a form stands for: a group's, or itself alone.
const std::vector<std::string>& choicesOf(const std::string& word);

/// The prelude's constant: "Rn" for "rn".
std::string constantOf(const std::string& modifier);
}
