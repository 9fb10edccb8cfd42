// Tokens one after the other, and errors that say where.
#pragma once
#include "lexer.h"

namespace emu::ptx
{
class Reader
{
public:
    explicit Reader(const std::string& text);

    /// Of the token that was read last, or that of a statement that is being translated.
    int line() const { return current; }
    void setLine(int line) { current = line; }

    const Token& peek(size_t ahead = 0) const;
    Token next();

    /// Whether the next token is this one, not in quotes.
    bool is(const std::string& text) const;

    /// The same; takes it if so.
    bool take(const std::string& text);

    void need(const std::string& text);
    std::string word();
    long long integer();

    /// To the next token of another line.
    void skipLine();

    /// Throws Error with the line and its text.
    [[noreturn]] void fail(const std::string& what) const;

private:
    std::string text;
    std::vector<Token> tokens;
    size_t at = 0;
    int current = 1;
};

/// False where a token is no integer: decimal, 0x, 0b or octal, with U.
bool parseInteger(const std::string& token, unsigned long long& value);
}
