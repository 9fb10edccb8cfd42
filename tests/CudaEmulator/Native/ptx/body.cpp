#include "body.h"

#include "declarations.h"
#include "forms.h"
#include "text.h"

namespace emu::ptx
{
std::string Body::translate()
{
    block();
    return text;
}

void Body::block()
{
    reader.need("{");
    context.scopes.enter();
    declareLabels();
    text += "{\n";
    while (!reader.take("}"))
    {
        if (reader.peek().kind == Token::End) reader.fail("'}' is missing at the end");
        item();
    }
    text += "}\n";
    context.scopes.leave();
}

// A branch may go forward, so a block's labels are known before its statements. C++ labels are a function's, PTX's a
// block's.
void Body::declareLabels()
{
    int depth = 0;
    for (size_t i = 0; depth >= 0 && reader.peek(i).kind != Token::End; i++)
    {
        const Token& token = reader.peek(i);
        if (token.kind == Token::Mark && token.text == "{") depth++;
        if (token.kind == Token::Mark && token.text == "}") depth--;
        bool isLabel = depth == 0 && token.kind == Token::Word && reader.peek(i + 1).text == ":";
        if (isLabel && reader.peek(i + 2).text != ".branchtargets")
            context.declare(token.text, {Symbol::Label, "", context.uniqueName("l_", token.text)});
    }
}

void Body::item()
{
    if (reader.is("{")) block();
    else if (reader.peek().kind == Token::Word && reader.peek(1).text == ":") label();
    else if (!directive()) statement();
}

bool Body::directive()
{
    if (reader.take(".reg")) declareRegisters(context, text);
    else if (reader.take(".param")) declareInBlock(context, Symbol::Parameter, text);
    else if (reader.take(".local")) declareInBlock(context, Symbol::Local, text);
    else if (reader.take(".shared")) declareShared(context);
    else if (reader.is(".loc") || reader.is(".file")) reader.skipLine(); // for debuggers
    else if (reader.take(".pragma"))
    {
        reader.next(); // a hint for ptxas
        reader.need(";");
    }
    else return false;
    return true;
}

void Body::label()
{
    std::string name = reader.word();
    reader.need(":");
    if (reader.take(".branchtargets"))
    {
        do targets[name].push_back(reader.word());
        while (reader.take(","));
        reader.need(";");
        return;
    }
    Symbol& symbol = labelNamed(name);
    symbol.passed = true;
    text += symbol.code + ":;\n";
}

void Body::statement()
{
    std::string condition = guard(), opcode = reader.word();
    if (opcode[0] == '.') reader.fail("the emulator does not take directive '" + opcode + "'");
    context.result.instructions[opcode]++;
    bool uniform = opcode.size() > 4 && opcode.compare(opcode.size() - 4, 4, ".uni") == 0;
    std::string name = uniform ? opcode.substr(0, opcode.size() - 4) : opcode;
    if (name == "bra") branch(condition, uniform);
    else if (name == "brx.idx") branchByIndex(condition, uniform);
    else if (name == "call") call(condition);
    else if (name == "ret") emit(condition, "return;");
    else if (name == "exit") emit(condition, entry ? "return;" : "emu->leave();");
    else ordinary(condition, opcode);
    int line = reader.line();
    reader.need(";");
    reader.setLine(line);
}

// "@p" or "@!p"
std::string Body::guard()
{
    if (!reader.take("@")) return "";
    Operand operand = context.operands.parse();
    return context.operands.value(operand, "pred", false);
}

void Body::emit(const std::string& guard, const std::string& code)
{
    // "ptx" as the file is how the driver knows a line of the PTX by an address in the library.
    std::string line = decimal(reader.line());
    text += fill(guard.empty() ? "#line $2 \"ptx\"\n$1\n" : "#line $2 \"ptx\"\nif($3){$1}\n", {code, line, guard});
}

void Body::ordinary(const std::string& guard, const std::string& opcode)
{
    int line = reader.line();
    std::vector<Operand> given;
    for (bool more = !reader.is(";"); more; more = reader.take(",")) given.push_back(context.operands.parse());
    reader.setLine(line);
    emit(guard, translateInstruction(reader, context.operands, opcode, given));
}
}
