// An OpenCL with one GPU that computes in single precision alone, as many phones' and laptops' do. Memory is the host's; it compiles nothing.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t ulong64;

static int answer(const void *from, size_t bytes, size_t size, void *value, size_t *needed)
{
    if (needed) *needed = bytes;
    if (value) memcpy(value, from, bytes < size ? bytes : size);
    return 0;
}
static int text(const char *words, size_t size, void *value, size_t *needed) { return answer(words, strlen(words) + 1, size, value, needed); }
static int number(ulong64 n, size_t size, void *value, size_t *needed) { return answer(&n, sizeof n, size, value, needed); }

int clGetPlatformIDs(unsigned count, void **platforms, unsigned *found) { if (platforms) *platforms = (void *)1; if (found) *found = 1; return 0; }
int clGetPlatformInfo(void *platform, unsigned what, size_t size, void *value, size_t *needed) { return text("Fake platform", size, value, needed); }
int clGetDeviceIDs(void *platform, ulong64 kind, unsigned count, void **devices, unsigned *found) { if (devices) *devices = (void *)2; if (found) *found = 1; return 0; }
int clGetDeviceInfo(void *device, unsigned what, size_t size, void *value, size_t *needed)
{
    switch (what) {
        case 0x1000: return number(1 << 2, size, value, needed);
        case 0x1002: return number(4, size, value, needed);
        case 0x1004: return number(256, size, value, needed);
        case 0x1010: case 0x101F: return number(64 << 20, size, value, needed);
        case 0x1023: return number(32 << 10, size, value, needed);
        case 0x101B: return number(1 << 7, size, value, needed);
        case 0x1032: return number(0, size, value, needed);
        case 0x102B: return text("Fake single-precision GPU", size, value, needed);
        case 0x102D: return text("1.0", size, value, needed);
        case 0x102F: return text("OpenCL 1.2", size, value, needed);
        case 0x1030: return text("cl_khr_byte_addressable_store", size, value, needed);
        default: return -30;
    }
}
void *clCreateContext(const void *properties, unsigned count, void **devices, void *notify, void *user, int *code) { *code = 0; return (void *)3; }
void *clCreateCommandQueue(void *context, void *device, ulong64 properties, int *code) { *code = 0; return (void *)4; }
void *clCreateBuffer(void *context, ulong64 flags, size_t bytes, void *host, int *code) { *code = 0; return malloc(bytes); }
int clReleaseMemObject(void *memory) { free(memory); return 0; }
int clEnqueueWriteBuffer(void *queue, void *memory, unsigned wait, size_t first, size_t bytes, const void *from, unsigned events, void *list, void *event) { memcpy((char *)memory + first, from, bytes); return 0; }
int clEnqueueReadBuffer(void *queue, void *memory, unsigned wait, size_t first, size_t bytes, void *to, unsigned events, void *list, void *event) { memcpy(to, (char *)memory + first, bytes); return 0; }
int clReleaseContext(void *context) { return 0; }
int clReleaseCommandQueue(void *queue) { return 0; }
int clFinish(void *queue) { return 0; }

// A kernel must not come so far.
void *clCreateProgramWithSource(void *context, unsigned count, const char **texts, const size_t *lengths, int *code) { *code = -6; return NULL; }
void *clCreateProgramWithBinary(void *context, unsigned count, void **devices, const size_t *lengths, const unsigned char **binaries, int *status, int *code) { *code = -6; return NULL; }
int clBuildProgram() { return -11; }
int clGetProgramInfo() { return -30; }
int clGetProgramBuildInfo() { return -30; }
int clReleaseProgram() { return 0; }
void *clCreateKernel() { return NULL; }
int clReleaseKernel() { return 0; }
int clGetKernelWorkGroupInfo() { return -30; }
int clSetKernelArg() { return -30; }
int clEnqueueNDRangeKernel() { return -30; }
int clEnqueueMarkerWithWaitList() { return -30; }
int clGetEventProfilingInfo() { return -30; }
int clReleaseEvent() { return 0; }
