// Names of a text and what they stand for.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace emu::ptx
{
struct Symbol
{
    enum Kind
    {
        Register,
        Parameter,      // of a function, or of a call
        EntryParameter, // of a kernel
        Shared,
        Local,
        Global,
        Constant,
        Label,
    };

    Kind kind;
    std::string type;
    std::string code;    // the C++ that is the register, the variable's first byte, or the label
    long long bytes = 0; // of a variable; 0 where its array is open
    bool passed = false; // of a label: a branch to it goes backwards
};

/// Blocks within blocks; an inner name hides an outer one.
class Scopes
{
public:
    void enter() { scopes.emplace_back(); }
    void leave() { scopes.pop_back(); }
    size_t depth() const { return scopes.size(); }

    /// False where the block has the name already.
    bool declare(const std::string& name, const Symbol& symbol) { return scopes.back().emplace(name, symbol).second; }

    /// Null where no block has it.
    Symbol* find(const std::string& name)
    {
        for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope)
            if (auto found = scope->find(name); found != scope->end()) return &found->second;
        return nullptr;
    }

private:
    std::vector<std::map<std::string, Symbol>> scopes{1};
};

/// A C++ name for a PTX one, with a prefix that keeps kinds of names apart.
std::string cppName(const std::string& prefix, const std::string& name);
}
