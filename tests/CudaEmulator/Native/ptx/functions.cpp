#include "functions.h"

#include "body.h"
#include "declarations.h"

namespace emu::ptx
{
namespace
{
std::string decimal(long long number) { return std::to_string(number); }

// "(.param .b32 a, .param .b64 b)"
std::vector<Declaration> parameterList(Reader& reader)
{
    std::vector<Declaration> all;
    reader.need("(");
    while (!reader.take(")"))
    {
        if (!reader.take(".param")) reader.fail("the emulator takes parameters in .param alone");
        all.push_back(parseDeclaration(reader));
        if (!reader.is(")")) reader.need(",");
    }
    return all;
}

// "32, 4, 1": the dimensions left out are 1.
std::vector<long long> dimensions(Reader& reader)
{
    std::vector<long long> all{reader.integer()};
    while (reader.take(",")) all.push_back(reader.integer());
    all.resize(3, 1);
    return all;
}

struct EntryLimits
{
    long long lanes = 1024;          // CUDA's largest block
    std::vector<long long> required; // .reqntid
};

// PTX ISA, "Performance-Tuning Directives" and "Cluster Dimension Directives".
EntryLimits entryLimits(Reader& reader)
{
    EntryLimits limits;
    while (reader.peek().kind == Token::Word && reader.peek().text[0] == '.')
    {
        std::string word = reader.next().text;
        if (word == ".maxntid" || word == ".reqntid")
        {
            std::vector<long long> size = dimensions(reader);
            limits.lanes = size[0] * size[1] * size[2];
            if (word == ".reqntid") limits.required = size;
        }
        else if (word == ".minnctapersm" || word == ".maxnctapersm" || word == ".maxnreg" || word == ".maxclusterrank") reader.integer();
        else if (word == ".pragma")
        {
            reader.next();
            reader.need(";");
        }
        else reader.fail("the emulator does not take directive '" + word + "' of a kernel");
    }
    return limits;
}

// PTX ISA, ".param" of kernels: each parameter at a multiple of its alignment within the block that the launch gives.
void declareEntryParameters(Context& context, Entry& entry)
{
    for (const Declaration& declaration : parameterList(context.reader))
    {
        int offset = (entry.parameterBytes + declaration.align - 1) / declaration.align * declaration.align, bytes = (int)declaration.bytes();
        entry.parameters.push_back({declaration.name, bytes, declaration.align, offset});
        entry.parameterBytes = offset + bytes;
        context.declare(declaration.name, {Symbol::EntryParameter, declaration.type, "(parameters+" + decimal(offset) + ")", bytes});
    }
}

// Returned values and parameters are passed as addresses of their bytes.
std::vector<long long> declareParameters(Context& context, const std::vector<Declaration>& declarations, std::string& head)
{
    std::vector<long long> sizes;
    for (const Declaration& declaration : declarations)
    {
        std::string code = cppName("p_", declaration.name);
        head += std::string(head.empty() ? "" : ",") + "u8* " + code;
        sizes.push_back(declaration.bytes());
        context.declare(declaration.name, {Symbol::Parameter, declaration.type, code, declaration.bytes()});
    }
    return sizes;
}
}

void translateEntry(Context& context)
{
    Reader& reader = context.reader;
    Entry entry{reader.word(), {}, 0, 0, (int)context.result.entries.size()};
    context.scopes.enter();
    if (reader.is("(")) declareEntryParameters(context, entry);
    EntryLimits limits = entryLimits(reader);
    entry.maxLanes = (int)limits.lanes;
    if (!reader.take(";")) // else only declared
    {
        std::string line = decimal(reader.line()), body = Body(context, true).translate(), check;
        if (!limits.required.empty())
            check = "requireBlock(" + decimal(limits.required[0]) + "," + decimal(limits.required[1]) + "," + decimal(limits.required[2]) + ","
                + line + ");\n";
        context.definitions += "extern \"C\" __attribute__((visibility(\"default\"))) void emu_ptx_" + decimal(entry.index)
            + "(void** arguments)\n{\nu8* parameters=(u8*)arguments[0]; bool carry=false;\n" + check + body + "}\n";
        context.result.entries.push_back(entry);
    }
    context.scopes.leave();
}

void translateFunction(Context& context)
{
    Reader& reader = context.reader;
    context.scopes.enter();
    std::vector<Declaration> returns, parameters;
    if (reader.is("(")) returns = parameterList(reader);
    std::string name = reader.word(), arguments;
    if (reader.is("(")) parameters = parameterList(reader);
    reader.take(".noreturn");
    Function function{declareParameters(context, returns, arguments), declareParameters(context, parameters, arguments)};
    std::string head = "static void " + cppName("f_", name) + "(" + arguments + ")";
    auto before = context.functions.find(name);
    if (before == context.functions.end()) context.heads += head + ";\n";
    else function.defined = before->second.defined;
    bool declared = reader.take(";");
    if (!declared && function.defined) reader.fail("function '" + name + "' is defined twice");
    function.defined |= !declared;
    context.functions[name] = function;
    if (!declared) context.definitions += head + "\n{\nbool carry=false;\n" + Body(context, false).translate() + "}\n";
    context.scopes.leave();
}
}
