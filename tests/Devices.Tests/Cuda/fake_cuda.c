// A CUDA driver without a GPU, for tests: "device memory" is the host's, launches are written down. Its structures are declared here as
// cuda.h documents them, so that a C compiler's layout judges ours. What it does is chosen by FAKE_CUDA_*, what it saw goes to FAKE_CUDA_LOG.
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    uint32_t id;
    char pad[4];
    union { char pad[64]; int cooperative; struct { uint32_t x, y, z; } cluster; } value;
} Attribute;

typedef struct {
    uint32_t gridX, gridY, gridZ, blockX, blockY, blockZ, sharedBytes;
    void *stream;
    Attribute *attributes;
    uint32_t attributeCount;
} LaunchConfig;

static int capturing, nextHandle = 16;
static size_t held;

static long setting(const char *name, long standard) { const char *text = getenv(name); return text ? atol(text) : standard; }

static void note(const char *format, ...)
{
    const char *path = getenv("FAKE_CUDA_LOG");
    if (!path) return;
    FILE *file = fopen(path, "a");
    va_list arguments;
    va_start(arguments, format);
    vfprintf(file, format, arguments);
    va_end(arguments);
    fputc('\n', file);
    fclose(file);
}

static int calls; // of the function that FAKE_CUDA_FAIL names

void fake_set(const char *name, const char *value)
{
    calls = 0;
    if (value) setenv(name, value, 1);
    else unsetenv(name);
}

// FAKE_CUDA_FAIL=cuStreamCreate=2@3: that function's third call from now returns 2; without @ every call.
static int failure(const char *function)
{
    const char *text = getenv("FAKE_CUDA_FAIL");
    size_t length = strlen(function);
    if (!text || strncmp(text, function, length) || text[length] != '=') return 0;
    const char *at = strchr(text, '@');
    return !at || ++calls == atoi(at + 1) ? atoi(text + length + 1) : 0;
}

int cuInit(unsigned flags) { return setting("FAKE_CUDA_INIT", 0); }
int cuDriverGetVersion(int *version) { *version = setting("FAKE_CUDA_VERSION", 12040); return 0; }
int cuGetErrorName(int code, const char **text)
{
    *text = code == 100 ? "CUDA_ERROR_NO_DEVICE" : code == 2 ? "CUDA_ERROR_OUT_OF_MEMORY" : code == 700 ? "CUDA_ERROR_ILLEGAL_ADDRESS"
        : code == 209 ? "CUDA_ERROR_NO_BINARY_FOR_GPU" : code == 701 ? "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES" : 0;
    return *text ? 0 : 1;
}
int cuGetErrorString(int code, const char **text) { *text = code == 100 ? "no CUDA-capable device is detected" : "words for it"; return 0; }
int cuDeviceGetCount(int *count) { *count = setting("FAKE_CUDA_COUNT", 1); return 0; }
int cuDeviceGet(int *device, int index) { *device = index; return 0; }
int cuDeviceGetName(char *name, int length, int device) { snprintf(name, length, "Fake GPU %d", device); return 0; }
int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = 64 << 20; return 0; }
int cuDeviceGetAttribute(int *value, int attribute, int device)
{
    switch (attribute)
    {
        case 1: *value = 1024; return 0;
        case 8: *value = 48 << 10; return 0;
        case 10: *value = 32; return 0;
        case 16: *value = 132; return 0;
        case 75: *value = setting("FAKE_CUDA_CAPABILITY", 80) / 10; return 0;
        case 76: *value = setting("FAKE_CUDA_CAPABILITY", 80) % 10; return 0;
        case 95: case 115: case 120: *value = 1; return 0;
        case 97: *value = 227 << 10; return 0;
        default: return 1;
    }
}
int cuDevicePrimaryCtxRetain(void **context, int device) { *context = (void *)(intptr_t)(nextHandle++); return 0; }
int cuDevicePrimaryCtxRelease_v2(int device) { note("release context"); return 0; }
int cuCtxSetCurrent(void *context) { return 0; }
int cuMemGetInfo_v2(size_t *free, size_t *total) { *total = 64 << 20; *free = *total - held; return 0; }
static int take(void **memory, size_t bytes)
{
    if (held + bytes > (64u << 20)) return 2;
    held += bytes;
    size_t *block = malloc(bytes + 64);
    *block = bytes;
    *memory = (char *)block + 64;
    return 0;
}
int cuMemAlloc_v2(void **memory, size_t bytes) { return take(memory, bytes); }
int cuMemAllocAsync(void **memory, size_t bytes, void *stream) { note("allocate %zu", bytes); return take(memory, bytes); }
int cuMemFree_v2(void *memory) { size_t *block = (size_t *)((char *)memory - 64); held -= *block; free(block); return 0; }
int cuMemFreeAsync(void *memory, void *stream) { note("free"); return cuMemFree_v2(memory); }
int cuMemHostAlloc(void **memory, size_t bytes, unsigned flags) { *memory = malloc(bytes); return flags == 0 ? 0 : 1; }
int cuMemFreeHost(void *memory) { free(memory); return 0; }

// With FAKE_CUDA_LATE a copy from the host reads its source as late as it may: when something waits for the device or reads from it.
static struct { void *target; const void *source; size_t bytes; } queued[4096];
static int queuedCount;
static void runQueue(void)
{
    for (int i = 0; i < queuedCount; i++) memcpy(queued[i].target, queued[i].source, queued[i].bytes);
    queuedCount = 0;
}
int cuMemcpyHtoDAsync_v2(void *target, const void *source, size_t bytes, void *stream)
{
    if (queuedCount == 4096) return 1;
    queued[queuedCount].target = target;
    queued[queuedCount].source = source;
    queued[queuedCount++].bytes = bytes;
    if (!setting("FAKE_CUDA_LATE", 0)) runQueue();
    return 0;
}
int cuMemcpyDtoHAsync_v2(void *target, void *source, size_t bytes, void *stream) { runQueue(); memcpy(target, source, bytes); return 0; }
int cuMemcpyDtoDAsync_v2(void *target, void *source, size_t bytes, void *stream) { runQueue(); memcpy(target, source, bytes); return 0; }
int cuStreamCreate(void **stream, unsigned flags)
{
    *stream = (void *)(intptr_t)(nextHandle++);
    return flags == 1 ? failure("cuStreamCreate") : 1;
}
int cuStreamSynchronize(void *stream) { runQueue(); return setting("FAKE_CUDA_SYNCHRONIZE", 0); }
int cuStreamDestroy_v2(void *stream) { note("destroy stream"); return 0; }
int cuStreamBeginCapture_v2(void *stream, int mode)
{
    int code = failure("cuStreamBeginCapture_v2");
    if (code) return code;
    capturing = 1;
    note("begin capture %d", mode);
    return 0;
}
int cuStreamEndCapture(void *stream, void **graph) { capturing = 0; *graph = (void *)7; note("end capture"); return 0; }
int cuGraphInstantiateWithFlags(void **executable, void *graph, unsigned long long flags)
{
    *executable = (void *)8;
    return graph == (void *)7 && flags == 0 ? failure("cuGraphInstantiateWithFlags") : 1;
}
int cuGraphLaunch(void *executable, void *stream) { note("launch graph"); return executable == (void *)8 ? 0 : 1; }
int cuGraphExecDestroy(void *executable) { note("destroy graph"); return 0; }
int cuGraphDestroy(void *graph) { note("destroy recording"); return 0; }
int cuModuleLoadData(void **module, const void *image) { *module = (void *)9; return setting("FAKE_CUDA_LOAD", 0); }
int cuModuleUnload(void *module) { note("unload module"); return 0; }
int cuModuleGetFunction(void **function, void *module, const char *name) { *function = strdup(name); return failure("cuModuleGetFunction"); }
int cuFuncSetAttribute(void *function, int attribute, int value) { note("attribute %d = %d of %s", attribute, value, (char *)function); return 0; }
int cuFuncGetAttribute(int *value, int attribute, void *function) { *value = attribute == 1 ? setting("FAKE_CUDA_STATIC_SHARED", 0) : 0; return 0; }
int cuEventCreate(void **event, unsigned flags) { *event = (void *)(intptr_t)(nextHandle++); return 0; }
int cuEventRecord(void *event, void *stream) { return 0; }
int cuEventSynchronize(void *event) { runQueue(); return setting("FAKE_CUDA_SYNCHRONIZE", 0); }
int cuEventElapsedTime(float *milliseconds, void *start, void *end) { *milliseconds = 2.5f; return 0; }
int cuEventDestroy_v2(void *event) { note("destroy event"); return 0; }

// Parameters are those of the test's kernel: view of float, int, view of double, double.
int cuLaunchKernelEx(const LaunchConfig *config, void *function, void **parameters, void **extra)
{
    int failure = setting("FAKE_CUDA_LAUNCH", 0);
    if (failure) return failure;
    note("%slaunch %s grid %u %u %u block %u %u %u shared %u attributes %u", capturing ? "recorded " : "", (char *)function,
        config->gridX, config->gridY, config->gridZ, config->blockX, config->blockY, config->blockZ, config->sharedBytes, config->attributeCount);
    if (config->attributeCount)
        note("attribute %u = %u %u %u", config->attributes[0].id, config->attributes[0].value.cluster.x, config->attributes[0].value.cluster.y, config->attributes[0].value.cluster.z);
    if (strcmp(function, "Mixed") || capturing) return 0;
    float *floats = *(float **)parameters[0];
    double *doubles = *(double **)parameters[3];
    note("floats %g x %lld, int %d, doubles %s x %lld, double %g", floats[0], *(long long *)parameters[1], *(int *)parameters[2],
        doubles ? "there" : "null", *(long long *)parameters[4], *(double *)parameters[5]);
    return 0;
}

// cuBLAS as far as a handle's life goes.
int cublasCreate_v2(void **handle) { *handle = (void *)10; return 0; }
int cublasDestroy_v2(void *handle) { note("destroy cuBLAS"); return 0; }
int cublasSetStream_v2(void *handle, void *stream) { return failure("cublasSetStream_v2"); }
int cublasSetMathMode(void *handle, int mode) { return 0; }
int cublasSgemm_v2(void) { return 0; }
int cublasDgemm_v2(void) { return 0; }
