// Functions that a text calls and does not have.
#include "functions.h"

namespace emu::ptx
{
namespace
{
// What libdevice would bring, where clang compiled without it: this processor's mathematics, of .f64, and with an f of .f32.
const std::set<std::string> mathematics = {"exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "tanh", "sin", "cos", "tan", "atan", "pow"};

// The C++ of a function of the host's mathematics; empty where it is none.
std::string mathematical(const std::string& name, const Function& function)
{
    bool single = name.back() == 'f' && mathematics.count(name.substr(0, name.size() - 1));
    if (!single && !mathematics.count(name)) return "";
    long long bytes = single ? 4 : 8;
    size_t count = function.parameters.size();
    if (function.returns != std::vector<long long>{bytes} || function.parameters != std::vector<long long>(count, bytes)) return "";
    if (count != (name.substr(0, 3) == "pow" ? 2 : 1)) return "";
    std::string type = single ? "f32" : "f64", value = "load<" + type + ">((u64)", list = count == 2 ? ",u8* b" : "";
    return "extern \"C\" " + type + " " + name + "(" + type + (count == 2 ? "," + type : "") + ");\n" + "static void " + cppName("f_", name)
        + "(u8* result,u8* a" + list + "){store((u64)result," + name + "(" + value + "a)" + (count == 2 ? "," + value + "b)" : "") + "));}\n";
}

// __assertfail(message, file, line, function, size of a character)
std::string assertion(const std::string& name, const Function& function)
{
    if (name != "__assertfail" || function.parameters != std::vector<long long>{8, 8, 4, 8, 8}) return "";
    return "static void f___assertfail(u8* message,u8*,u8* line,u8*,u8*){assertion(load<u64>((u64)message),0);}\n";
}
}

void defineExternals(Context& context)
{
    for (const std::string& name : context.called)
    {
        const Function& function = context.functions[name];
        if (function.defined) continue;
        std::string text = mathematical(name, function) + assertion(name, function);
        if (text.empty()) context.reader.fail("function '" + name + "' is called, and nowhere defined");
        context.definitions += text;
    }
}
}
