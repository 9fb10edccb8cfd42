#include "declarations.h"

#include <algorithm>

#include "initializers.h"
#include "text.h"
#include "types.h"

namespace emu::ptx
{
namespace
{
long long roundedUp(long long number, long long to) { return (number + to - 1) / to * to; }

std::string typeName(Reader& reader, const std::string& word)
{
    std::string type = word.substr(1);
    if (word[0] != '.' || !isType(type)) reader.fail("the emulator does not take type '" + word + "'");
    return type;
}

// What a register holds before it is first written: an odd address, an odd number, a NaN.
std::string unwritten(const std::string& type)
{
    switch (type == "pred" ? 0 : bytesOf(type))
    {
        case 0: return "false";
        case 1: return "0xfb";
        case 2: return "0xfbad";
        case 4: return "0xffbadbad";
        default: return "0xfffbad00bad0bad1";
    }
}
}

long long Declaration::count() const
{
    long long all = 1;
    for (long long dimension : dimensions) all *= dimension;
    return all;
}

long long Declaration::bytes() const { return count() * bytesOf(type); }

Declaration parseDeclaration(Reader& reader)
{
    Declaration declaration;
    long long vector = 1;
    while (reader.peek().kind == Token::Word && reader.peek().text[0] == '.')
    {
        std::string word = reader.next().text;
        if (word == ".align")
        {
            // after the type it is that of what a pointer points to
            int align = (int)reader.integer();
            if (declaration.type.empty()) declaration.align = align;
        }
        else if (word == ".v2" || word == ".v4") vector = word[2] - '0';
        else if (word == ".ptr") // of which state space is no matter
            for (const char* space : {".global", ".shared", ".const", ".local"}) reader.take(space);
        else declaration.type = typeName(reader, word);
    }
    if (declaration.type.empty()) reader.fail("a declaration has no type");
    declaration.name = reader.word();
    while (reader.take("["))
    {
        bool open = reader.is("]");
        declaration.dimensions.push_back(open ? 0 : reader.integer());
        reader.need("]");
    }
    if (vector > 1) declaration.dimensions.push_back(vector);
    if (declaration.align == 0) declaration.align = (int)(bytesOf(declaration.type) * vector);
    return declaration;
}

void declareRegisters(Context& context, std::string& body)
{
    Reader& reader = context.reader;
    std::string type = typeName(reader, reader.word()), cpp = registerTypeOf(type), names, values;
    do
    {
        std::string name = reader.word();
        bool several = reader.take("<");
        long long count = several ? reader.integer() : 1;
        if (several) reader.need(">");
        for (long long i = 0; i < count; i++)
        {
            std::string full = several ? name + decimal(i) : name, code = cppName("r_", full);
            context.declare(full, {Symbol::Register, type, code});
            names += (names.empty() ? "" : ",") + code;
            values += code + "=";
        }
    } while (reader.take(","));
    reader.need(";");
    // Branches may pass a declaration, but no initialization.
    if (!names.empty()) body += cpp + " " + names + "; " + values + unwritten(type) + ";\n";
}

void declareInBlock(Context& context, Symbol::Kind kind, std::string& body)
{
    Declaration declaration = parseDeclaration(context.reader);
    context.reader.need(";");
    bool local = kind == Symbol::Local;
    std::string name = context.uniqueName(local ? "m_" : "p_", declaration.name);
    std::string address = local ? fill("($1)+LocalWindow", {name}) : name;
    std::string align = decimal(std::max(declaration.align, 8));
    context.declare(declaration.name, {kind, declaration.type, address, declaration.bytes()});
    body += fill("alignas($1) u8 $2[$3];\n", {align, name, decimal(declaration.bytes())});
    if (local) body += fill("__builtin_memset($1,0xfd,sizeof $1);\n", {name});
}

void declareShared(Context& context)
{
    Declaration declaration = parseDeclaration(context.reader);
    context.reader.need(";");
    long long bytes = declaration.bytes();
    if (bytes == 0) // .extern .shared .b8 name[]: what the launch gives
    {
        context.declare(declaration.name, {Symbol::Shared, declaration.type, "dynamicShared()", 0});
        return;
    }
    long long offset = roundedUp(context.result.sharedBytes, declaration.align);
    context.result.sharedBytes = (int)(offset + bytes);
    context.declare(declaration.name, {Symbol::Shared, declaration.type, decimal(offset), bytes});
}

void declareModuleVariable(Context& context, Symbol::Kind kind, bool external)
{
    Declaration declaration = parseDeclaration(context.reader);
    if (external)
        context.reader.fail("'" + declaration.name + "' is of another module, and the emulator does not link modules");
    std::vector<std::string> values = parseInitializer(context, declaration);
    context.reader.need(";");
    std::string name = cppName("g_", declaration.name);
    context.declare(declaration.name, {kind, declaration.type, name, declaration.bytes()});
    std::string align = decimal(std::max(declaration.align, 16)), count = decimal(std::max(declaration.count(), 1ll));
    context.heads += fill("EXPORTED alignas($1) u$2 $3[$4]={$5};\n",
        {align, decimal(bytesOf(declaration.type) * 8), name, count, joined(values)});
}
}
