#include "translator.h"

#include "context.h"
#include "declarations.h"
#include "functions.h"

namespace emu::ptx
{
namespace
{
void alias(Context& context)
{
    std::string name = context.reader.word();
    context.reader.need(",");
    context.aliases[name] = context.reader.word();
    context.reader.need(";");
}

void target(Context& context)
{
    context.result.target = context.reader.word();
    while (context.reader.take(",")) context.reader.word(); // texmode_independent, debug
}

void addressSize(Context& context)
{
    if (context.reader.integer() != 64) context.reader.fail("the emulator takes addresses of 64 bits alone");
}

// DWARF: data in braces.
void section(Context& context)
{
    context.reader.word();
    context.reader.need("{");
    while (!context.reader.take("}"))
        if (context.reader.next().kind == Token::End) context.reader.fail("'}' is missing at the end");
}

void pragma(Context& context)
{
    context.reader.next();
    context.reader.need(";");
}

// PTX ISA, "Linking Directives".
bool isLinking(const std::string& word)
{
    return word == ".visible" || word == ".extern" || word == ".weak" || word == ".common";
}

void directive(Context& context)
{
    Reader& reader = context.reader;
    bool external = false;
    std::string word = reader.next().text;
    while (isLinking(word))
    {
        external |= word == ".extern";
        word = reader.next().text;
    }
    if (word == ".version") context.result.version = reader.next().text;
    else if (word == ".target") target(context);
    else if (word == ".address_size") addressSize(context);
    else if (word == ".entry") translateEntry(context);
    else if (word == ".func") translateFunction(context);
    else if (word == ".global") declareModuleVariable(context, Symbol::Global, external);
    else if (word == ".const") declareModuleVariable(context, Symbol::Constant, external);
    else if (word == ".shared") declareShared(context);
    else if (word == ".alias") alias(context);
    else if (word == ".pragma") pragma(context);
    else if (word == ".section") section(context);
    else if (word == ".file" || word == ".loc") reader.skipLine();
    else reader.fail("the emulator does not take directive '" + word + "'");
}
}

Translation translate(const std::string& text)
{
    Context context(text);
    while (context.reader.peek().kind != Token::End) directive(context);
    if (context.result.version.empty() || context.result.target.empty())
        context.reader.fail("there is no .version or no .target");
    defineExternals(context);
    context.result.sharedBytes = (context.result.sharedBytes + 15) / 16 * 16;
    context.result.text = context.heads + context.definitions;
    return context.result;
}
}
