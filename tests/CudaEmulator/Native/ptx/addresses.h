// Accesses to memory: an address in brackets becomes a call of the prelude's function for its state space.
#pragma once
#include <string>

#include "operands.h"

namespace emu::ptx
{
struct Access
{
    std::string space;  // "global", "shared::cta", ...; empty: generic
    int bytes;          // of all registers together; also the alignment
    std::string effect; // "", "w": written, "a": read and written at once
    bool strong;        // .volatile, .relaxed, ...: no race with another strong one
};

/// The address of this process where an access goes, checked as it runs. Fails where the variable named lies in another
/// state space.
std::string accessCode(Reader& reader, Operands& operands, const Operand& address, const Access& access);

/// The address in its own state space, nothing done with it.
std::string plainAddress(Reader& reader, Operands& operands, const Operand& address, const std::string& space);
}
