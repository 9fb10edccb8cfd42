// Instructions as tables: a row is a form that an instruction may have, in the PTX ISA's own notation, and its C++.
#pragma once
#include <string>
#include <vector>

#include "operands.h"

namespace emu::ptx
{
/// One form of an instruction.
struct Form
{
    /// "add{.rnd}{.ftz}{.sat}.f32": braces hold what may be left out; a word that names a group (see modifiers.h)
    /// stands for any of it, T and S for the types listed below, any other word for itself. Modifiers may come in any
    /// order.
    const char* opcode;

    /// "T <- T u32": result, then sources, each by its type. T+ may be a larger register; T*4 is a list in braces; 2T
    /// is twice as wide; T|pred has a second result. [T] is an address that is read in the state space the opcode
    /// names; [T]w is written, [T]a both at once (atomic), shared[T] lies in shared memory, [] is an address as it
    /// stands. # is a number that must be written out, #0 that number.
    const char* operands;

    /// The C++ of the result: $1 the first source, $T and $S the types, $W twice as wide as T, $line the PTX line, $q
    /// where the second result goes, $carry CC.CF, $rnd the word found of that group ("None" where none was), $ftz
    /// whether it was there. .ftz and .sat are done to sources and result unless $ftz and $sat occur.
    const char* code;

    const char* T = "";
    const char* S = "";
};

/// What T and S often are.
#define PTX_INTEGERS "u16 u32 u64 s16 s32 s64"
#define PTX_WORDS "u32 s32 u64 s64"
#define PTX_REALS "f32 f64"

/// Statements for an instruction. Fails where no row has this form, saying what of it is not known.
std::string translateInstruction(
    Reader& reader, Operands& operands, const std::string& opcode, const std::vector<Operand>& given);
}
