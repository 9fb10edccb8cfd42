// What is known of a module while its text is read.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "operands.h"
#include "reader.h"
#include "symbols.h"
#include "translator.h"

namespace emu::ptx
{
/// A .func: bytes of what it returns and takes.
struct Function
{
    std::vector<long long> returns, parameters;
    bool defined = false;
};

struct Context
{
    explicit Context(const std::string& text) : reader(text), operands(reader, scopes) { }

    Reader reader;
    Scopes scopes;
    Operands operands;
    Translation result{};
    std::map<std::string, Function> functions;
    std::map<std::string, std::string> aliases; // .alias: another name of a function
    std::set<std::string> called;
    std::string heads, definitions; // C++: variables and functions' heads; functions
    int numbered = 0;               // local names so far

    /// A C++ name that no other variable of a block has.
    std::string uniqueName(const std::string& prefix, const std::string& name)
    {
        return cppName(prefix, name) + "_" + std::to_string(++numbered);
    }

    void declare(const std::string& name, const Symbol& symbol)
    {
        if (!scopes.declare(name, symbol)) reader.fail("'" + name + "' is declared twice");
    }
};
}
