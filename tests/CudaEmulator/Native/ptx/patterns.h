// A row of an instruction table, read once: which words an instruction's name may have, and which operands it takes.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "forms.h"

namespace emu::ptx
{
/// One operand of a form.
struct OperandPattern
{
    enum Kind
    {
        Value,
        Address,
        Number,
    };

    Kind kind = Value;
    std::string type; // of the value, or of what lies at the address; "T", "S", "2T" or a type; empty: as it stands
    int count = 1;            // T*4: a list
    bool list = false;
    bool wider = false;       // T+
    bool second = false;      // |pred
    std::string space;        // shared[...]
    std::string effect;       // "w", "a"
    std::optional<unsigned long long> number; // #0

    bool fits(const Operand& operand) const;
};

/// What the words of an instruction's name were found to be.
struct Words
{
    std::map<std::string, std::string> found; // by the form's word; T and S too
    bool has(const std::string& word) const { return found.count(word) != 0; }
    std::string type(const std::string& pattern) const; // of "T", "S", "2T" or a type
};

class Pattern
{
public:
    explicit Pattern(const Form& form);

    const Form& form;
    std::string base; // "add"
    std::optional<OperandPattern> result;
    std::vector<OperandPattern> sources;

    /// Nothing where an instruction's words are not this form's.
    std::optional<Words> match(const std::vector<std::string>& words) const;

    /// Whether any form of this instruction has the word.
    bool knows(const std::string& word) const;

    /// Operands of the right number and kinds; their types are looked at when they are read.
    bool fits(const std::vector<Operand>& given) const;

    /// Predicates where it takes predicates, which tells forms of equal shape apart.
    bool predicatesFit(const std::vector<Operand>& given) const;

private:
    struct Slot
    {
        std::string word;
        std::vector<std::string> choices;
        bool optional;

        bool takes(const std::string& given) const;
        bool isType() const;
    };

    std::vector<Slot> slots;

    void addSlot(const std::string& word, bool optional);
};

/// "a.b.c" as its three words.
std::vector<std::string> wordsOf(const std::string& opcode);

/// The rows of the instruction of that name, from all tables.
std::vector<const Pattern*> patternsOf(const std::string& base);
}
