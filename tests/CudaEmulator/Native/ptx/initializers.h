// "= {1, 0f3F800000, name+4, {2, 3}}"
#pragma once
#include "declarations.h"

namespace emu::ptx
{
/// A variable's elements as C++ expressions of its bits; none where there is no initializer. An open array gets its
/// length.
std::vector<std::string> parseInitializer(Context& context, Declaration& declaration);
}
