#include "report.h"
#include "settings.h"
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>

namespace emu
{
Counts counts;

namespace
{
std::map<std::string, long> warnings, launches;
std::recursive_mutex gate;

/// Appends to EMU_LOG; false where there is none. The file is opened for each line: a test may change or delete it
/// between two.
bool append(const std::string& line)
{
    const std::string path = setting("EMU_LOG");
    if (path.empty()) return false;
    FILE* file = fopen(path.c_str(), "a");
    if (!file)
    {
        fprintf(stderr, "EMU_LOG=%s: the file cannot be written\n", path.c_str());
        return false;
    }
    fprintf(file, "%s\n", line.c_str());
    fclose(file);
    return true;
}

struct Summary
{
    ~Summary()
    {
        try
        {
            if (setting("EMU_LOG").empty() && !flagSetting("EMU_SUMMARY")) return;
            reportFault(format("SUMMARY %ld launches, %ld blocks, %ld accesses checked", counts.launches, counts.blocks,
                counts.accesses));
            for (const auto& [text, count] : warnings) reportFault("SUMMARY " + plural(count, "time") + ": " + text);
            if (!flagSetting("EMU_KERNELS")) return;
            for (const auto& [kernel, count] : launches)
                reportFault("SUMMARY " + plural(count, "launch") + " of " + kernel);
        }
        catch (const SettingError& error)
        {
            fprintf(stderr, "%s\n", error.what.c_str());
        }
    }
} summary;
}

void logLine(const std::string& line)
{
    std::lock_guard<std::recursive_mutex> lock(gate);
    append(line);
}

void reportFault(const std::string& text)
{
    std::lock_guard<std::recursive_mutex> lock(gate);
    if (!append(text)) fprintf(stderr, "%s\n", text.c_str());
}

void warn(const std::string& text)
{
    std::lock_guard<std::recursive_mutex> lock(gate);
    if (warnings[text]++ == 0) append("WARNING " + text);
}

void countLaunch(const std::string& kernel)
{
    counts.launches++;
    launches[kernel]++;
}

std::string plural(long count, const std::string& noun)
{
    if (count == 1) return "1 " + noun;
    const bool hisses = noun.back() == 's' || noun.back() == 'h';
    return std::to_string(count) + " " + noun + (hisses ? "es" : "s");
}

std::string format(const char* text, ...)
{
    va_list arguments;
    va_start(arguments, text);
    char* made = nullptr;
    const int length = vasprintf(&made, text, arguments);
    va_end(arguments);
    std::string result = length < 0 ? text : std::string(made, length);
    free(made);
    return result;
}
}
