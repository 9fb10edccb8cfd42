// Functions that a text calls and does not have.
#include "functions.h"
#include "text.h"

namespace emu::ptx
{
namespace
{
// What libdevice would bring, where clang compiled without it: this processor's mathematics, of .f64, and with an f of
// .f32.
const std::set<std::string> mathematics = {
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "tanh", "sin", "cos", "tan", "atan", "pow",
    "fmod"};

// The C++ of a function of the host's mathematics; empty where it is none.
std::string mathematical(const std::string& name, const Function& function)
{
    bool single = name.back() == 'f' && mathematics.count(name.substr(0, name.size() - 1));
    if (!single && !mathematics.count(name)) return "";
    std::vector<long long> one{single ? 4 : 8}, two{one[0], one[0]};
    bool ofTwo = name.compare(0, 3, "pow") == 0 || name.compare(0, 4, "fmod") == 0;
    if (function.returns != one || function.parameters != (ofTwo ? two : one)) return "";
    return fill(ofTwo ? "extern \"C\" $1 $2($1,$1);\n"
                        "static void $3(u8* r,u8* a,u8* b){store((u64)r,$2(load<$1>((u64)a),load<$1>((u64)b)));}\n"
                      : "extern \"C\" $1 $2($1);\n"
                        "static void $3(u8* r,u8* a){store((u64)r,$2(load<$1>((u64)a)));}\n",
        {single ? "f32" : "f64", name, cppName("f_", name)});
}

// __assertfail(message, file, line, function, size of a character)
std::string assertion(const std::string& name, const Function& function)
{
    const std::vector<long long> parameters{8, 8, 4, 8, 8};
    if (name != "__assertfail" || function.parameters != parameters) return "";
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
