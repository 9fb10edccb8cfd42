// The statements of a function.
#pragma once
#include "context.h"

namespace emu::ptx
{
class Body
{
public:
    Body(Context& context, bool entry) : context(context), reader(context.reader), entry(entry) { }

    /// From '{' to '}'; the C++ block.
    std::string translate();

private:
    Context& context;
    Reader& reader;
    bool entry; // a kernel, not a function
    std::string text;
    std::map<std::string, std::vector<std::string>> targets; // .branchtargets

    void block();
    void declareLabels();
    void item();
    bool directive();
    void label();
    void statement();
    std::string guard();
    void emit(const std::string& guard, const std::string& code);
    Symbol& labelNamed(const std::string& name);
    std::string branchTo(const std::string& name);
    void branch(const std::string& guard, bool uniform);
    void branchByIndex(const std::string& guard, bool uniform);
    void call(const std::string& guard);
    std::vector<const Symbol*> arguments();
    void ordinary(const std::string& guard, const std::string& opcode);
};
}
