#include "symbols.h"

namespace emu::ptx
{
std::string cppName(const std::string& prefix, const std::string& name)
{
    std::string result = prefix;
    for (char c : name)
        if (c == '%') result += "p_";
        else if (c == '$') result += "d_";
        else if (c == '.') result += "_dot_";
        else result += c;
    return result;
}
}
