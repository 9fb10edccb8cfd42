// Blocks of lanes: which of them run at once, in which order, and where their lanes wait for each other.
#pragma once
#include "access.h"
#include "cells.h"
#include "fibres.h"
#include "machine.h"
#include <cstdint>
#include <string>
#include <vector>

namespace emu
{
struct Block;
struct Launch;
struct Module;

constexpr int WarpLanes = 32;

/// A copy to shared memory that has been asked for and not yet made.
struct AsyncCopy
{
    void* to;
    const void* from;
    int size, bytes; // written; of them from the source
    Place place;
};

enum class LaneState
{
    Fresh, // has not begun
    Ready,
    AtBarrier,
    AtClusterBarrier,
    AtWarp,
    Done,
};

struct Lane
{
    EmuLane position;
    Block* block;
    int index; // in the block
    LaneState state;
    Fibre* fibre;
    Place place; // where it last called the machine

    int barrier, predicate, barrierResult;

    int operation; // EmuWarp, or a multiplication's
    unsigned mask, met;
    unsigned long long value, *values;
    const unsigned *a, *b; // fragments of a matrix product, on this lane's stack
    float* c;

    std::vector<std::vector<AsyncCopy>> copies; // by group; the last is open
    Access guess;                               // of the checker: a read that is not judged yet; no address: none
    int clusterPhase;                           // barriers of the cluster passed when this lane arrived
    unsigned clock[WarpLanes]; // of the checker: how much of each lane's work in the warp this one has seen

    int warp() const { return index / WarpLanes; }
    int inWarp() const { return index % WarpLanes; }
    unsigned bit() const { return 1u << inWarp(); }
};

/// Blocks that run at once and share a barrier.
struct Cluster
{
    int lanes, arrived, left, phase;
    std::vector<Block*> blocks;
};

/// Lanes of a warp, a bit each.
struct Warp
{
    unsigned waiting, gone; // in a warp operation; ended, or beyond the block's last
};

struct Block
{
    uint64_t number; // x fastest
    std::vector<Lane> lanes;
    std::vector<Warp> warps;
    std::vector<int> turns; // lanes in the order in which they run
    int atBarrier, left;
    Cluster* cluster;
    char *shared, *dynamicShared;
    std::vector<char> fixedShared; // while another block runs: what the library's section holds for this one
    unsigned phase; // block barriers passed
    unsigned place; // among the blocks that run at once
    unsigned run; // of the checker: tells this block's accesses from those of earlier ones
    std::vector<Cell> cells; // of the checker, of shared memory
    std::vector<unsigned> clock; // of the checker: how much of each block's work this one has seen

    int size() const { return static_cast<int>(lanes.size()); }
};

/// The machine as kernels see it, and the lane that runs now; null in between.
extern Emu machine;
extern Lane* running;

/// Device and shared memory are filled before they are used.
extern bool poisoned;

/// Runs all blocks; what goes wrong is in faults.h.
void runBlocks(const Launch& launch);

/// The running lane gives way until somebody makes it Ready.
void waitLane(LaneState state);

/// Of the launch that runs.
const std::string& kernelName();
const Module& runningModule();

/// A block that runs now, by its place among those that run at once.
const Block& blockAt(unsigned place);

/// The coordinates of a number that counts x fastest.
void spread(uint64_t number, const unsigned* size, unsigned* coordinates);

/// Whether the address is in the table of pointers that a kernel's entry takes.
bool isParameterPointer(const void* address);

// What kernels call.
void yieldLane();
void leaveLane();
}
