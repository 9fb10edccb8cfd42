// %tid.x, %laneid, ...
#pragma once
#include <string>

namespace emu::ptx
{
struct SpecialRegister
{
    std::string type, code; // code: empty where there is no such register
};

SpecialRegister specialRegister(const std::string& name);
}
