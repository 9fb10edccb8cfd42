#include "source_lines.h"
#include "modules.h"
#include "report.h"
#include <cstdio>
#include <cstring>
#include <sstream>

namespace emu
{
namespace
{
const char* const Unknown = "a place without a line";

std::string baseName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

bool isCSharp(const std::string& file) { return file.size() > 3 && file.compare(file.size() - 3, 3, ".cs") == 0; }

std::string trim(const std::string& text)
{
    const size_t begin = text.find_first_not_of(" \t\r");
    return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// The C# line of a PTX line: its last .loc FILE LINE COLUMN before, with the name that .file gives the number.
std::string sharpLineOf(const Module& module, int ptxLine)
{
    int file = 0, line = 0, column;
    for (int i = ptxLine - 1; i >= 0 && file == 0; i--)
        if (sscanf(trim(module.ptx[i]).c_str(), ".loc %d %d %d", &file, &line, &column) < 3) file = 0;
    if (file == 0) return "";
    for (const std::string& text : module.ptx)
    {
        int number;
        char name[512];
        if (sscanf(trim(text).c_str(), ".file %d \"%511[^\"]\"", &number, name) == 2 && number == file)
            return " (" + baseName(name) + ":" + std::to_string(line) + ")";
    }
    return "";
}

std::string lineOfPtx(const Module& module, int line)
{
    if (line < 1 || line > static_cast<int>(module.ptx.size())) return Unknown;
    return format("PTX line %d '%s'", line, trim(module.ptx[line - 1]).c_str()) + sharpLineOf(module, line);
}

/// addr2line's lines for an address, "file:line", the innermost inlined call first.
std::string askAddr2line(const Module& module, const char* address)
{
    const long offset = address - module.low;
    FILE* pipe = popen(format("addr2line -i -e %s %#lx 2>&1", module.path.c_str(), offset).c_str(), "r");
    if (!pipe) return "";
    std::string answer;
    char piece[512];
    while (fgets(piece, sizeof piece, pipe)) answer += piece;
    pclose(pipe);
    return answer;
}

/// The innermost of the frames that is of C# or of PTX; the prelude's functions, inlined into it, count where there is
/// none.
std::string lineOfFrames(const Module& module, const std::string& text)
{
    std::string answer;
    std::istringstream frames(text);
    for (std::string frame; std::getline(frames, frame);)
    {
        const size_t colon = frame.rfind(':');
        const int line = colon == std::string::npos ? 0 : atoi(frame.c_str() + colon + 1);
        if (line == 0) continue;
        const std::string file = baseName(frame.substr(0, colon));
        if (file == "ptx") return lineOfPtx(module, line);
        if (isCSharp(file)) return file + ":" + std::to_string(line);
        if (answer.empty()) answer = file + ":" + std::to_string(line);
    }
    return answer;
}

/// A return address is that of the next instruction, which may belong to the next line; some instructions have none,
/// but others before them do.
std::string lineOfAddress(const Module& module, const void* pc)
{
    std::string& answer = module.places[pc];
    constexpr int Reach = 32; // bytes
    for (int back = 1; answer.empty() && back < Reach; back++)
        answer = lineOfFrames(module, askAddr2line(module, static_cast<const char*>(pc) - back));
    if (answer.empty()) answer = Unknown;
    return answer;
}
}

std::string describePlace(const Module& module, const Place& place)
{
    const EmuSite& site = place.site;
    if (!module.ptx.empty() && site.line > 0) return lineOfPtx(module, site.line);
    const std::string named = site.file ? baseName(site.file) + ":" + std::to_string(site.line) : "";
    if (isCSharp(named.substr(0, named.rfind(':')))) return named;
    // What the prelude does for the kernel has a line of the prelude; where it was called has one of the kernel.
    if (place.pc) return lineOfAddress(module, place.pc);
    return named.empty() ? Unknown : named;
}
}
