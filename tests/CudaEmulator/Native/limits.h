// What CUDA allows a launch, and what it says of a kernel's needs.
#pragma once
#include <cstddef>

namespace emu
{
struct Kernel;
struct LaunchRequest;

/// Refuses what CUDA refuses.
void checkLimits(const Kernel& kernel, const LaunchRequest& request);

/// Blocks of so many lanes that a multiprocessor holds at once.
int residentBlocks(const Kernel& kernel, int lanes, size_t dynamicShared);

// cuFuncSetAttribute and cuFuncGetAttribute.
void setKernelAttribute(Kernel& kernel, int attribute, int value);
int kernelAttribute(const Kernel& kernel, int attribute);
}
