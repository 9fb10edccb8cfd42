// What the emulator says: a log, faults, warnings counted by their text, and a summary at the end.
#pragma once
#include <string>

namespace emu
{
/// Counted over the life of the library.
struct Counts
{
    long launches = 0, blocks = 0, accesses = 0;
};

extern Counts counts;

/// One line of the log; nothing without EMU_LOG.
void logLine(const std::string& line);

/// One line, to the log or else to the standard error.
void reportFault(const std::string& text);

/// Counted; the first of each text is a line of the log.
void warn(const std::string& text);

void countLaunch(const std::string& kernel);

/// "3 items" and "1 item".
std::string plural(long count, const std::string& noun);

/// printf into a string.
std::string format(const char* text, ...) __attribute__((format(printf, 1, 2)));
}
