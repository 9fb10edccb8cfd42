#include "patterns.h"

#include <algorithm>
#include <sstream>

#include "instructions/tables.h"
#include "modifiers.h"
#include "types.h"

namespace emu::ptx
{
namespace
{
std::vector<std::string> splitAtBlanks(const std::string& text)
{
    std::istringstream words(text);
    std::vector<std::string> all;
    for (std::string word; words >> word;) all.push_back(word);
    return all;
}

OperandPattern numberPattern(const std::string& text)
{
    OperandPattern pattern;
    pattern.kind = OperandPattern::Number;
    if (text.size() > 1) pattern.number = std::stoull(text.substr(1));
    return pattern;
}

bool takeSuffix(std::string& text, const std::string& suffix)
{
    bool there = text.size() >= suffix.size() && text.compare(text.size() - suffix.size(), suffix.size(), suffix) == 0;
    if (there) text.resize(text.size() - suffix.size());
    return there;
}

void takeCount(std::string& text, OperandPattern& pattern)
{
    size_t star = text.find('*');
    if (star == std::string::npos) return;
    pattern.list = true;
    pattern.count = std::stoi(text.substr(star + 1));
    text.resize(star);
}

// "shared[T*2]w"
OperandPattern addressPattern(const std::string& text)
{
    OperandPattern pattern;
    pattern.kind = OperandPattern::Address;
    size_t open = text.find('['), close = text.find(']');
    pattern.space = text.substr(0, open);
    pattern.effect = text.substr(close + 1);
    std::string inside = text.substr(open + 1, close - open - 1);
    takeCount(inside, pattern);
    pattern.type = inside;
    return pattern;
}

OperandPattern valuePattern(std::string text)
{
    OperandPattern pattern;
    pattern.second = takeSuffix(text, "|pred");
    takeCount(text, pattern);
    pattern.wider = takeSuffix(text, "+");
    pattern.type = text;
    return pattern;
}

OperandPattern operandPattern(const std::string& text)
{
    if (text[0] == '#') return numberPattern(text);
    return text.find('[') != std::string::npos ? addressPattern(text) : valuePattern(text);
}

std::vector<Pattern> allPatterns()
{
    std::vector<Pattern> all;
    for (const std::vector<Form>* table : instructionTables())
        for (const Form& form : *table) all.emplace_back(form);
    return all;
}
}

std::vector<std::string> wordsOf(const std::string& opcode)
{
    std::vector<std::string> words;
    std::istringstream parts(opcode);
    for (std::string word; std::getline(parts, word, '.');) words.push_back(word);
    return words;
}

std::string Words::type(const std::string& pattern) const
{
    bool twice = pattern[0] == '2';
    std::string name = twice ? pattern.substr(1) : pattern;
    if (auto chosen = found.find(name); chosen != found.end()) name = chosen->second;
    return twice ? name.substr(0, 1) + std::to_string(2 * std::stoi(name.substr(1))) : name;
}

bool OperandPattern::fits(const Operand& operand) const
{
    switch (kind)
    {
        case Address: return operand.kind == Operand::Address;
        case Number: return operand.kind == Operand::Integer && (!number || *number == operand.bits);
        default: break;
    }
    if (operand.kind == Operand::Address || list != (operand.kind == Operand::List)) return false;
    return !list || operand.parts.size() == (size_t)count;
}

Pattern::Pattern(const Form& form) : form(form)
{
    std::string opcode = form.opcode;
    size_t end = opcode.find_first_of(".{");
    base = opcode.substr(0, end);
    for (size_t at = end; at < opcode.size();)
    {
        bool optional = opcode[at] == '{';
        size_t begin = at + (optional ? 2 : 1), stop = opcode.find_first_of(optional ? "}" : ".{", begin);
        if (stop == std::string::npos) stop = opcode.size();
        addSlot(opcode.substr(begin, stop - begin), optional);
        at = stop + (optional ? 1 : 0);
    }
    std::string text = form.operands;
    size_t arrow = text.find("<-");
    for (const std::string& word : splitAtBlanks(text.substr(0, arrow))) result = operandPattern(word);
    for (const std::string& word : splitAtBlanks(text.substr(arrow + 2))) sources.push_back(operandPattern(word));
}

void Pattern::addSlot(const std::string& word, bool optional)
{
    if (word == "T") slots.push_back({word, splitAtBlanks(form.T), optional});
    else if (word == "S") slots.push_back({word, splitAtBlanks(form.S), optional});
    else slots.push_back({word, choicesOf(word), optional});
}

bool Pattern::Slot::takes(const std::string& given) const
{
    return std::count(choices.begin(), choices.end(), given) > 0;
}

bool Pattern::Slot::isType() const { return ptx::isType(choices.front()); }

std::optional<Words> Pattern::match(const std::vector<std::string>& words) const
{
    Words result;
    std::vector<bool> filled(slots.size());
    for (size_t i = 1; i < words.size(); i++)
    {
        size_t slot = 0;
        // types are told apart by their order alone
        auto stops = [&] { return slots[slot].takes(words[i]) || (slots[slot].isType() && isType(words[i])); };
        while (slot < slots.size() && (filled[slot] || !stops())) slot++;
        if (slot == slots.size() || !slots[slot].takes(words[i])) return std::nullopt;
        filled[slot] = true;
        result.found[slots[slot].word] = words[i];
    }
    for (size_t slot = 0; slot < slots.size(); slot++)
        if (!filled[slot] && !slots[slot].optional) return std::nullopt;
    return result;
}

bool Pattern::knows(const std::string& word) const
{
    for (const Slot& slot : slots)
        if (slot.takes(word)) return true;
    return false;
}

bool Pattern::fits(const std::vector<Operand>& given) const
{
    size_t results = result ? 1 : 0;
    if (given.size() != results + sources.size()) return false;
    if (result && !result->fits(given[0])) return false;
    for (size_t i = 0; i < sources.size(); i++)
        if (!sources[i].fits(given[results + i])) return false;
    return true;
}

bool Pattern::predicatesFit(const std::vector<Operand>& given) const
{
    size_t results = result ? 1 : 0;
    for (size_t i = 0; i < sources.size(); i++)
        if (given[results + i].predicate != (sources[i].type == "pred")) return false;
    return true;
}

std::vector<const Pattern*> patternsOf(const std::string& base)
{
    static const std::vector<Pattern> all = allPatterns();
    std::vector<const Pattern*> found;
    for (const Pattern& pattern : all)
        if (pattern.base == base) found.push_back(&pattern);
    return found;
}
}
