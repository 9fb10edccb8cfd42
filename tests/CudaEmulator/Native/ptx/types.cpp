#include "types.h"

#include <map>

namespace emu::ptx
{
namespace
{
struct Type
{
    int bytes;
    Family family;
};

// .f16x2, .bf16, .bf16x2 and .tf32 name what an instruction does; their registers are of bits.
const std::map<std::string, Type> types = {
    {"pred", {1, Family::Predicate}},
    {"b8", {1, Family::Bits}},
    {"b16", {2, Family::Bits}},
    {"b32", {4, Family::Bits}},
    {"b64", {8, Family::Bits}},
    {"u8", {1, Family::Integer}},
    {"u16", {2, Family::Integer}},
    {"u32", {4, Family::Integer}},
    {"u64", {8, Family::Integer}},
    {"s8", {1, Family::Integer}},
    {"s16", {2, Family::Integer}},
    {"s32", {4, Family::Integer}},
    {"s64", {8, Family::Integer}},
    {"f16", {2, Family::Real}},
    {"f32", {4, Family::Real}},
    {"f64", {8, Family::Real}},
    {"bf16", {2, Family::Bits}},
    {"f16x2", {4, Family::Bits}},
    {"bf16x2", {4, Family::Bits}},
    {"tf32", {4, Family::Bits}},
};
}

bool isType(const std::string& name) { return types.count(name) != 0; }

int bytesOf(const std::string& type) { return types.at(type).bytes; }

Family familyOf(const std::string& type) { return types.at(type).family; }

std::string registerTypeOf(const std::string& type)
{
    return type == "pred" ? "bool" : "u" + std::to_string(bytesOf(type) * 8);
}

bool agrees(const std::string& registerType, const std::string& instructionType, bool wider)
{
    Family held = familyOf(registerType), wanted = familyOf(instructionType);
    if (held == Family::Predicate || wanted == Family::Predicate) return held == wanted;
    // .f16x2: "registers of type .f16x2 or .b32"
    if (registerType == "f16x2" && instructionType != "f16x2" && wanted != Family::Bits) return false;
    int size = bytesOf(registerType), needed = bytesOf(instructionType);
    if (size < needed || (size > needed && !wider)) return false;
    if (held == Family::Bits || wanted == Family::Bits) return true;
    return held == wanted && (held == Family::Integer || size == needed);
}
}
