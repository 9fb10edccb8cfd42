// PTX ISA, "Control Flow Instructions": branches and calls.
#include "body.h"
#include "text.h"

namespace emu::ptx
{
namespace
{
std::vector<long long> sizesOf(const std::vector<const Symbol*>& variables)
{
    std::vector<long long> sizes;
    for (const Symbol* variable : variables) sizes.push_back(variable->bytes);
    return sizes;
}
}

Symbol& Body::labelNamed(const std::string& name)
{
    Symbol* symbol = context.scopes.find(name);
    if (!symbol || symbol->kind != Symbol::Label) reader.fail("there is no label '" + name + "'");
    return *symbol;
}

// Backwards, other lanes get a turn now and then: the loop may wait for one of them, or never end.
std::string Body::branchTo(const std::string& name)
{
    Symbol& label = labelNamed(name);
    return fill(label.passed ? "branchBack();goto $1;" : "goto $1;", {label.code});
}

void Body::branch(const std::string& guard, bool uniform)
{
    if (uniform && !guard.empty()) emit("", fill("uniform($1,$2);", {guard, decimal(reader.line())}));
    emit(guard, branchTo(reader.word()));
}

void Body::branchByIndex(const std::string& guard, bool uniform)
{
    std::string line = decimal(reader.line());
    Operand index = context.operands.parse();
    reader.need(",");
    std::string table = reader.word();
    auto found = targets.find(table);
    if (found == targets.end()) reader.fail("there is no .branchtargets '" + table + "' before");
    std::string value = context.operands.value(index, "u32", false), cases;
    for (const std::string& target : found->second)
        cases += fill("case $1:$2", {decimal(&target - found->second.data()), branchTo(target)});
    if (uniform) emit(guard, fill("uniform($1,$2);", {value, line}));
    emit(guard, fill("switch($1){$2default:outsideOfTargets($3);}", {value, cases, line}));
}

// "(a, b)"
std::vector<const Symbol*> Body::arguments()
{
    std::vector<const Symbol*> all;
    reader.need("(");
    while (!reader.take(")"))
    {
        std::string name = reader.word();
        const Symbol* symbol = context.scopes.find(name);
        if (!symbol || symbol->kind != Symbol::Parameter)
            reader.fail("'" + name + "' is no .param: the emulator's calls take no other");
        all.push_back(symbol);
        if (!reader.is(")")) reader.need(",");
    }
    return all;
}

void Body::call(const std::string& guard)
{
    std::vector<const Symbol*> returned, given;
    if (reader.is("("))
    {
        returned = arguments();
        reader.need(",");
    }
    std::string name = reader.word();
    if (context.scopes.find(name)) reader.fail("the emulator does not take a call through a register");
    if (reader.take(",")) given = arguments();
    if (auto alias = context.aliases.find(name); alias != context.aliases.end()) name = alias->second;
    auto function = context.functions.find(name);
    if (function == context.functions.end()) reader.fail("there is no function '" + name + "' before");
    if (sizesOf(returned) != function->second.returns || sizesOf(given) != function->second.parameters)
        reader.fail("'" + name + "' is called with other parameters than it has");
    context.called.insert(name);
    std::vector<std::string> list;
    for (const Symbol* variable : returned) list.push_back(variable->code);
    for (const Symbol* variable : given) list.push_back(variable->code);
    emit(guard, fill("$1($2);", {cppName("f_", name), joined(list)}));
}
}
