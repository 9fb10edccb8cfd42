// PTX's fundamental types.
#pragma once
#include <string>

namespace emu::ptx
{
/// What a register of a type may be used as.
enum class Family
{
    Predicate,
    Bits,    // agree with every type of their size
    Integer, // signed and unsigned agree
    Real,
};

bool isType(const std::string& name);

int bytesOf(const std::string& type);

Family familyOf(const std::string& type);

/// The C++ type that holds a register of a type.
std::string registerTypeOf(const std::string& type);

/// PTX ISA, "Type Checking" and "Operand Size Exceeding Instruction-Type Size": whether a register can be an operand of
/// an instruction's type; wider where the instruction takes larger registers too (ld, st, cvt).
bool agrees(const std::string& registerType, const std::string& instructionType, bool wider);
}
