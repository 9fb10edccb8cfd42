#include "inline_ptx.h"
#include "host_compiler.h"
#include <cctype>
#include <cstdlib>
#include <map>
#include <vector>

namespace emu
{
namespace
{
/// A statement that is known. In the PTX <r0> stands for an operand whose constraint is r: number 0 of the row, which
/// is $0 in the C++. A number that stands twice must be the same operand both times. $site is the statement's line.
struct Row
{
    const char *ptx, *cpp;
};

/// A copy from <l1> in global memory to <l0> in shared memory, which needs addresses of those state spaces.
#define COPY(instruction) \
    "{ .reg .u64 s, g; .reg .u32 d; cvta.to.shared.u64 s, <l0>; cvt.u32.u64 d, s; cvta.to.global.u64 g, <l1>; " \
    instruction " }"

// Constraints (Inline PTX Assembly in CUDA, "Constraints"): r 32-bit, l 64-bit, f float, n a constant.
const Row rows[] = {
    {"mov.u32 <r0>, %%dynamic_smem_size;", "$0 = emu->dynamicBytes"},
    {"mov.u32 <r0>, %%cluster_nctaid.x;", "$0 = emu->lane->clusterSize[0]"},
    {"mov.u32 <r0>, %%cluster_ctaid.x;", "$0 = emu->lane->block[0] % emu->lane->clusterSize[0]"},
    {"cvt.rna.tf32.f32 <r0>, <f1>;", "$0 = emu_tf32($1)"},
    // PTX ISA, cvt: "For .bf16x2, operand a is converted and placed into the upper half of d, b into the lower".
    {"cvt.rn.bf16x2.f32 <r0>, <f1>, <f2>;", "$0 = emu_bf16_pair($1, $2)"},
    {"mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
        "{<f0>, <f1>, <f2>, <f3>}, {<r4>, <r5>, <r6>, <r7>}, {<r8>, <r9>}, {<f0>, <f1>, <f2>, <f3>};",
        "emu_multiply($site, EmuMmaTf32, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9)"},
    {"mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
        "{<f0>, <f1>, <f2>, <f3>}, {<r4>, <r5>, <r6>, <r7>}, {<r8>, <r9>}, {<f0>, <f1>, <f2>, <f3>};",
        "emu_multiply($site, EmuMmaBf16, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9)"},
    {COPY("cp.async.ca.shared.global [d], [g], 4, <r2>;"), "emu_copy_async($site, $0, $1, 4, $2)"},
    {COPY("cp.async.ca.shared.global [d], [g], 8, <r2>;"), "emu_copy_async($site, $0, $1, 8, $2)"},
    // PTX ISA, cp.async: "The .cg qualifier ... cp-size can only be 16".
    {COPY("cp.async.cg.shared.global [d], [g], 16, <r2>;"), "emu_copy_async($site, $0, $1, 16, $2)"},
    {"cp.async.commit_group;", "emu->commitCopies()"},
    {"cp.async.wait_group <n0>;", "emu_wait_copies($site, $0)"},
};

/// asm("ptx" : "constraint"(expression), ... : ... : clobbers)
struct Statement
{
    std::string ptx;
    std::vector<std::string> constraints, expressions; // outputs, then inputs, as %0, %1, ... count them
};

/// Behind the string literal that begins at a quote.
size_t afterString(const std::string& text, size_t quote)
{
    size_t i = quote + 1;
    while (text[i] != '"') i += text[i] == '\\' ? 2 : 1;
    return i + 1;
}

/// Behind the parenthesis that closes the one at open.
size_t afterParenthesis(const std::string& text, size_t open)
{
    int depth = 0;
    for (size_t i = open; i < text.size();)
    {
        if (text[i] == '"')
        {
            i = afterString(text, i);
            continue;
        }
        if (text[i] == '(') depth++;
        if (text[i] == ')' && --depth == 0) return i + 1;
        i++;
    }
    throw CompileError{"An asm statement has no end."};
}

/// The literal's characters; every white space, written or escaped, is one blank.
void append(std::string& ptx, const std::string& literal)
{
    for (size_t i = 0; i < literal.size(); i++)
    {
        const bool escaped = literal[i] == '\\' && (literal[i + 1] == 'n' || literal[i + 1] == 't');
        if (escaped) i++;
        const char c = escaped || isspace((unsigned char)literal[i]) ? ' ' : literal[i];
        if (c != ' ' || (!ptx.empty() && ptx.back() != ' ')) ptx += c;
    }
}

/// @param inside what stands between the statement's parentheses.
Statement parse(const std::string& inside)
{
    Statement statement;
    int section = 0; // 0 the PTX, 1 outputs, 2 inputs, 3 clobbers
    for (size_t i = 0; i < inside.size();)
    {
        if (inside[i] == ':') section++;
        if (inside[i] != '"')
        {
            i++;
            continue;
        }
        const size_t end = afterString(inside, i);
        const std::string literal = inside.substr(i + 1, end - i - 2);
        i = end;
        if (section == 0) append(statement.ptx, literal);
        if (section != 1 && section != 2) continue;
        const size_t open = inside.find('(', end), close = afterParenthesis(inside, open);
        statement.constraints.push_back(literal);
        statement.expressions.push_back(inside.substr(open, close - open));
        i = close;
    }
    while (!statement.ptx.empty() && statement.ptx.back() == ' ') statement.ptx.pop_back();
    return statement;
}

const char* const unknown = "it is none of those that are known";

/// Which operand each number of the row is. Empty problem: the row is the statement.
struct Match
{
    std::map<int, int> operands;
    std::string problem;
};

/// Reads "%12" at i and moves behind it; -1 where there is none.
int operandAt(const std::string& text, size_t& i)
{
    if (text[i] != '%' || !isdigit((unsigned char)text[i + 1])) return -1;
    char* end;
    const int number = (int)strtol(text.c_str() + i + 1, &end, 10);
    i = end - text.c_str();
    return number;
}

Match match(const Row& row, const Statement& statement)
{
    Match result;
    size_t at = 0;
    for (const char* c = row.ptx; *c != 0;)
    {
        if (*c != '<')
        {
            if (statement.ptx[at++] != *c++) return {{}, unknown};
            continue;
        }
        const char constraint = c[1];
        const int number = c[2] - '0';
        c += 4;
        const int operand = operandAt(statement.ptx, at);
        if (operand < 0) return {{}, unknown};
        const std::string name = "operand %" + std::to_string(operand);
        if (operand >= (int)statement.constraints.size()) return {{}, name + " is not there"};
        const std::string& found = statement.constraints[operand];
        if (found.back() != constraint) return {{}, name + " has constraint \"" + found + "\" and needs " + constraint};
        const auto earlier = result.operands.emplace(number, operand).first;
        if (earlier->second != operand) return {{}, name + " must be %" + std::to_string(earlier->second)};
    }
    if (at != statement.ptx.size()) return {{}, unknown};
    return result;
}

std::string fill(const Row& row, const Match& match, const Statement& statement, const std::string& site)
{
    const std::string cpp = row.cpp, siteName = "$site";
    std::string result;
    for (size_t i = 0; i < cpp.size(); i++)
    {
        if (cpp[i] != '$') result += cpp[i];
        else if (isdigit((unsigned char)cpp[i + 1])) result += statement.expressions[match.operands.at(cpp[++i] - '0')];
        else
        {
            result += site;
            i += siteName.size() - 1;
        }
    }
    return result;
}

/// Where the reader is in the files that the text was made of, by the preprocessor's markers: # 12 "Kernels.cs"
struct Place
{
    std::string file = "kernel";
    int line = 1;

    std::string site() const { return "EmuSite{\"" + file + "\", " + std::to_string(line) + "}"; }

    /// Takes a line feed at i, and the marker that may stand behind it.
    void lineFeed(const std::string& text, size_t i)
    {
        line++;
        if (text.compare(i + 1, 2, "# ") != 0 || !isdigit((unsigned char)text[i + 3])) return;
        const size_t quote = text.find('"', i + 3), end = afterString(text, quote);
        line = atoi(text.c_str() + i + 3) - 1; // its own line feed counts
        file = text.substr(quote + 1, end - quote - 2);
    }
};

std::string replacement(const std::string& inside, const Place& place)
{
    const Statement statement = parse(inside);
    std::string problem = unknown;
    for (const Row& row : rows)
    {
        const Match found = match(row, statement);
        if (found.problem.empty()) return fill(row, found, statement, place.site());
        if (found.problem.compare(0, 7, "operand") == 0) problem = found.problem;
    }
    const std::string line = place.file + "(" + std::to_string(place.line) + "): error: ";
    throw CompileError{line + "the emulator does not take the PTX statement \"" + statement.ptx + "\": " + problem +
        ". Known statements are rows of compiler/inline_ptx.cpp."};
}

bool isName(char c) { return isalnum((unsigned char)c) || c == '_'; }

/// Behind asm, __asm__, ... at i; i itself where there is no such word.
size_t afterAsm(const std::string& text, size_t i)
{
    if (i > 0 && isName(text[i - 1])) return i;
    size_t end = i;
    while (end < text.size() && isName(text[end])) end++;
    const std::string word = text.substr(i, end - i);
    return word == "asm" || word == "__asm" || word == "__asm__" ? end : i;
}
}

std::string replaceInlinePtx(const std::string& text)
{
    std::string result;
    Place place;
    for (size_t i = 0; i < text.size();)
    {
        if (text[i] == '\n') place.lineFeed(text, i);
        if (text[i] == '"')
        {
            const size_t end = afterString(text, i);
            result += text.substr(i, end - i);
            i = end;
            continue;
        }
        const size_t behind = afterAsm(text, i);
        if (behind == i)
        {
            result += text[i++];
            continue;
        }
        const size_t open = text.find('(', behind), end = afterParenthesis(text, open);
        result += replacement(text.substr(open + 1, end - open - 2), place);
        for (; i < end; i++)
        {
            if (text[i] != '\n') continue;
            place.lineFeed(text, i);
            result += '\n'; // what follows keeps its line
        }
    }
    return result;
}
}
