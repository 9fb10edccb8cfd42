#include "operands.h"

#include <cstdlib>
#include <cstring>

#include "special_registers.h"
#include "text.h"
#include "types.h"

namespace emu::ptx
{
namespace
{
std::string quoted(const std::string& name) { return "'" + name + "'"; }

std::string literal(unsigned long long bits) { return std::to_string(bits) + "ull"; }

std::string mismatch(const std::string& what, const std::string& is, const std::string& type)
{
    return fill("$1 is of .$2 where .$3 is due", {what, is, type});
}

bool holdsAddress(const std::string& type)
{
    Family family = familyOf(type);
    return (family == Family::Bits || family == Family::Integer) && bytesOf(type) >= 4;
}
}

Operand Operands::parse()
{
    if (reader.take("!"))
    {
        Operand operand = parse();
        operand.negated = true;
        return operand;
    }
    if (reader.take("{")) return list();
    if (reader.take("[")) return bracketed();
    if (reader.is("-") || reader.is("~") || reader.peek().kind == Token::Number) return number();
    return named();
}

Operand Operands::list()
{
    Operand operand;
    operand.kind = Operand::List;
    do operand.parts.push_back(parse());
    while (reader.take(","));
    reader.need("}");
    return operand;
}

Operand Operands::bracketed()
{
    Operand base = parse();
    bool fits = base.kind == Operand::Register || base.kind == Operand::Symbol || base.kind == Operand::Integer;
    if (!fits) reader.fail("an address is a register, a variable or a number, with an offset");
    if (reader.take("+") || reader.is("-")) base.offset += reader.integer();
    reader.need("]");
    Operand operand;
    operand.kind = Operand::Address;
    operand.parts.push_back(base);
    return operand;
}

// 0fXXXXXXXX and 0dXXXXXXXXXXXXXXXX are bits of a float and a double.
Operand Operands::number()
{
    bool negative = reader.take("-"), inverted = !negative && reader.take("~");
    std::string text = reader.next().text;
    Operand operand;
    unsigned long long bits;
    bool prefixed = text.size() > 2 && text[0] == '0';
    bool single = prefixed && std::tolower(text[1]) == 'f', both = prefixed && std::tolower(text[1]) == 'd';
    if (single || both)
    {
        operand.kind = Operand::Real;
        operand.realType = single ? "f32" : "f64";
        if (text.size() != (single ? 10u : 18u)) reader.fail(quoted(text) + " has not all its hexadecimal digits");
        operand.bits = std::strtoull(text.c_str() + 2, nullptr, 16);
        if (negative) operand.bits ^= single ? 1ull << 31 : 1ull << 63;
    }
    else if (parseInteger(text, bits))
    {
        operand.kind = Operand::Integer;
        operand.bits = negative ? 0 - bits : inverted ? ~bits : bits;
    }
    else if (text.find_first_not_of("0123456789.eE+-") == std::string::npos)
    {
        operand.kind = Operand::Real;
        operand.realType = "decimal";
        double value = std::atof(text.c_str()) * (negative ? -1 : 1);
        std::memcpy(&operand.bits, &value, sizeof value);
    }
    else reader.fail(quoted(text) + " is no number");
    return operand;
}

Operand Operands::named()
{
    Operand operand;
    operand.name = reader.word();
    if (operand.name == "_") return operand;
    if (operand.name == "WARP_SZ")
    {
        operand.kind = Operand::Integer;
        operand.bits = 32;
        return operand;
    }
    ptx::Symbol* symbol = scopes.find(operand.name);
    if (!symbol && operand.name[0] == '%')
    {
        operand.kind = Operand::Special;
        if (specialRegister(operand.name).code.empty())
            reader.fail(
                "register " + quoted(operand.name) + " is neither declared nor a special one that the emulator takes");
        return operand;
    }
    if (!symbol) reader.fail(quoted(operand.name) + " is not declared");
    if (symbol->kind == ptx::Symbol::Label) reader.fail(quoted(operand.name) + " is a label");
    operand.kind = symbol->kind == ptx::Symbol::Register ? Operand::Register : Operand::Symbol;
    operand.predicate = symbol->type == "pred";
    if (operand.kind == Operand::Symbol && reader.take("+")) operand.offset = reader.integer();
    if (operand.kind == Operand::Register && reader.take("|")) operand.second = reader.word();
    return operand;
}

std::string Operands::value(const Operand& operand, const std::string& type, bool wider)
{
    if (operand.negated && type != "pred") reader.fail("'!' stands before what is no predicate");
    std::string no = operand.negated ? "!" : "";
    switch (operand.kind)
    {
        case Operand::Register: return no + registerValue(operand, type, wider);
        case Operand::Integer: return no + integerValue(operand, type);
        case Operand::Real: return realValue(operand, type);
        case Operand::Special: return no + specialValue(operand, type, wider);
        case Operand::Symbol: return symbolValue(operand, type);
        default: reader.fail("a value is due where there is none");
    }
}

std::string Operands::registerValue(const Operand& operand, const std::string& type, bool wider)
{
    const ptx::Symbol& symbol = *find(operand);
    if (!operand.second.empty()) reader.fail("'|' stands in an operand that is read");
    if (!agrees(symbol.type, type, wider)) reader.fail(mismatch(quoted(operand.name), symbol.type, type));
    return type == "pred" ? symbol.code : fill("as<$1>($2)", {type, symbol.code});
}

std::string Operands::integerValue(const Operand& operand, const std::string& type)
{
    if (type == "pred") return operand.bits ? "true" : "false";
    if (familyOf(type) == Family::Real) reader.fail("an integer stands where ." + type + " is due");
    return fill("as<$1>($2)", {type, literal(operand.bits)});
}

// A constant may also be a register's bits (mov.b32).
std::string Operands::realValue(const Operand& operand, const std::string& type)
{
    bool decimal = operand.realType == "decimal";
    std::string held = decimal ? "f64" : operand.realType, number = fill("as<$1>($2)", {held, literal(operand.bits)});
    if (type == "f32" || type == "f64") return type == held ? number : fill("($1)$2", {type, number});
    bool bits = familyOf(type) == Family::Bits && bytesOf(type) == bytesOf(held);
    if (!bits) reader.fail("a real number stands where ." + type + " is due");
    return fill("as<$1>($2)", {type, literal(operand.bits)});
}

std::string Operands::specialValue(const Operand& operand, const std::string& type, bool wider)
{
    SpecialRegister special = specialRegister(operand.name);
    if (!agrees(special.type, type, wider)) reader.fail(mismatch(quoted(operand.name), special.type, type));
    return type == "pred" ? special.code : fill("as<$1>($2)", {type, special.code});
}

std::string Operands::symbolValue(const Operand& operand, const std::string& type)
{
    const ptx::Symbol& symbol = *find(operand);
    if (symbol.kind == ptx::Symbol::Parameter)
        reader.fail("the address of parameter " + quoted(operand.name) + " is taken");
    bool small = symbol.kind == ptx::Symbol::Shared;
    if (!holdsAddress(type) || (bytesOf(type) < 8 && !small))
        reader.fail("an address stands where ." + type + " is due");
    return fill("as<$1>($2)", {type, address(operand)});
}

std::string Operands::assign(const Operand& operand, const std::string& type, const std::string& expression, bool wider)
{
    if (operand.kind == Operand::Sink) return fill("(void)($1);", {expression});
    if (operand.kind != Operand::Register || operand.negated) reader.fail("the result goes where no register is");
    const ptx::Symbol& symbol = *find(operand);
    if (!agrees(symbol.type, type, wider)) reader.fail(mismatch(quoted(operand.name), symbol.type, type));
    if (type == "pred") return symbol.code + "=" + expression + ";";
    return fill("$1=bits<$2>(($3)($4));", {symbol.code, registerTypeOf(symbol.type), type, expression});
}

std::string Operands::secondPredicate(const Operand& operand)
{
    if (operand.second.empty() || operand.second == "_") return "";
    const ptx::Symbol* symbol = scopes.find(operand.second);
    if (!symbol || symbol->kind != ptx::Symbol::Register || symbol->type != "pred")
        reader.fail(quoted(operand.second) + " is no predicate");
    return symbol->code;
}

std::string Operands::address(const Operand& base)
{
    std::string offset = decimal(base.offset);
    if (base.kind == Operand::Integer) return fill("($1+$2ll)", {literal(base.bits), offset});
    const ptx::Symbol& symbol = *find(base);
    if (base.kind == Operand::Register)
    {
        if (!holdsAddress(symbol.type))
            reader.fail("an address is in " + quoted(base.name) + ", a register of ." + symbol.type);
    }
    return fill("((u64)$1+$2ll)", {symbol.code, offset});
}
}
