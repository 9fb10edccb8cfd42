// PTX ISA, "Control Flow Instructions": branches and calls.
#include "body.h"

namespace emu::ptx
{
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
    return (label.passed ? "branchBack();goto " : "goto ") + label.code + ";";
}

void Body::branch(const std::string& guard, bool uniform)
{
    if (uniform && !guard.empty()) emit("", "uniform(" + guard + "," + std::to_string(reader.line()) + ");");
    emit(guard, branchTo(reader.word()));
}

void Body::branchByIndex(const std::string& guard, bool uniform)
{
    std::string line = std::to_string(reader.line());
    Operand index = context.operands.parse();
    reader.need(",");
    std::string table = reader.word();
    auto found = targets.find(table);
    if (found == targets.end()) reader.fail("there is no .branchtargets '" + table + "' before");
    std::string value = context.operands.value(index, "u32", false), code;
    if (uniform) code = "uniform(" + value + "," + line + ");";
    code += "switch(" + value + "){";
    for (size_t i = 0; i < found->second.size(); i++) code += "case " + std::to_string(i) + ":" + branchTo(found->second[i]);
    emit(guard, code + "default:outsideOfTargets(" + line + ");}");
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
        if (!symbol || symbol->kind != Symbol::Parameter) reader.fail("'" + name + "' is no .param: the emulator's calls take no other");
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
    auto fits = [](const std::vector<const Symbol*>& variables, const std::vector<long long>& sizes) {
        bool same = variables.size() == sizes.size();
        for (size_t i = 0; same && i < sizes.size(); i++) same = variables[i]->bytes == sizes[i];
        return same;
    };
    if (!fits(returned, function->second.returns) || !fits(given, function->second.parameters))
        reader.fail("'" + name + "' is called with other parameters than it has");
    context.called.insert(name);
    std::string list;
    returned.insert(returned.end(), given.begin(), given.end());
    for (const Symbol* variable : returned) list += (list.empty() ? "" : ",") + variable->code;
    emit(guard, cppName("f_", name) + "(" + list + ");");
}
}
