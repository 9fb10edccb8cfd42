// PTX text as tokens.
#pragma once
#include <string>
#include <vector>

namespace emu::ptx
{
struct Token
{
    enum Kind
    {
        Word,   // a name, directive, register or instruction, with its dots: ".visible", "%r1",
                // "ld.global.L1::evict_last.f32"
        Number, // 12, 0x1f, 0f3F800000, 1.5e3
        Text,   // in quotes, without them
        Mark,   // one character
        End,
    };

    Kind kind;
    std::string text;
    int line; // 1-based
};

/// The last token is an End.
std::vector<Token> tokensOf(const std::string& text);
}
