// NVRTC's functions. The image of a program is a shared library of this processor, or PTX by clang (EMU_FORM=ptx).
// Signatures and numbers: NVIDIA, nvrtc.h.
#include "../settings.h"
#include "host_compiler.h"
#include "inline_ptx.h"
#include "nvrtc_options.h"
#include "program_text.h"
#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace emu
{
namespace
{
enum Result
{
    Success,
    OutOfMemory,
    ProgramCreationFailure,
    InvalidInput,
    InvalidProgram,
    InvalidOption,
    Compilation,
};

struct Program
{
    std::string text, name, image, log;
};

std::string fileOf(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> words(const std::string& text)
{
    std::vector<std::string> result;
    for (size_t i = 0; i < text.size();)
    {
        const size_t end = std::min(text.find(' ', i), text.size());
        if (end > i) result.push_back(text.substr(i, end - i));
        i = end + 1;
    }
    return result;
}

std::string library(const Program& program, const NvrtcOptions& options)
{
    const std::string text = hostText(program.text, program.name, options.capability, options.macros);
    std::vector<std::string> expand = {"-x", "c++", "-std=c++17", "-E"};
    // As NVRTC: multiply and add are fused (--fmad=true), and an endless loop is one. A lane with more variables than
    // its stack holds meets the page behind it (-fstack-clash-protection).
    std::string flags = "-O1 -march=native -ffp-contract=fast -fno-finite-loops -fstack-clash-protection "
        "-fno-strict-aliasing -fno-math-errno -fno-exceptions -Wl,-Bsymbolic -lm ";
    if (flagSetting("EMU_CHECK"))
    {
        // The instrumentation of clang's thread sanitizer without its library: the calls are the prelude's.
        expand.push_back("-fsanitize=thread");
        flags += "-fsanitize=thread -mllvm -tsan-instrument-func-entry-exit=0 -mllvm -tsan-distinguish-volatile=1 ";
    }
    const std::string expanded = runClang(text, expand);
    return fileOf(compileToLibrary(replaceInlinePtx(expanded), flags + setting("EMU_CLANG")));
}

std::string ptx(const Program& program, const NvrtcOptions& options)
{
    // clang 19 knows architectures up to 9.0.
    const bool known = options.capability <= 90;
    const std::string architecture = known ? std::to_string(options.capability) + (options.specific ? "a" : "") : "90";
    std::vector<std::string> flags = {"-x", "cuda", "--cuda-device-only", "--cuda-gpu-arch=sm_" + architecture,
        "-nocudainc", "-nocudalib", "-O2", "-S", "-std=c++17", "-fms-extensions", "-gline-tables-only",
        "-Xclang", "-target-feature", "-Xclang", "+ptx80"};
    for (const std::string& word : words(setting("EMU_CLANG"))) flags.push_back(word);
    return runClang(deviceText(program.text, program.name, options.macros), flags) + '\0';
}

int compile(Program& program, int count, const char* const* words)
{
    program.image.clear();
    program.log.clear();
    try
    {
        const std::string form = setting("EMU_FORM");
        if (form != "cpp" && form != "ptx") throw SettingError{"EMU_FORM=" + form + ": cpp or ptx is wanted"};
        const NvrtcOptions options = parseOptions(count, words);
        program.image = form == "ptx" ? ptx(program, options) : library(program, options);
        return Success;
    }
    catch (const OptionError& error)
    {
        program.log = "nvrtc: error: " + error.what;
        return InvalidOption;
    }
    catch (const SettingError& error)
    {
        program.log = error.what;
        return InvalidOption;
    }
    catch (const CompileError& error)
    {
        program.log = error.log;
        return Compilation;
    }
}

int give(const Program* program, const std::string& what, char* to)
{
    if (!program) return InvalidProgram;
    memcpy(to, what.data(), what.size());
    return Success;
}
}
}

using emu::Program;

EXPORT int nvrtcVersion(int* major, int* minor)
{
    const long version = emu::numberSetting("EMU_NVRTC_VERSION");
    *major = (int)version / 1000;
    *minor = (int)version % 1000 / 10;
    return emu::Success;
}

EXPORT const char* nvrtcGetErrorString(int code)
{
    static const char* const names[] = {"NVRTC_SUCCESS", "NVRTC_ERROR_OUT_OF_MEMORY",
        "NVRTC_ERROR_PROGRAM_CREATION_FAILURE", "NVRTC_ERROR_INVALID_INPUT", "NVRTC_ERROR_INVALID_PROGRAM",
        "NVRTC_ERROR_INVALID_OPTION", "NVRTC_ERROR_COMPILATION"};
    return code >= 0 && code < (int)std::size(names) ? names[code] : "NVRTC_ERROR unknown";
}

EXPORT int nvrtcGetNumSupportedArchs(int* count)
{
    *count = (int)emu::supportedCapabilities().size();
    return emu::Success;
}

EXPORT int nvrtcGetSupportedArchs(int* to)
{
    for (const int capability : emu::supportedCapabilities()) *to++ = capability;
    return emu::Success;
}

EXPORT int nvrtcCreateProgram(Program** program, const char* text, const char* name, int headers, const char* const*,
    const char* const*)
{
    if (!program || !text || headers != 0) return emu::InvalidInput;
    *program = new Program{text, name ? name : "default_program", "", ""};
    return emu::Success;
}

EXPORT int nvrtcDestroyProgram(Program** program)
{
    if (!program || !*program) return emu::InvalidProgram;
    delete *program;
    *program = nullptr;
    return emu::Success;
}

EXPORT int nvrtcCompileProgram(Program* program, int count, const char* const* options)
{
    return program ? emu::compile(*program, count, options) : (int)emu::InvalidProgram;
}

EXPORT int nvrtcGetCUBINSize(Program* program, size_t* bytes)
{
    if (!program) return emu::InvalidProgram;
    *bytes = program->image.size();
    return emu::Success;
}

EXPORT int nvrtcGetCUBIN(Program* program, char* to) { return emu::give(program, program->image, to); }

// The image is the same: the driver tells a library from PTX by its first bytes.
EXPORT int nvrtcGetPTXSize(Program* program, size_t* bytes) { return nvrtcGetCUBINSize(program, bytes); }

EXPORT int nvrtcGetPTX(Program* program, char* to) { return nvrtcGetCUBIN(program, to); }

EXPORT int nvrtcGetProgramLogSize(Program* program, size_t* bytes)
{
    if (!program) return emu::InvalidProgram;
    *bytes = program->log.size() + 1; // with its zero
    return emu::Success;
}

EXPORT int nvrtcGetProgramLog(Program* program, char* to)
{
    const int result = emu::give(program, program->log, to);
    if (result == emu::Success) to[program->log.size()] = 0;
    return result;
}
