// NVML's answers on the emulated GPU: an H200 whose clock, temperature and throttling are settings.
#include "settings.h"
#include <algorithm>
#include <cstring>

#define NVML_API extern "C" __attribute__((visibility("default"))) int

namespace
{
/// nvmlReturn_t of nvml.h.
constexpr int Success = 0, Uninitialized = 1, InvalidArgument = 2, InsufficientSize = 7, NotFound = 6;

/// nvmlClockType_t.
constexpr int StreamingClock = 1, MemoryClock = 2;

constexpr unsigned MostStreamingMegahertz = 1980, MemoryMegahertz = 3201, MostMilliwatts = 700000;
constexpr char DriverVersion[] = "580.65.06";

int initialized = 0;
char device; // Its address is the one handle.

int answer(void* handle, unsigned* place, unsigned value)
{
    if (!initialized) return Uninitialized;
    if (handle != &device || !place) return InvalidArgument;
    *place = value;
    return Success;
}
}

NVML_API nvmlInit_v2()
{
    initialized++;
    return Success;
}

NVML_API nvmlShutdown()
{
    if (!initialized) return Uninitialized;
    initialized--;
    return Success;
}

NVML_API nvmlSystemGetDriverVersion(char* text, unsigned length)
{
    if (!initialized) return Uninitialized;
    if (length < sizeof DriverVersion) return InsufficientSize;
    std::memcpy(text, DriverVersion, sizeof DriverVersion);
    return Success;
}

// The emulated driver says 0 of every part of an address.
NVML_API nvmlDeviceGetHandleByPciBusId_v2(const char* id, void** handle)
{
    if (!initialized) return Uninitialized;
    if (!std::all_of(id, id + std::strlen(id), [](char c) { return c == '0' || c == ':' || c == '.'; })) return NotFound;
    *handle = &device;
    return Success;
}

NVML_API nvmlDeviceGetClockInfo(void* handle, int kind, unsigned* megahertz)
{
    return kind == StreamingClock ? answer(handle, megahertz, emu::numberSetting("EMU_MHZ"))
        : kind == MemoryClock ? answer(handle, megahertz, MemoryMegahertz) : InvalidArgument;
}

NVML_API nvmlDeviceGetMaxClockInfo(void* handle, int kind, unsigned* megahertz)
{
    return kind == StreamingClock ? answer(handle, megahertz, MostStreamingMegahertz)
        : kind == MemoryClock ? answer(handle, megahertz, MemoryMegahertz) : InvalidArgument;
}

NVML_API nvmlDeviceGetTemperature(void* handle, int sensor, unsigned* celsius)
{
    return sensor == 0 ? answer(handle, celsius, emu::numberSetting("EMU_CELSIUS")) : InvalidArgument;
}

NVML_API nvmlDeviceGetPowerUsage(void* handle, unsigned* milliwatts)
{
    return answer(handle, milliwatts, MostMilliwatts / 2);
}

NVML_API nvmlDeviceGetEnforcedPowerLimit(void* handle, unsigned* milliwatts)
{
    return answer(handle, milliwatts, MostMilliwatts);
}

NVML_API nvmlDeviceGetCurrentClocksThrottleReasons(void* handle, unsigned long long* reasons)
{
    unsigned value = 0;
    const int code = answer(handle, &value, emu::numberSetting("EMU_THROTTLE"));
    if (code == Success) *reasons = value;
    return code;
}
