// Launches: the limits that CUDA sets them, their parameters, and running them.
#pragma once
#include "modules.h"
#include <memory>
#include <string>
#include <vector>

namespace emu
{
struct Fault;

/// What a program asks for.
struct LaunchRequest
{
    unsigned grid[3], block[3];
    unsigned dynamicShared; // bytes
    bool cooperative = false;
    unsigned cluster[3] = {1, 1, 1};
    bool clustered = false;
};

/// A launch that may run, now or later, with the parameters as they were when it was asked for.
struct Launch
{
    std::shared_ptr<Module> module;
    Kernel* kernel;
    LaunchRequest request;
    std::vector<unsigned char> parameters; // the block, as the kernel lays it out

    uint64_t blocks() const { return static_cast<uint64_t>(request.grid[0]) * request.grid[1] * request.grid[2]; }
    int lanes() const { return request.block[0] * request.block[1] * request.block[2]; }
};

/// Refuses what CUDA refuses. Either pointers to the values, or extra as cuLaunchKernel documents it.
std::shared_ptr<Launch> prepareLaunch(
    const std::shared_ptr<Module>& module, Kernel* kernel, const LaunchRequest& request, void** values, void** extra);

/// Runs to the end. The code of what ended it early, with its text in lastFault.
int runLaunch(const Launch& launch);

extern std::string lastFault;

/// "race within a block on shared memory: a write at Kernels.cs:12 by lane 3 of block 0,0,0, ...".
std::string describeFault(const Launch& launch, const Fault& fault);

/// "kernel Fill, grid 2 1 1, block 32 1 1, ..." with its parameters, for the log.
std::string describeLaunch(const Launch& launch);
}
