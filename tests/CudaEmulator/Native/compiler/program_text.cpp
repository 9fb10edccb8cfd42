#include "program_text.h"
#include "host_compiler.h"
#include "preludes.h"
#include <regex>

namespace emu
{
namespace
{
/// What follows is the file's, from its first line.
std::string begin(const std::string& file) { return "\n# 1 \"" + file + "\"\n"; }

/// The one kernel. A library is one kernel; CUDA finds a kernel by its plain name only if it is extern "C".
std::string kernelOf(const std::string& program)
{
    static const std::regex kernel(
        R"(extern\s+"C"\s+__global__\s+void\s+(?:__launch_bounds__\([^)]*\)\s+)?(\w+)\s*\()");
    std::sregex_iterator found(program.begin(), program.end(), kernel);
    if (found == std::sregex_iterator())
        throw CompileError{"error: no kernel: extern \"C\" __global__ void Name(...) is wanted."};
    const std::string name = (*found)[1];
    if (++found != std::sregex_iterator())
        throw CompileError{"error: two kernels, " + name + " and " + (*found)[1].str() +
            ": the emulator takes one a program."};
    return name;
}

/// "extern __shared__ T name[];" would be static and extern at once: an object of the prelude stands for the memory.
std::string withDynamicShared(const std::string& program)
{
    static const std::regex declaration(
        R"(extern\s+__shared__\s+(?:__align__\(\d+\)\s+)?(\w[\w ]*?)\s+(\w+)\[\];)");
    return std::regex_replace(program, declaration, "static const EmuDynamicShared<$1> $2;");
}
}

std::string hostText(const std::string& program, const std::string& name, int capability, const std::string& macros)
{
    return begin("machine.h") + machineText + begin("cuda_prelude.h") + cudaPrelude +
        "#define __CUDA_ARCH__ " + std::to_string(capability * 10) + "\n" + macros +
        begin(name) + withDynamicShared(program) + begin("emulator") + "EMU_ENTRY(" + kernelOf(program) + ")\n";
}

std::string deviceText(const std::string& program, const std::string& name, const std::string& macros)
{
    return begin("clang_prelude.h") + clangPrelude + macros + begin(name) + program;
}
}
