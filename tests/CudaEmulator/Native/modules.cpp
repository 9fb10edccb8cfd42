#include "modules.h"
#include "blocks.h"
#include "compiler/host_compiler.h"
#include "ptx/translator.h"
#include "report.h"
#include "results.h"
#include "settings.h"
#include <algorithm>
#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <fstream>
#include <link.h>
#include <sstream>
#include <sys/mman.h>
#include <unistd.h>

namespace emu
{
namespace
{
const char ptxPrelude[] =
#include "ptx_prelude.inc"
    ;

// CUDA C++ Programming Guide, technical specifications: a kernel's fixed shared memory is at most 48 KB; more must be
// dynamic.
constexpr int MaxFixedShared = 48 << 10, MaxLanes = 1024;

/// Where the library lies in memory.
void findRange(Module& module)
{
    struct Search
    {
        uintptr_t base;
        char *low, *high;
    } search = {};
    link_map* map;
    dlinfo(module.library, RTLD_DI_LINKMAP, &map);
    search.base = map->l_addr;
    dl_iterate_phdr(
        [](dl_phdr_info* info, size_t, void* data) {
            auto& search = *static_cast<Search*>(data);
            if (info->dlpi_addr != search.base) return 0;
            uintptr_t low = UINTPTR_MAX, high = 0;
            for (int i = 0; i < info->dlpi_phnum; i++)
            {
                const ElfW(Phdr)& part = info->dlpi_phdr[i];
                if (part.p_type != PT_LOAD) continue;
                low = std::min<uintptr_t>(low, info->dlpi_addr + part.p_vaddr);
                high = std::max<uintptr_t>(high, info->dlpi_addr + part.p_vaddr + part.p_memsz);
            }
            search.low = reinterpret_cast<char*>(low);
            search.high = reinterpret_cast<char*>(high);
            return 1;
        },
        &search);
    module.low = search.low;
    module.high = search.high;
}

template <typename T> T symbol(const Module& module, const std::string& name)
{
    void* found = dlsym(module.library, name.c_str());
    if (!found) refuse(NoBinaryForGpu, "the image lacks " + name + ": it was not made by this emulator's NVRTC");
    return reinterpret_cast<T>(found);
}

/// A library opened from memory: each load has variables of its own, and no file is left behind.
void open(Module& module, const char* bytes, size_t count)
{
    module.file = memfd_create("cuda-module", MFD_CLOEXEC);
    if (module.file < 0) refuse(OutOfMemory, "no memory file for a module");
    for (size_t done = 0; done < count;)
    {
        const ssize_t written = write(module.file, bytes + done, count - done);
        if (written < 0) refuse(OutOfMemory, "no memory for a module's file");
        done += written;
    }
    module.path = format("/proc/%d/fd/%d", getpid(), module.file);
    module.library = dlopen(module.path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!module.library) refuse(NoBinaryForGpu, std::string("the image does not load: ") + dlerror());
    *symbol<Emu**>(module, "emu") = &machine;
    findRange(module);
}

/// ELF says nothing of a file's length, but its table of sections comes last.
size_t elfBytes(const void* image)
{
    const auto& header = *static_cast<const Elf64_Ehdr*>(image);
    return header.e_shoff + static_cast<size_t>(header.e_shentsize) * header.e_shnum;
}

/// Each parameter at a multiple of its alignment, which for the types that kernels take is the largest power of two in
/// their size, up to 16.
int layOut(std::vector<KernelParameter>& parameters)
{
    int end = 0;
    for (KernelParameter& parameter : parameters)
    {
        const int align = std::min(16, std::max(1, parameter.size & -parameter.size));
        parameter.offset = (end + align - 1) / align * align;
        end = parameter.offset + parameter.size;
    }
    return end;
}

void loadCpp(Module& module, const void* image)
{
    open(module, static_cast<const char*>(image), elfBytes(image));
    if (flagSetting("EMU_CHECK") && !symbol<int (*)()>(module, "emu_checked")())
        refuse(NoBinaryForGpu,
            "EMU_CHECK=1, and the image was compiled without: use another folder of compiled kernels (LDNET_KERNEL_CACHE)");
    auto kernel = std::make_unique<Kernel>();
    kernel->module = &module;
    kernel->name = *symbol<const char**>(module, "emu_name");
    kernel->isPtx = false;
    kernel->entry = symbol<void (*)(void**)>(module, "emu_entry");
    const auto describe = symbol<int (*)(int*, int*)>(module, "emu_parameters");
    constexpr int MaxParameters =
        512; // 4 KB of parameters, the most that a kernel may have before CUDA 12.1, 8 bytes each
    int sizes[MaxParameters], elementSizes[MaxParameters];
    const int count = describe(sizes, elementSizes);
    for (int i = 0; i < count; i++) kernel->parameters.push_back({sizes[i], 0, elementSizes[i]});
    kernel->parameterBytes = layOut(kernel->parameters);
    kernel->sharedBegin = symbol<char* (*)()>(module, "emu_shared_begin")();
    kernel->fixedShared = static_cast<int>(symbol<char* (*)()>(module, "emu_shared_end")() - kernel->sharedBegin);
    kernel->maxLanes = MaxLanes;
    if (kernel->fixedShared > MaxFixedShared)
        refuse(InvalidPtx,
            kernel->name + " uses too much shared data: " + std::to_string(kernel->fixedShared) + " bytes, " +
                std::to_string(MaxFixedShared) + " at most");
    const std::string name = kernel->name;
    module.kernels[name] = std::move(kernel);
}

/// The driver refuses a newer target than the device, and a newer PTX than its own CUDA knows.
/// PTX ISA, release notes: 7.8 came with CUDA 11.8, 8.0 with 12.0, 9.0 with 13.0.
void checkTarget(const ptx::Translation& translation)
{
    const long capability = numberSetting("EMU_CAPABILITY"), version = numberSetting("EMU_VERSION");
    int target = 0, major = 0, minor = 0;
    sscanf(translation.target.c_str(), "sm_%d", &target);
    sscanf(translation.version.c_str(), "%d.%d", &major, &minor);
    if (target > capability)
        refuse(NoBinaryForGpu,
            format("PTX for %s on a device of compute capability %ld.%ld", translation.target.c_str(), capability / 10,
                capability % 10));
    if ((major + 4) * 1000 + minor * 10 > version)
        refuse(UnsupportedPtxVersion,
            format("PTX version %s with a driver for CUDA %ld.%ld", translation.version.c_str(), version / 1000,
                version % 1000 / 10));
}

std::string compile(const std::string& translated)
{
    // -fstack-clash-protection: a lane that needs too much local memory meets the page that guards its stack.
    std::string options = "-O1 -march=native -fno-strict-aliasing -fno-math-errno -fno-exceptions -fno-builtin-memcpy "
                          "-fstack-clash-protection -lm ";
    options += flagSetting("EMU_CONTRACT") ? "-ffp-contract=fast " : "-ffp-contract=off ";
    try
    {
        return compileToLibrary(std::string(ptxPrelude) + translated, options + setting("EMU_CLANG"));
    }
    catch (const CompileError& error)
    {
        refuse(InvalidPtx, "the translation of the PTX does not compile: " + error.log);
    }
}

ptx::Translation translate(const std::string& text)
{
    try
    {
        return ptx::translate(text);
    }
    catch (const ptx::Error& error)
    {
        refuse(InvalidPtx, "PTX line " + std::to_string(error.line) + ": " + error.what);
    }
}

void loadPtx(Module& module, const std::string& text)
{
    const ptx::Translation translation = translate(text);
    checkTarget(translation);
    if (translation.sharedBytes > MaxFixedShared)
        refuse(InvalidPtx,
            format("uses too much shared data (%d bytes, %d max)", translation.sharedBytes, MaxFixedShared));
    std::ifstream file(compile(translation.text), std::ios::binary);
    std::stringstream library;
    library << file.rdbuf();
    open(module, library.str().data(), library.str().size());
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) module.ptx.push_back(line);
    for (const ptx::Entry& entry : translation.entries)
    {
        auto kernel = std::make_unique<Kernel>();
        kernel->module = &module;
        kernel->name = entry.name;
        kernel->isPtx = true;
        kernel->entry = symbol<void (*)(void**)>(module, "emu_ptx_" + std::to_string(entry.index));
        for (const ptx::Parameter& parameter : entry.parameters)
            kernel->parameters.push_back({parameter.size, parameter.offset, 0});
        kernel->parameterBytes = entry.parameterBytes;
        kernel->sharedBegin = nullptr;
        kernel->fixedShared = translation.sharedBytes;
        kernel->maxLanes = std::min(entry.maxLanes, MaxLanes);
        module.kernels[entry.name] = std::move(kernel);
    }
}
}

Module::~Module()
{
    if (library) dlclose(library);
    if (file >= 0) close(file);
}

std::shared_ptr<Module> loadModule(const void* image)
{
    auto module = std::make_shared<Module>();
    if (memcmp(image, ELFMAG, SELFMAG) == 0) loadCpp(*module, image);
    else loadPtx(*module, static_cast<const char*>(image));
    return module;
}
}
