#include "blocks.h"
#include "async_copies.h"
#include "barriers.h"
#include "checker.h"
#include "faults.h"
#include "launches.h"
#include "order.h"
#include "races.h"
#include "report.h"
#include "results.h"
#include "settings.h"
#include "uniformity.h"
#include "warps.h"
#include "watchdog.h"
#include <cstring>
#include <iterator>
#include <memory>
#include <sys/mman.h>

namespace emu
{
Emu machine;
Lane* running;
bool poisoned;

void spread(uint64_t number, const unsigned* size, unsigned* coordinates)
{
    for (int axis = 0; axis < 3; axis++)
    {
        coordinates[axis] = static_cast<unsigned>(number % size[axis]);
        number /= size[axis];
    }
}

namespace
{
// The most shared memory that a block can have, and a page behind it that nobody may touch.
constexpr size_t SharedBytes = 256 << 10, PageBytes = 4096;
constexpr int Poison = 0xff;

const Launch* launch;
void* parameterPointers[512];
Order turns;

/// Blocks are kept from launch to launch, with their shared memory.
std::vector<std::unique_ptr<Block>> kept;
std::vector<char*> arenas;

char* arena(size_t index)
{
    while (arenas.size() <= index)
    {
        void* made = mmap(nullptr, SharedBytes + PageBytes, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (made == MAP_FAILED) refuse(OutOfMemory, "no memory for a block's shared memory");
        mprotect(static_cast<char*>(made) + SharedBytes, PageBytes, PROT_NONE);
        arenas.push_back(static_cast<char*>(made));
    }
    return arenas[index];
}

void finish(Lane& lane)
{
    finishCopies(lane);
    settleGuess(lane);
    lane.state = LaneState::Done;
    Block& block = *lane.block;
    block.left++;
    block.warps[lane.warp()].gone |= lane.bit();
    block.cluster->left++;
}

/// Lanes that others wait for may have left.
void leave(Lane& lane)
{
    finish(lane);
    meetIfComplete(*lane.block, lane.warp());
    releaseBarrier(*lane.block);
    releaseClusterBarrier(*lane.block->cluster);
    switchToScheduler(lane.fibre);
    __builtin_unreachable();
}

void laneMain()
{
    launch->kernel->entry(parameterPointers);
    leave(*running);
}

void placeLane(Lane& lane, const EmuLane& position, Block& block, int index)
{
    lane.position = position;
    lane.block = &block;
    lane.index = index;
    lane.state = LaneState::Fresh;
    lane.fibre = nullptr;
    lane.place = {};
    lane.guess = {};
    lane.copies.clear();
}

void placeLanes(Block& block)
{
    const LaunchRequest& request = launch->request;
    EmuLane position = {
        {},
        {},
        {request.block[0], request.block[1], request.block[2]},
        {request.grid[0], request.grid[1], request.grid[2]},
        {request.cluster[0], request.cluster[1], request.cluster[2]},
    };
    spread(block.number, request.grid, position.block);
    auto& [x, y, z] = position.thread;
    for (int i = 0; i < block.size(); i++)
    {
        placeLane(block.lanes[i], position, block, i);
        if (++x < request.block[0]) continue;
        x = 0;
        if (++y < request.block[1]) continue;
        y = 0;
        z++;
    }
    block.warps.assign((block.size() + WarpLanes - 1) / WarpLanes, {0, 0});
    if (const int rest = block.size() % WarpLanes; rest != 0) block.warps.back().gone = ~0u << rest;
}

/// @param place among the blocks that run at once.
void prepare(Block& block, uint64_t number, size_t place, Cluster* cluster)
{
    const Kernel& kernel = *launch->kernel;
    const unsigned dynamicBytes = launch->request.dynamicShared, padded = (dynamicBytes + 15) / 16 * 16;
    block.number = number;
    block.place = static_cast<unsigned>(place);
    block.cluster = cluster;
    block.atBarrier = block.left = 0;
    block.phase = 0;
    block.lanes.resize(launch->lanes());
    placeLanes(block);
    block.turns = laneOrder(turns, number, block.size());
    // The end lies at a page that nobody may touch; PTX finds its fixed part right before the dynamic one.
    block.dynamicShared = arena(place) + SharedBytes - padded;
    block.shared = block.dynamicShared - (kernel.isPtx ? kernel.fixedShared : 0);
    if (poisoned) memset(block.shared, Poison, arena(place) + SharedBytes - block.shared);
    block.fixedShared.assign(kernel.isPtx ? 0 : kernel.fixedShared, static_cast<char>(Poison));
    if (checking) prepareRaces(block);
    if (kernel.isPtx) forgetBranches();
}

/// Makes the block the one that the machine shows to kernels.
void enter(Block& block)
{
    const Kernel& kernel = *launch->kernel;
    machine.shared = block.shared;
    machine.dynamicShared = block.dynamicShared;
    machine.dynamicBytes = launch->request.dynamicShared;
    machine.sharedBytes = machine.dynamicBytes + (kernel.isPtx ? kernel.fixedShared : 0);
    if (!block.fixedShared.empty()) memcpy(kernel.sharedBegin, block.fixedShared.data(), block.fixedShared.size());
}

/// Fixed shared memory of CUDA C++ lies in the library, once for all blocks.
void keepFixedShared(Block& block)
{
    if (!block.fixedShared.empty())
        memcpy(block.fixedShared.data(), launch->kernel->sharedBegin, block.fixedShared.size());
}

void run(Lane& lane)
{
    if (lane.state == LaneState::Fresh)
    {
        lane.fibre = takeFibre(laneMain);
        lane.state = LaneState::Ready;
    }
    running = &lane;
    machine.lane = &lane.position;
    switchTo(lane.fibre);
    running = nullptr;
    failSignal(lane);
    if (lane.state != LaneState::Done) return;
    giveFibre(lane.fibre);
    lane.fibre = nullptr;
}

/// Each lane that can runs until it waits. False if none could.
bool runLanes(Block& block)
{
    bool moved = false;
    for (const int index : block.turns)
    {
        Lane& lane = block.lanes[index];
        if (lane.state != LaneState::Fresh && lane.state != LaneState::Ready) continue;
        run(lane);
        moved = true;
        if (fault.code != 0) return true;
        if (!timeIsUp()) continue;
        failTimeout(lane);
        return true;
    }
    return moved;
}

void failStuck(const std::vector<Block*>& blocks)
{
    for (Block* block : blocks)
        for (const Lane& lane : block->lanes)
            if (lane.state != LaneState::Done)
                return setFault(LaunchFailed, "lanes wait for each other for ever", lane, lane.place);
}

/// Runs blocks at once, a turn each, until all have ended.
void runTogether(const std::vector<Block*>& blocks)
{
    const bool alone = blocks.size() == 1;
    if (alone) enter(*blocks[0]);
    for (bool left = true; left;)
    {
        left = false;
        bool moved = false;
        for (Block* block : blocks)
        {
            if (block->left == block->size()) continue;
            left = true;
            if (!alone) enter(*block);
            moved |= runLanes(*block);
            if (!alone) keepFixedShared(*block);
            if (fault.code != 0) return;
        }
        if (left && !moved) return failStuck(blocks);
    }
    counts.blocks += blocks.size();
}

Block& blockFor(size_t place)
{
    while (kept.size() <= place) kept.push_back(std::make_unique<Block>());
    return *kept[place];
}

/// The number of a block of a cluster: clusters tile the grid, as CUDA C++ Programming Guide, thread block clusters,
/// has it.
uint64_t numberInCluster(uint64_t cluster, unsigned rank)
{
    const LaunchRequest& request = launch->request;
    unsigned tiles[3], tile[3], within[3];
    for (int axis = 0; axis < 3; axis++) tiles[axis] = request.grid[axis] / request.cluster[axis];
    spread(cluster, tiles, tile);
    spread(rank, request.cluster, within);
    uint64_t number = 0;
    for (int axis = 2; axis >= 0; axis--)
        number = number * request.grid[axis] + tile[axis] * request.cluster[axis] + within[axis];
    return number;
}

/// A launch that ended early left lanes behind; their stacks serve again.
void abandonLanes()
{
    for (const auto& block : kept)
        for (Lane& lane : block->lanes)
        {
            if (lane.fibre) giveFibre(lane.fibre);
            lane.fibre = nullptr;
        }
}

void pointToParameters()
{
    auto* block = const_cast<unsigned char*>(launch->parameters.data());
    parameterPointers[0] = block;
    if (launch->kernel->isPtx) return; // takes the block as a whole
    for (size_t i = 0; i < launch->kernel->parameters.size(); i++)
        parameterPointers[i] = block + launch->kernel->parameters[i].offset;
}
}

void runBlocks(const Launch& what)
{
    launch = &what;
    abandonLanes();
    poisoned = flagSetting("EMU_POISON");
    pointToParameters();
    const unsigned* size = what.request.cluster;
    const unsigned members = size[0] * size[1] * size[2];
    const uint64_t clusters = what.blocks() / members;
    // CUDA C++ Programming Guide: the blocks of a cluster run at once, those of a cooperative launch all of them.
    const uint64_t atOnce = what.request.cooperative ? clusters : 1;
    turns = order();
    const BlockOrder blockOrder(turns, clusters);
    std::vector<Cluster> together(atOnce);
    for (uint64_t begin = 0; begin < clusters && fault.code == 0; begin += atOnce)
    {
        std::vector<Block*> blocks;
        for (uint64_t i = 0; i < atOnce; i++)
        {
            together[i] = {static_cast<int>(members) * what.lanes(), 0, 0, 0, {}};
            for (unsigned rank = 0; rank < members; rank++)
            {
                Block& block = blockFor(blocks.size());
                prepare(block, numberInCluster(blockOrder[begin + i], rank), blocks.size(), &together[i]);
                together[i].blocks.push_back(&block);
                blocks.push_back(&block);
            }
        }
        runTogether(blocks);
    }
}

const Block& blockAt(unsigned place) { return *kept[place]; }

bool isParameterPointer(const void* address)
{
    const auto* pointer = static_cast<void* const*>(address);
    return pointer >= parameterPointers && pointer < std::end(parameterPointers);
}

const Module& runningModule() { return *launch->module; }

const std::string& kernelName() { return launch->kernel->name; }

void waitLane(LaneState state)
{
    running->state = state;
    switchToScheduler(running->fibre);
}

void yieldLane()
{
    running->place = {__builtin_return_address(0), {}};
    settleGuess(*running);
    switchToScheduler(running->fibre);
}

void leaveLane() { leave(*running); }
}
