#include "reader.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "translator.h"

namespace emu::ptx
{
namespace
{
std::string lineOf(const std::string& text, int number)
{
    std::istringstream lines(text);
    std::string line;
    for (int i = 0; i < number; i++)
        if (!std::getline(lines, line)) return "";
    size_t first = line.find_first_not_of(" \t"), last = line.find_last_not_of(" \t\r");
    return first == std::string::npos ? "" : line.substr(first, last - first + 1);
}
}

Reader::Reader(const std::string& text) : text(text), tokens(tokensOf(text)) { }

const Token& Reader::peek(size_t ahead) const { return tokens[std::min(at + ahead, tokens.size() - 1)]; }

Token Reader::next()
{
    Token token = peek();
    current = token.line;
    at++;
    return token;
}

bool Reader::is(const std::string& text) const { return peek().kind != Token::Text && peek().text == text; }

bool Reader::take(const std::string& text)
{
    if (!is(text)) return false;
    next();
    return true;
}

void Reader::need(const std::string& text)
{
    if (take(text)) return;
    fail("'" + text + "' expected" + (peek().kind == Token::End ? "" : " before '" + peek().text + "'"));
}

std::string Reader::word()
{
    if (peek().kind != Token::Word) fail("a name expected before '" + peek().text + "'");
    return next().text;
}

long long Reader::integer()
{
    bool negative = take("-");
    unsigned long long value;
    if (peek().kind != Token::Number || !parseInteger(peek().text, value))
        fail("a number expected before '" + peek().text + "'");
    next();
    return (long long)(negative ? 0 - value : value);
}

void Reader::skipLine()
{
    int line = peek().line;
    while (peek().kind != Token::End && peek().line == line) at++;
}

void Reader::fail(const std::string& what) const
{
    throw Error{current, what + ", in '" + lineOf(text, current) + "'"};
}

bool parseInteger(const std::string& token, unsigned long long& value)
{
    std::string digits = token;
    while (!digits.empty() && (digits.back() == 'U' || digits.back() == 'u')) digits.pop_back();
    int base = 0;
    if (digits.size() > 2 && digits[0] == '0' && (digits[1] == 'b' || digits[1] == 'B'))
    {
        base = 2;
        digits = digits.substr(2);
    }
    char* end;
    value = std::strtoull(digits.c_str(), &end, base);
    return !digits.empty() && *end == 0;
}
}
