// Every EMU_ variable: its name, its value where nobody set one, its meaning. Read at each use, so that emu_set changes
// it at run time.
#pragma once
#include <string>
#include <vector>

namespace emu
{
struct Setting
{
    const char *name, *standard, *meaning;
};

/// A variable with a value that it cannot have; what says which it takes.
struct SettingError
{
    std::string what;
};

const std::vector<Setting>& settings();

/// What emu_set gave, else the environment's value, else the standard one.
std::string setting(const std::string& name);

/// A whole number of at least least. Throws SettingError.
long numberSetting(const std::string& name, long least = 0);

/// 0 or 1. Throws SettingError.
bool flagSetting(const std::string& name);
}
