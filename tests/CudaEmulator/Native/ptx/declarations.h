// Registers and variables.
#pragma once
#include "context.h"

namespace emu::ptx
{
struct Declaration
{
    std::string name, type;
    int align = 0;              // bytes
    std::vector<long long> dimensions; // of an array; 0 where open; a vector's elements are the last
    long long count() const;    // elements of all; 0 where open
    long long bytes() const;
};

/// What follows the state space: ".align 8 .b8 name[16]".
Declaration parseDeclaration(Reader& reader);

/// After .reg: "%r<5>;". Adds the C++ variables to a function's text.
void declareRegisters(Context& context, std::string& body);

/// A .param or .local variable of a block.
void declareInBlock(Context& context, Symbol::Kind kind, std::string& body);

/// After .shared, anywhere: the module's shared memory grows by it.
void declareShared(Context& context);

/// After .global or .const, with its initializer.
void declareModuleVariable(Context& context, Symbol::Kind kind, bool external);
}
