// C++ text with places for parts of it.
#pragma once
#include <string>
#include <vector>

namespace emu::ptx
{
/// The text with $1 as the first part, $2 as the second, ... A text is at most nine parts.
inline std::string fill(const std::string& text, const std::vector<std::string>& parts)
{
    std::string result;
    for (size_t at = 0; at < text.size(); at++)
        if (text[at] == '$') result += parts.at(text[++at] - '1');
        else result += text[at];
    return result;
}

inline std::string decimal(long long number) { return std::to_string(number); }

/// "a,b,c"
inline std::string joined(const std::vector<std::string>& parts)
{
    std::string all;
    for (const std::string& part : parts) all += (all.empty() ? "" : ",") + part;
    return all;
}
}
