// How the emulated libraries beside the driver reach it.
#pragma once
#include <dlfcn.h>
#include <string>

namespace emu
{
/// The emulated driver: the one that the program has loaded, else the one beside this library.
inline void* openDriver()
{
    if (void* loaded = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD)) return loaded;
    Dl_info self;
    dladdr(reinterpret_cast<void*>(openDriver), &self);
    const std::string path = self.dli_fname, folder = path.substr(0, path.rfind('/') + 1);
    return dlopen((folder + "libcuda.so.1").c_str(), RTLD_NOW);
}

/// A function of it by its name.
template <typename F> void find(F& function, void* driver, const char* name)
{
    function = reinterpret_cast<F>(dlsym(driver, name));
}
}
