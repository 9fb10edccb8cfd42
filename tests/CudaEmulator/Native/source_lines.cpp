#include "source_lines.h"
#include "modules.h"
#include "report.h"
#include <cstdio>
#include <cstring>
#include <map>
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

/// addr2line's lines for an address, "file:line", the innermost inlined call first.
std::string askAddr2line(const Module& module, const void* pc)
{
    // A return address is that of the next instruction, which may belong to the next line.
    const long offset = static_cast<const char*>(pc) - module.low - 1;
    FILE* pipe = popen(format("addr2line -i -e %s %#lx 2>&1", module.path.c_str(), offset).c_str(), "r");
    if (!pipe) return "";
    std::string answer;
    char piece[512];
    while (fgets(piece, sizeof piece, pipe)) answer += piece;
    pclose(pipe);
    return answer;
}

/// The innermost line of C#; the prelude's functions, inlined into it, do not count.
std::string lineOfAddress(const Module& module, const void* pc)
{
    static std::map<std::pair<const void*, std::string>, std::string> known;
    std::string& answer = known[{pc, module.path}];
    if (!answer.empty()) return answer;
    answer = Unknown;
    std::istringstream frames(askAddr2line(module, pc));
    for (std::string frame; std::getline(frames, frame);)
    {
        const size_t colon = frame.rfind(':');
        if (colon == std::string::npos) continue;
        const std::string file = frame.substr(0, colon);
        const int line = atoi(frame.c_str() + colon + 1);
        if (line == 0) continue;
        if (answer == Unknown || isCSharp(file)) answer = baseName(file) + ":" + std::to_string(line);
        if (isCSharp(file)) break;
    }
    return answer;
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
}

std::string describePlace(const Module& module, const Place& place)
{
    if (place.pc) return lineOfAddress(module, place.pc);
    if (place.site.file) return baseName(place.site.file) + ":" + std::to_string(place.site.line);
    return lineOfPtx(module, place.site.line);
}
}
