#include "functions.h"

#include "body.h"
#include "declarations.h"
#include "text.h"

namespace emu::ptx
{
namespace
{
// carry is the lane's CC.CF.
const char* const entryText = R"(#line 1 "translation"
EXPORTED void emu_ptx_$1(void** arguments)
{
u8* parameters=(u8*)arguments[0];
bool carry=false;
$2$3}
)";

const char* const functionText = R"(#line 1 "translation"
$1
{
bool carry=false;
$2}
)";

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
        else if (word == ".minnctapersm" || word == ".maxnctapersm" || word == ".maxnreg" || word == ".maxclusterrank")
            reader.integer();
        else if (word == ".pragma")
        {
            reader.next();
            reader.need(";");
        }
        else reader.fail("the emulator does not take directive '" + word + "' of a kernel");
    }
    return limits;
}

std::string requirement(const EntryLimits& limits, int line)
{
    if (limits.required.empty()) return "";
    std::vector<std::string> arguments;
    for (long long size : limits.required) arguments.push_back(decimal(size));
    arguments.push_back(decimal(line));
    return fill("requireBlock($1);\n", {joined(arguments)});
}

// PTX ISA, ".param" of kernels: each parameter at a multiple of its alignment within the block that the launch gives.
void declareEntryParameters(Context& context, Entry& entry)
{
    for (const Declaration& declaration : parameterList(context.reader))
    {
        int bytes = (int)declaration.bytes(), align = declaration.align;
        int offset = (entry.parameterBytes + align - 1) / align * align;
        entry.parameters.push_back({declaration.name, bytes, align, offset});
        entry.parameterBytes = offset + bytes;
        std::string code = fill("(parameters+$1)", {decimal(offset)});
        context.declare(declaration.name, {Symbol::EntryParameter, declaration.type, code, bytes});
    }
}

// Returned values and parameters are passed as addresses of their bytes: "u8* p_a". Their sizes.
std::vector<long long> declareParameters(
    Context& context, const std::vector<Declaration>& declarations, std::vector<std::string>& list)
{
    std::vector<long long> sizes;
    for (const Declaration& declaration : declarations)
    {
        std::string code = cppName("p_", declaration.name);
        list.push_back("u8* " + code);
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
        std::string check = requirement(limits, reader.line());
        context.definitions += fill(entryText, {decimal(entry.index), check, Body(context, true).translate()});
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
    std::string name = reader.word();
    std::vector<std::string> list;
    if (reader.is("(")) parameters = parameterList(reader);
    reader.take(".noreturn");
    Function function{declareParameters(context, returns, list), declareParameters(context, parameters, list)};
    std::string head = fill("static void $1($2)", {cppName("f_", name), joined(list)});
    auto before = context.functions.find(name);
    if (before == context.functions.end()) context.heads += head + ";\n";
    else function.defined = before->second.defined;
    bool declared = reader.take(";");
    if (!declared && function.defined) reader.fail("function '" + name + "' is defined twice");
    function.defined |= !declared;
    context.functions[name] = function;
    if (!declared) context.definitions += fill(functionText, {head, Body(context, false).translate()});
    context.scopes.leave();
}
}
