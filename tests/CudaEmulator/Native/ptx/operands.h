// Operands of instructions, and what they are in C++.
#pragma once
#include <string>
#include <vector>

#include "reader.h"
#include "symbols.h"

namespace emu::ptx
{
struct Operand
{
    enum Kind
    {
        Register,
        Integer, // bits
        Real,    // bits, of realType
        Symbol,  // the address of a variable, with offset
        Special, // %tid.x
        List,    // {a, b}; parts
        Address, // [a+4]; one part, its base, with the offset there
        Sink,    // _
    };

    Kind kind = Sink;
    std::string name;
    std::string second;        // q of p|q
    bool negated = false;      // !p
    bool predicate = false;    // the register is one
    unsigned long long bits = 0;
    std::string realType;      // "f32", "f64", or "decimal" (bits of a double)
    long long offset = 0;
    std::vector<Operand> parts;
};

class Operands
{
public:
    Operands(Reader& reader, Scopes& scopes) : reader(reader), scopes(scopes) { }

    Operand parse();

    /// An expression of the instruction's type. wider: the register may be larger (see agrees).
    std::string value(const Operand& operand, const std::string& type, bool wider);

    /// A statement that gives a register an expression of the instruction's type.
    std::string assign(const Operand& operand, const std::string& type, const std::string& expression, bool wider);

    /// The predicate q of p|q as a place to write to; empty where there is none.
    std::string secondPredicate(const Operand& operand);

    /// The address in its own state space; base is a register, a number or a variable.
    std::string address(const Operand& base);

    ptx::Symbol* find(const Operand& operand) { return scopes.find(operand.name); }

private:
    Reader& reader;
    Scopes& scopes;

    Operand number();
    Operand list();
    Operand bracketed();
    Operand named();
    std::string integerValue(const Operand& operand, const std::string& type);
    std::string realValue(const Operand& operand, const std::string& type);
    std::string registerValue(const Operand& operand, const std::string& type, bool wider);
    std::string specialValue(const Operand& operand, const std::string& type, bool wider);
    std::string symbolValue(const Operand& operand, const std::string& type);
};
}
