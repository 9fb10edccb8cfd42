#include "settings.h"
#include <cstdlib>
#include <map>
#include <mutex>

namespace emu
{
namespace
{
// Never destroyed: the summary at the library's end still reads them.
const auto& table = *new std::vector<Setting>{
    {"EMU_ORDER", "forward",
        "in which order lanes and blocks run: forward, backward, random or random:SEED (also 0, 1, 2)"},
    {"EMU_LATE", "1", "1: a stream's work runs when something waits for it; 0: at once"},
    {"EMU_PAGEABLE_LATE", "0", "1: a copy from pageable memory reads its source when it runs; 0: when it is asked for"},
    {"EMU_POISON", "1",
        "1: new device memory and shared memory are filled with 0xFF, pending asynchronous copies with 0xFD"},
    {"EMU_ALIGN", "16",
        "bytes that device memory is aligned to; the real driver's 256 hides accesses just behind an allocation"},
    {"EMU_CHECK", "0", "1: each access is checked: bounds of the launch's views, alignment, races"},
    {"EMU_RACES", "fault", "what a race does: fault ends the launch, warn counts it"},
    {"EMU_SECONDS", "60", "processor time after which a launch is ended; 0 for no end"},
    {"EMU_APPROX", "1",
        "1: PTX's approximations are off by as much as its manual allows; 0: they give the nearest value"},
    {"EMU_CONTRACT", "0", "1: PTX's mul and add become one fma, as ptxas may do; 0: each rounds by itself"},
    {"EMU_UNIFORM", "1", "1: branches that PTX calls uniform are watched"},
    {"EMU_DEVICES", "1", "how many devices there are"},
    {"EMU_VERSION", "13000", "the driver's version as cuDriverGetVersion counts"},
    {"EMU_CAPABILITY", "90", "compute capability, 90 for 9.0"},
    {"EMU_MEMORY_MB", "4096", "memory of each device in MiB"},
    {"EMU_MHZ", "1755", "the multiprocessors' clock, as NVML tells it"},
    {"EMU_CELSIUS", "45", "the chip's temperature, as NVML tells it"},
    {"EMU_THROTTLE", "0", "why clocks are held down, as a number of nvmlClocksThrottleReasons"},
    {"EMU_SMS", "132", "multiprocessors of each device"},
    {"EMU_FAIL", "", "calls that fail: cuInit=100;cuLaunchKernelEx=701@3 (the third from now)"},
    {"EMU_LOG", "", "file that the log is appended to; faults alone go to the standard error without it"},
    {"EMU_LOG_CALLS", "0", "1: each call of the driver is a line of the log"},
    {"EMU_SUMMARY", "0", "1: a summary when the library is unloaded; EMU_LOG has one too"},
    {"EMU_KERNELS", "0", "1: the summary lists the launches of each kernel"},
    {"EMU_BLOCK", "256", "the block size that cuOccupancyMaxPotentialBlockSize suggests"},
    {"EMU_FORM", "cpp", "what NVRTC makes: cpp, a library of this processor, or ptx by clang"},
    {"EMU_NVRTC_VERSION", "13000", "NVRTC's version, as the driver's"},
    {"EMU_NCCL_VERSION", "22703", "NCCL's version, 22703 for 2.27.3"},
    {"EMU_CLANGXX", "clang++-19", "the compiler of kernels, a path or a name on the PATH"},
    {"EMU_CACHE", "", "folder of compiled kernels; cuda-emulator-UID in TMPDIR without it"},
    {"EMU_KEEP", "0", "1: the texts that are compiled stay in the cache"},
    {"EMU_CLANG", "", "more options for the compiler of kernels"},
};

auto& given = *new std::map<std::string, std::string>; // by emu_set
auto& gate = *new std::mutex;

const Setting* find(const std::string& name)
{
    for (const Setting& row : table)
        if (name == row.name) return &row;
    return nullptr;
}
}

const std::vector<Setting>& settings() { return table; }

std::string setting(const std::string& name)
{
    const Setting* row = find(name);
    if (!row) throw SettingError{name + " is no setting of the CUDA emulator"};
    std::lock_guard<std::mutex> lock(gate);
    const auto own = given.find(name);
    if (own != given.end()) return own->second;
    const char* value = getenv(row->name);
    return value && *value ? value : row->standard;
}

long numberSetting(const std::string& name, long least)
{
    const std::string text = setting(name);
    char* end;
    const long value = strtol(text.c_str(), &end, 10);
    if (!text.empty() && *end == 0 && value >= least) return value;
    throw SettingError{name + "=" + text + ": a whole number of at least " + std::to_string(least) + " is wanted"};
}

bool flagSetting(const std::string& name)
{
    const std::string text = setting(name);
    if (text == "0" || text == "1") return text == "1";
    throw SettingError{name + "=" + text + ": 0 or 1 is wanted"};
}
}

/// Sets a variable for this library from now on; null: as if it had never been set here. 1 for a name that there is
/// not.
extern "C" __attribute__((visibility("default"))) int emu_set(const char* name, const char* value)
{
    if (!name || !emu::find(name)) return 1;
    std::lock_guard<std::mutex> lock(emu::gate);
    if (value) emu::given[name] = value;
    else emu::given.erase(name);
    return 0;
}
