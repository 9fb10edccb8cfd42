// The driver API: start, errors, devices, contexts.
#include "call.h"
#include "memory.h"
#include "report.h"
#include "results.h"
#include "settings.h"
#include <cstring>

using namespace emu;

namespace
{
/// CUdevice_attribute of cuda.h, by number; as an H200 (compute capability 9.0) answers.
struct AttributeRow
{
    int number, value;
};

constexpr AttributeRow attributes[] = {
    {1, 1024},           // MAX_THREADS_PER_BLOCK
    {2, 1024},           // MAX_BLOCK_DIM_X
    {3, 1024},           // MAX_BLOCK_DIM_Y
    {4, 64},             // MAX_BLOCK_DIM_Z
    {5, 0x7fffffff},     // MAX_GRID_DIM_X
    {6, 65535},          // MAX_GRID_DIM_Y
    {7, 65535},          // MAX_GRID_DIM_Z
    {8, 48 << 10},       // MAX_SHARED_MEMORY_PER_BLOCK
    {9, 65536},          // TOTAL_CONSTANT_MEMORY
    {10, 32},            // WARP_SIZE
    {11, 0x7fffffff},    // MAX_PITCH
    {12, 65536},         // MAX_REGISTERS_PER_BLOCK
    {13, 1980000},       // CLOCK_RATE, kHz
    {15, 1},             // GPU_OVERLAP
    {17, 0},             // KERNEL_EXEC_TIMEOUT
    {18, 0},             // INTEGRATED
    {19, 1},             // CAN_MAP_HOST_MEMORY
    {20, 0},             // COMPUTE_MODE
    {31, 1},             // CONCURRENT_KERNELS
    {32, 1},             // ECC_ENABLED
    {33, 0},             // PCI_BUS_ID
    {34, 0},             // PCI_DEVICE_ID
    {35, 0},             // TCC_DRIVER
    {36, 3201000},       // MEMORY_CLOCK_RATE, kHz
    {37, 6144},          // GLOBAL_MEMORY_BUS_WIDTH, bits
    {38, 60 << 20},      // L2_CACHE_SIZE
    {39, 2048},          // MAX_THREADS_PER_MULTIPROCESSOR
    {40, 3},             // ASYNC_ENGINE_COUNT
    {41, 1},             // UNIFIED_ADDRESSING
    {50, 0},             // PCI_DOMAIN_ID
    {78, 1},             // STREAM_PRIORITIES_SUPPORTED
    {81, 228 << 10},     // MAX_SHARED_MEMORY_PER_MULTIPROCESSOR
    {82, 65536},         // MAX_REGISTERS_PER_MULTIPROCESSOR
    {83, 1},             // MANAGED_MEMORY
    {84, 0},             // MULTI_GPU_BOARD
    {85, 0},             // MULTI_GPU_BOARD_GROUP_ID
    {90, 1},             // COMPUTE_PREEMPTION_SUPPORTED
    {91, 1},             // CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM
    {95, 1},             // COOPERATIVE_LAUNCH
    {97, 227 << 10},     // MAX_SHARED_MEMORY_PER_BLOCK_OPTIN
    {106, 32},           // MAX_BLOCKS_PER_MULTIPROCESSOR
    {111, 1 << 10},      // RESERVED_SHARED_MEMORY_PER_BLOCK
    {115, 1},            // MEMORY_POOLS_SUPPORTED
};

constexpr int MultiprocessorCount = 16, CapabilityMajor = 75, CapabilityMinor = 76, ClusterLaunch = 120;

int deviceAttribute(int attribute)
{
    const int capability = static_cast<int>(numberSetting("EMU_CAPABILITY", 10));
    switch (attribute)
    {
        case MultiprocessorCount: return static_cast<int>(numberSetting("EMU_SMS", 1));
        case CapabilityMajor: return capability / 10;
        case CapabilityMinor: return capability % 10;
        case ClusterLaunch: return capability >= 90;
    }
    for (const AttributeRow& row : attributes)
        if (row.number == attribute) return row.value;
    refuse(InvalidValue, format("attribute %d of a device is not known", attribute));
}

void needInitialized()
{
    if (!initialized) refuse(NotInitialized, "cuInit was not called");
}

size_t totalBytes() { return static_cast<size_t>(numberSetting("EMU_MEMORY_MB", 1)) << 20; }
}

DRIVER_API cuInit(unsigned flags)
{
    return Call("cuInit").run([&] {
        if (flags != 0) refuse(InvalidValue, "cuInit takes no flags");
        initialized = true;
    });
}

DRIVER_API cuDriverGetVersion(int* version)
{
    return Call("cuDriverGetVersion").run([&] { *version = static_cast<int>(numberSetting("EMU_VERSION", 1)); });
}

DRIVER_API cuGetErrorName(int code, const char** text)
{
    *text = resultName(code);
    return *text ? Success : InvalidValue;
}

/// Beyond the driver's own words: what exactly was refused, or where a kernel failed.
DRIVER_API cuGetErrorString(int code, const char** text)
{
    *text = lastReason(code);
    if (!*text) *text = resultText(code);
    return *text ? Success : InvalidValue;
}

DRIVER_API cuDeviceGetCount(int* count)
{
    return Call("cuDeviceGetCount").run([&] {
        needInitialized();
        *count = deviceCount();
    });
}

DRIVER_API cuDeviceGet(int* device, int number)
{
    return Call("cuDeviceGet").with("number", number).run([&] {
        needInitialized();
        checkDevice(number);
        *device = number;
    });
}

DRIVER_API cuDeviceGetName(char* name, int length, int device)
{
    return Call("cuDeviceGetName").with("device", device).run([&] {
        checkDevice(device);
        const std::string text = format("Emulated GPU %d", device);
        if (length <= 0) refuse(InvalidValue, "no room for the name");
        strncpy(name, text.c_str(), length - 1);
        name[length - 1] = 0;
    });
}

DRIVER_API cuDeviceTotalMem_v2(size_t* bytes, int device)
{
    return Call("cuDeviceTotalMem_v2").with("device", device).run([&] {
        checkDevice(device);
        *bytes = totalBytes();
    });
}

DRIVER_API cuDeviceGetAttribute(int* value, int attribute, int device)
{
    return Call("cuDeviceGetAttribute").with("attribute", attribute).with("device", device).run([&] {
        needInitialized();
        checkDevice(device);
        *value = deviceAttribute(attribute);
    });
}

DRIVER_API cuDeviceGetUuid_v2(char* uuid, int device)
{
    return Call("cuDeviceGetUuid_v2").with("device", device).run([&] {
        checkDevice(device);
        memset(uuid, 0, 16);
        uuid[15] = static_cast<char>(device + 1);
    });
}

DRIVER_API cuDeviceCanAccessPeer(int* can, int, int)
{
    return Call("cuDeviceCanAccessPeer").run([&] { *can = 0; });
}

DRIVER_API cuDeviceGetP2PAttribute(int* value, int, int, int)
{
    return Call("cuDeviceGetP2PAttribute").run([&] { *value = 0; });
}

DRIVER_API cuCtxEnablePeerAccess(Context*, unsigned)
{
    return Call("cuCtxEnablePeerAccess").inContext([](Context&) {
        refuse(PeerAccessUnsupported, "devices reach no other's memory");
    });
}

DRIVER_API cuCtxDisablePeerAccess(Context*)
{
    return Call("cuCtxDisablePeerAccess").inContext([](Context&) {
        refuse(PeerAccessNotEnabled, "devices reach no other's memory");
    });
}

DRIVER_API cuDevicePrimaryCtxRetain(Context** context, int device)
{
    return Call("cuDevicePrimaryCtxRetain").with("device", device).run([&] {
        needInitialized();
        *context = &retainPrimary(device);
    });
}

DRIVER_API cuDevicePrimaryCtxRelease_v2(int device)
{
    return Call("cuDevicePrimaryCtxRelease_v2").with("device", device).run([&] { releasePrimary(device); });
}

DRIVER_API cuDevicePrimaryCtxGetState(int device, unsigned* flags, int* active)
{
    return Call("cuDevicePrimaryCtxGetState").with("device", device).run([&] {
        checkDevice(device);
        *flags = 0;
        *active = isActive(device);
    });
}

DRIVER_API cuCtxCreate_v2(Context** context, unsigned, int device)
{
    return Call("cuCtxCreate_v2").with("device", device).run([&] {
        needInitialized();
        *context = &createContext(device);
    });
}

DRIVER_API cuCtxDestroy_v2(Context* context)
{
    return Call("cuCtxDestroy_v2").run([&] { destroy(*context); });
}

// CudaDevice sets its context before each call: this one is not a line of the log.
DRIVER_API cuCtxSetCurrent(Context* context)
{
    return Call("cuCtxSetCurrent").quiet().run([&] { setCurrent(context); });
}

DRIVER_API cuCtxGetCurrent(Context** context)
{
    return Call("cuCtxGetCurrent").quiet().run([&] { *context = currentContext(); });
}

DRIVER_API cuCtxPushCurrent_v2(Context* context)
{
    return Call("cuCtxPushCurrent_v2").quiet().run([&] { pushCurrent(context); });
}

DRIVER_API cuCtxPopCurrent_v2(Context** context)
{
    return Call("cuCtxPopCurrent_v2").quiet().run([&] {
        Context* popped = popCurrent();
        if (context) *context = popped;
    });
}

DRIVER_API cuCtxGetDevice(int* device)
{
    return Call("cuCtxGetDevice").inContext([&](Context& context) { *device = context.device; });
}

DRIVER_API cuCtxSynchronize()
{
    return Call("cuCtxSynchronize").inContext([](Context& context) {
        forbidUnsafe("cuCtxSynchronize");
        forbidWhileAnyCaptured(context, "cuCtxSynchronize");
        drainAll(context);
    });
}

// Hints that change no result.
DRIVER_API cuCtxGetCacheConfig(int* config)
{
    return Call("cuCtxGetCacheConfig").run([&] { *config = 0; });
}

DRIVER_API cuCtxSetCacheConfig(int)
{
    return Call("cuCtxSetCacheConfig").run([] {});
}

DRIVER_API cuCtxGetSharedMemConfig(int* config)
{
    return Call("cuCtxGetSharedMemConfig").run([&] { *config = 1; });
}

DRIVER_API cuCtxSetSharedMemConfig(int)
{
    return Call("cuCtxSetSharedMemConfig").run([] {});
}

DRIVER_API cuMemGetInfo_v2(size_t* free, size_t* total)
{
    return Call("cuMemGetInfo_v2").inContext([&](Context& context) {
        *total = totalBytes();
        *free = *total - heldBytes(context.device);
    });
}
