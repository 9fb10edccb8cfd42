#include "forms.h"

#include <algorithm>
#include <cctype>

#include "addresses.h"
#include "modifiers.h"
#include "patterns.h"
#include "text.h"
#include "types.h"

namespace emu::ptx
{
namespace
{
/// One instruction of a known form.
class Instruction
{
public:
    Instruction(Reader& reader, Operands& operands, const Pattern& pattern, const Words& words,
        const std::vector<Operand>& given)
        : reader(reader), operands(operands), pattern(pattern), words(words), given(given)
    {
    }

    std::string statements()
    {
        std::string expression = code();
        if (!pattern.result) return expression + ";";
        const OperandPattern& result = *pattern.result;
        std::string type = words.type(result.type);
        if (!result.second && !given[0].second.empty()) reader.fail("there is no second result");
        if (result.list) return listResult(type, expression);
        if (touched("ftz") && isFlushed(type)) expression = fill("flush(($1)($2))", {type, expression});
        if (touched("sat") && isReal(type)) expression = fill("saturate(($1)($2))", {type, expression});
        std::string statement = operands.assign(given[0], type, expression, result.wider);
        if (!result.second) return statement;
        std::string second = operands.secondPredicate(given[0]);
        return fill("{bool q=false;$1$2}", {statement, second.empty() ? "" : second + "=q;"});
    }

private:
    Reader& reader;
    Operands& operands;
    const Pattern& pattern;
    const Words words;
    const std::vector<Operand>& given;

    static bool isReal(const std::string& type) { return familyOf(type) == Family::Real || type == "f16x2"; }

    // .ftz is of .f32, and in arithmetic of .f16 (PTX ISA, cvt: "only when either .dtype or .atype is .f32", of that).
    bool isFlushed(const std::string& type) const
    {
        return type == "f32" || (pattern.base != "cvt" && (type == "f16" || type == "f16x2"));
    }

    // Whether .ftz or .sat is there and the row leaves it to all rows' way.
    bool touched(const std::string& word) const
    {
        return words.has(word) && std::string(pattern.form.code).find("$" + word) == std::string::npos;
    }

    std::string listResult(const std::string& type, const std::string& expression)
    {
        std::string parts;
        for (size_t i = 0; i < given[0].parts.size(); i++)
            parts += operands.assign(given[0].parts[i], type, fill("all.v[$1]", {decimal(i)}), pattern.result->wider);
        return fill("{auto all=$1;$2}", {expression, parts});
    }

    // The row's C++ with its places filled.
    std::string code()
    {
        std::string text = pattern.form.code, result;
        for (size_t at = 0; at < text.size();)
        {
            if (text[at] != '$')
            {
                result += text[at++];
                continue;
            }
            size_t begin = ++at;
            while (at < text.size() && std::isalnum((unsigned char)text[at])) at++;
            result += place(text.substr(begin, at - begin));
        }
        return result;
    }

    std::string place(const std::string& name)
    {
        if (std::isdigit((unsigned char)name[0])) return source(std::stoul(name) - 1);
        if (name == "T" || name == "S") return words.type(name);
        if (name == "W") return words.type("2T");
        if (name == "line") return std::to_string(reader.line());
        if (name == "q" || name == "carry") return name;
        bool group = choicesOf(name).size() > 1;
        if (group) return words.has(name) ? constantOf(words.found.at(name)) : "None";
        return words.has(name) ? "true" : "false";
    }

    std::string source(size_t index)
    {
        const OperandPattern& wanted = pattern.sources[index];
        const Operand& operand = given[index + (pattern.result ? 1 : 0)];
        if (wanted.kind == OperandPattern::Number) return std::to_string(operand.bits);
        if (wanted.kind == OperandPattern::Address) return addressed(wanted, operand);
        std::string type = words.type(wanted.type);
        if (!wanted.list) return value(operand, type, wanted.wider);
        std::vector<std::string> list;
        for (const Operand& part : operand.parts) list.push_back(value(part, type, wanted.wider));
        return fill("Pack<$1,$2>{{$3}}", {type, decimal(wanted.count), joined(list)});
    }

    std::string value(const Operand& operand, const std::string& type, bool wider)
    {
        std::string text = operands.value(operand, type, wider);
        return touched("ftz") && isFlushed(type) ? fill("flush($1)", {text}) : text;
    }

    std::string addressed(const OperandPattern& wanted, const Operand& operand)
    {
        std::string space = wanted.space;
        for (const char* group : {"space", "atomspace"})
            if (words.has(group)) space = words.found.at(group);
        if (wanted.type.empty()) return plainAddress(reader, operands, operand, space);
        int bytes = bytesOf(words.type(wanted.type)) * wanted.count;
        bool strong = words.has("strongload") || words.has("strongstore");
        return accessCode(reader, operands, operand, {space, bytes, wanted.effect, strong});
    }
};

// The first word that no form of the instruction has.
std::string unknownWord(const std::vector<const Pattern*>& patterns, const std::vector<std::string>& parts)
{
    for (size_t i = 1; i < parts.size(); i++)
    {
        auto knows = [&](const Pattern* pattern) { return pattern->knows(parts[i]); };
        if (std::none_of(patterns.begin(), patterns.end(), knows)) return parts[i];
    }
    return "";
}

std::string listed(const std::vector<const Pattern*>& patterns)
{
    std::string all;
    for (const Pattern* pattern : patterns)
    {
        const Form& form = pattern->form;
        all += fill("$1$2 ($3)", {all.empty() ? "" : "; ", form.opcode, form.operands});
        if (*form.T) all += std::string(" with T of ") + form.T;
        if (*form.S) all += std::string(" and S of ") + form.S;
    }
    return all;
}
}

std::string translateInstruction(
    Reader& reader, Operands& operands, const std::string& opcode, const std::vector<Operand>& given)
{
    std::vector<std::string> parts = wordsOf(opcode);
    std::vector<const Pattern*> patterns = patternsOf(parts[0]), matching;
    if (patterns.empty()) reader.fail("the emulator does not take instruction '" + parts[0] + "'");
    const Pattern* chosen = nullptr;
    for (const Pattern* pattern : patterns)
    {
        if (!pattern->match(parts)) continue;
        matching.push_back(pattern);
        if (!pattern->fits(given)) continue;
        if (!chosen || (!chosen->predicatesFit(given) && pattern->predicatesFit(given))) chosen = pattern;
    }
    if (chosen) return Instruction(reader, operands, *chosen, *chosen->match(parts), given).statements();
    if (!matching.empty()) reader.fail("operands other than those of " + listed(matching));
    std::string unknown = unknownWord(patterns, parts);
    if (!unknown.empty()) reader.fail("the emulator does not take '." + unknown + "' of '" + opcode + "'");
    reader.fail("the emulator does not take '" + opcode + "', only " + listed(patterns));
}
}
