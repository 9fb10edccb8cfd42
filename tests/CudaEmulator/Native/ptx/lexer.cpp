#include "lexer.h"

#include <cctype>
#include <cstring>

namespace emu::ptx
{
namespace
{
bool isDigit(char c) { return std::isdigit((unsigned char)c); }
bool isNamePart(char c) { return std::isalnum((unsigned char)c) || c == '_' || c == '$'; }
bool isNameStart(char c) { return (isNamePart(c) && !isDigit(c)) || c == '%' || c == '.'; }

class Lexer
{
public:
    explicit Lexer(const std::string& text) : text(text) { }

    std::vector<Token> run()
    {
        while (at < text.size() && text[at] != 0)
        {
            if (std::isspace((unsigned char)text[at])) step();
            else if (starts("//")) skipLine();
            else if (starts("/*")) skipComment();
            else tokens.push_back(token());
        }
        tokens.push_back({Token::End, "", line});
        return tokens;
    }

private:
    const std::string& text;
    size_t at = 0;
    int line = 1;
    std::vector<Token> tokens;

    char peek(size_t ahead = 0) const { return at + ahead < text.size() ? text[at + ahead] : 0; }
    bool starts(const char* with) const { return text.compare(at, std::strlen(with), with) == 0; }

    void step()
    {
        if (text[at++] == '\n') line++;
    }

    void skipLine()
    {
        while (at < text.size() && text[at] != '\n') at++;
    }

    void skipComment()
    {
        while (at < text.size() && !starts("*/")) step();
        at += 2;
    }

    Token token()
    {
        size_t begin = at;
        int first = line;
        if (peek() == '"') return {Token::Text, quoted(), first};
        Token::Kind kind = isDigit(peek()) ? Token::Number : isNameStart(peek()) ? Token::Word : Token::Mark;
        if (kind == Token::Number) skipNumber();
        else if (kind == Token::Word) skipWord();
        else at++;
        return {kind, text.substr(begin, at - begin), first};
    }

    std::string quoted()
    {
        std::string inside;
        for (step(); at < text.size() && text[at] != '"'; step())
        {
            if (text[at] == '\\') inside += text[at++];
            inside += text[at];
        }
        at++;
        return inside;
    }

    // A sign belongs to a decimal number after its e.
    void skipNumber()
    {
        bool decimal = !(peek() == '0' && peek(1) && std::strchr("xXfFdDbB", peek(1)));
        auto isSign = [&] { return decimal && (peek() == '+' || peek() == '-') && std::tolower(text[at - 1]) == 'e'; };
        while (std::isalnum((unsigned char)peek()) || peek() == '.' || isSign()) at++;
    }

    void skipWord()
    {
        at++;
        while (true)
        {
            if (isNamePart(peek()) || (peek() == '.' && isNamePart(peek(1)))) at++;
            else if (starts("::")) at += 2;
            else return;
        }
    }
};
}

std::vector<Token> tokensOf(const std::string& text) { return Lexer(text).run(); }
}
