#include "modifiers.h"

#include <cctype>
#include <map>

namespace emu::ptx
{
const std::vector<std::string>& choicesOf(const std::string& word)
{
    static std::map<std::string, std::vector<std::string>> groups = {
        // rounding
        {"rnd", {"rn", "rz", "rm", "rp"}},
        {"irnd", {"rni", "rzi", "rmi", "rpi"}},
        // comparisons
        {"cmp", {"eq", "ne", "lt", "le", "gt", "ge"}},
        {"ucmp", {"lo", "ls", "hi", "hs"}},
        {"equal", {"eq", "ne"}},
        {"fcmp", {"eq", "ne", "lt", "le", "gt", "ge", "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan"}},
        {"bool", {"and", "or", "xor"}},
        {"test", {"finite", "infinite", "number", "notanumber", "normal", "subnormal"}},
        // bits
        {"edge", {"clamp", "wrap"}},
        {"bytes", {"f4e", "b4e", "rc8", "ecl", "ecr", "rc16"}},
        // memory
        {"space", {"global", "shared", "shared::cta", "local", "param", "param::entry", "param::func", "const"}},
        {"atomspace", {"global", "shared", "shared::cta"}},
        {"toshared", {"shared", "shared::cta"}},
        {"strongload", {"volatile", "relaxed", "acquire"}},
        {"strongstore", {"volatile", "relaxed", "release"}},
        {"sem", {"relaxed", "acquire", "release", "acq_rel"}},
        {"scope", {"cta", "cluster", "gpu", "sys"}},
        {"cop", {"ca", "cg", "cs", "lu", "cv", "wb", "wt"}},
        {"evict", {"L1::evict_normal", "L1::evict_unchanged", "L1::evict_first", "L1::evict_last", "L1::no_allocate"}},
        {"evict2", {"L2::evict_normal", "L2::evict_first", "L2::evict_last"}},
        {"prefetch", {"L2::64B", "L2::128B", "L2::256B"}},
        {"level", {"L1", "L2", "L2::evict_normal", "L2::evict_last"}},
        // warps
        {"shuffle", {"up", "down", "bfly", "idx"}},
        {"vote", {"all", "any", "uni"}},
        {"extreme", {"add", "min", "max"}},
    };
    auto found = groups.find(word);
    return found != groups.end() ? found->second : groups[word] = {word};
}

std::string constantOf(const std::string& modifier)
{
    std::string name = modifier;
    name[0] = (char)std::toupper((unsigned char)name[0]);
    return name;
}
}
