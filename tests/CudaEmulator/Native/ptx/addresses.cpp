#include "addresses.h"

#include "text.h"

namespace emu::ptx
{
namespace
{
// The prelude's function.
std::string functionOf(const std::string& space)
{
    if (space.empty()) return "generic";
    if (space.rfind("shared", 0) == 0) return "shared";
    if (space.rfind("param", 0) == 0) return "parameter";
    return space == "const" ? "constant" : space;
}

std::string spaceOf(Symbol::Kind kind)
{
    switch (kind)
    {
        case Symbol::Shared: return "shared";
        case Symbol::Local: return "local";
        case Symbol::Global: return "global";
        case Symbol::Constant: return "const";
        default: return "param";
    }
}

// PTX ISA, ld: without a state space the address is generic; global memory and constants are where generic addresses
// are.
bool liesIn(Symbol::Kind kind, const std::string& space)
{
    if (space.empty()) return kind == Symbol::Global || kind == Symbol::Constant;
    return space.rfind(spaceOf(kind), 0) == 0;
}

void checkSpace(Reader& reader, Operands& operands, const Operand& base, const std::string& space)
{
    bool parameter = space.rfind("param", 0) == 0;
    if (base.kind != Operand::Symbol)
    {
        if (parameter) reader.fail("a parameter is named, not reached through a register");
        return;
    }
    Symbol::Kind kind = operands.find(base)->kind;
    if (!liesIn(kind, space))
        reader.fail(fill("'$1' lies in .$2, the instruction $3",
            {base.name, spaceOf(kind), space.empty() ? "names no state space" : "takes ." + space}));
}

void checkWritten(Reader& reader, Operands& operands, const Operand& base, const std::string& space)
{
    bool kernels = base.kind == Operand::Symbol && operands.find(base)->kind == Symbol::EntryParameter;
    if (space == "const" || kernels) reader.fail("constants and a kernel's parameters cannot be written");
}

void checkWithin(Reader& reader, const Symbol& variable, const Operand& base, int bytes)
{
    if (variable.bytes == 0 || (base.offset >= 0 && base.offset + bytes <= variable.bytes)) return;
    reader.fail(fill("$1 bytes at offset $2 are outside of '$3', which has $4",
        {decimal(bytes), decimal(base.offset), base.name, decimal(variable.bytes)}));
}
}

std::string plainAddress(Reader& reader, Operands& operands, const Operand& address, const std::string& space)
{
    const Operand& base = address.parts[0];
    checkSpace(reader, operands, base, space);
    return operands.address(base);
}

std::string accessCode(Reader& reader, Operands& operands, const Operand& address, const Access& access)
{
    const Operand& base = address.parts[0];
    std::string code = plainAddress(reader, operands, address, access.space);
    if (!access.effect.empty()) checkWritten(reader, operands, base, access.space);
    if (base.kind == Operand::Symbol) checkWithin(reader, *operands.find(base), base, access.bytes);
    std::string kind = access.effect.empty() ? "EmuRead" : "EmuWrite";
    if (access.strong || access.effect == "a") kind += "|EmuAtomic";
    return fill("$1($2,$3,$4,$5)",
        {functionOf(access.space), code, decimal(access.bytes), kind, decimal(reader.line())});
}
}
