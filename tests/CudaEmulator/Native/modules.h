// Modules: a CUDA C++ kernel as a library of this processor, or PTX text that becomes one.
#pragma once
#include "machine.h"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace emu
{
struct KernelParameter
{
    int size, offset; // bytes; offset in the parameter block
    int elementSize;  // of what a pointer of CUDA C++ points to, else 0
};

struct Module;

struct Kernel
{
    Module* module;
    std::string name;
    bool isPtx;
    void (*entry)(void** parameters);
    std::vector<KernelParameter> parameters;
    int parameterBytes;
    int fixedShared;            // bytes
    char* sharedBegin;          // the fixed shared memory of CUDA C++, null for PTX
    int maxLanes;               // of a block
    int maxDynamicShared = -1;  // as cuFuncSetAttribute set it
    bool wideClusters = false;  // more blocks than every device takes, by cuFuncSetAttribute
};

struct Module
{
    void* library = nullptr; // dlopen's
    std::string path;        // for addr2line
    int file = -1;           // the memory file behind the path
    char *low, *high;        // where the library is mapped
    std::map<std::string, std::unique_ptr<Kernel>> kernels;
    std::vector<std::string> ptx; // lines of the text; none for CUDA C++
    mutable std::map<const void*, std::string> places; // lines that were asked for

    Module() = default;
    Module(const Module&) = delete;
    ~Module();
};

/// Loads an image. Refuses with 200, 209, 218 or 222 as the driver does.
/// @param image an ELF library, or PTX text that ends with a zero.
std::shared_ptr<Module> loadModule(const void* image);
}
