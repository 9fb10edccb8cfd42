#include "races.h"
#include "checker.h"
#include "faults.h"
#include "launches.h"
#include "memory.h"
#include "report.h"
#include "results.h"
#include "settings.h"
#include <algorithm>
#include <set>
#include <sys/mman.h>
#include <unordered_map>

namespace emu
{
namespace
{
constexpr int WordBytes = 4;

const Launch* launch;
bool raceIsFault, together; // together: blocks run at once
unsigned runs, launchRun;

/// Of the module's variables.
std::unordered_map<uintptr_t, Cell> variables;

/// What whoever reads or changes an atomic variable learns of the blocks that changed it before.
std::unordered_map<uintptr_t, std::vector<unsigned>> released;

std::set<std::pair<unsigned, unsigned>> warned; // pairs of places

uintptr_t number(const void* address) { return reinterpret_cast<uintptr_t>(address); }

/// A place in 32 bits: a line of the PTX, or an offset in the library.
unsigned pack(const Place& place)
{
    if (launch->kernel->isPtx) return place.site.line;
    return static_cast<unsigned>(static_cast<const char*>(place.pc) - launch->module->low);
}

Place unpack(unsigned site)
{
    if (launch->kernel->isPtx) return {nullptr, {nullptr, static_cast<int>(site)}};
    return {launch->module->low + site, {}};
}

/// Tells blocks apart in traces.
unsigned nameOf(const Block& block) { return together ? block.place : static_cast<unsigned>(block.number); }

/// Whether the access is before the running lane's next one, whatever the order in which lanes run.
bool isOrdered(const Trace& earlier)
{
    const Lane& lane = *running;
    const Block& block = *lane.block;
    // CUDA C++ Programming Guide: blocks of a grid run in any order.
    // What orders those that run at once is what they read of each other's atomic variables.
    if (earlier.block != nameOf(block)) return together && earlier.blockClock <= block.clock[earlier.block];
    // CUDA C++ Programming Guide, __syncthreads(): what was before it is visible to all lanes of the block after it.
    if (earlier.lane == lane.index || earlier.phase < block.phase) return true;
    // CUDA C++ Programming Guide, __syncwarp(): memory is ordered among the lanes that take part.
    return earlier.lane / WarpLanes == lane.warp() && earlier.clock <= lane.clock[earlier.lane % WarpLanes];
}

bool collide(const Trace& earlier, const Trace& now)
{
    return (earlier.bytes & now.bytes) != 0 && !(earlier.atomic && now.atomic) && !isOrdered(earlier);
}

std::string nameTrace(const Trace& trace)
{
    if (trace.block == nameOf(*running->block)) return format("lane %d of the same block", trace.lane);
    unsigned at[3];
    spread(together ? blockAt(trace.block).number : trace.block, launch->request.grid, at);
    return format("lane %d of block %u,%u,%u", trace.lane, at[0], at[1], at[2]);
}

void reportRace(const Trace& earlier, int earlierKind, const Trace& now, int kind, const char* memory)
{
    const char* between = earlier.block == now.block ? "within a block" : "between blocks";
    Fault race;
    race.code = LaunchFailed;
    race.what = format("race %s on %s memory: %s", between, memory, describeAccess(kind));
    race.place = unpack(now.site);
    race.lane = nameLane(*running);
    race.otherWhat = describeAccess(earlierKind | (earlier.atomic ? EmuAtomic : 0));
    race.otherPlace = unpack(earlier.site);
    race.otherLane = nameTrace(earlier);
    if (raceIsFault)
    {
        fault = race;
        switchToScheduler(running->fibre);
    }
    if (warned.insert({now.site, earlier.site}).second) warn(describeFault(*launch, race));
}

/// Keeps the trace of a read among the two of a cell.
void keepReader(Cell& cell, const Trace& now)
{
    const auto sameWarp = [&](const Trace& trace) {
        return trace.block == now.block && trace.lane / WarpLanes == now.lane / WarpLanes;
    };
    const auto isSpare = [&](const Trace& trace) { return trace.bytes == 0 || isOrdered(trace); };
    Trace *first = &cell.readers[0], *second = &cell.readers[1];
    if (isSpare(*first)) *first = now;
    else if (isSpare(*second)) *second = now;
    else if (sameWarp(*first) && !sameWarp(*second)) *first = now;
    else *second = now;
}

void touch(Cell& cell, unsigned run, const Trace& now, int kind, const char* memory)
{
    if (cell.run != run)
    {
        cell = {};
        cell.run = run;
    }
    if (collide(cell.writer, now)) reportRace(cell.writer, EmuWrite, now, kind, memory);
    if (!(kind & EmuWrite)) return keepReader(cell, now);
    for (const Trace& reader : cell.readers)
        if (collide(reader, now)) reportRace(reader, EmuRead, now, kind, memory);
    cell.writer = now;
    cell.readers[0] = cell.readers[1] = {};
}

Trace traceOf(const Access& access)
{
    const Lane& lane = *running;
    const Block& block = *lane.block;
    Trace trace = {};
    trace.site = pack(access.place);
    trace.block = nameOf(block);
    trace.blockClock = together ? block.clock[block.place] : 0;
    trace.phase = block.phase;
    trace.clock = lane.clock[lane.inWarp()];
    trace.lane = static_cast<int16_t>(lane.index);
    trace.atomic = (access.kind & EmuAtomic) != 0;
    return trace;
}

/// Each word of the access; cellOf gives the cell of the word that begins at an address.
template <typename CellOf> void touchWords(const Access& access, unsigned run, const char* memory, CellOf cellOf)
{
    Trace now = traceOf(access);
    const uintptr_t begin = number(access.address), end = begin + access.bytes;
    for (uintptr_t word = begin / WordBytes * WordBytes; word < end; word += WordBytes)
    {
        const unsigned low = begin > word ? begin - word : 0, high = std::min<uintptr_t>(WordBytes, end - word);
        now.bytes = (1u << high) - (1u << low);
        touch(cellOf(word), run, now, access.kind, memory);
    }
}

Cell* cellsOf(Allocation& allocation)
{
    if (allocation.cells) return allocation.cells;
    const size_t bytes = allocation.mappedBytes / WordBytes * sizeof(Cell);
    void* made = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (made == MAP_FAILED) failLane(OutOfMemory, "the checker has no memory left", {});
    return allocation.cells = static_cast<Cell*>(made);
}

/// The place of a word among the cells of its block: the fixed shared memory of CUDA C++ lies apart from the dynamic
/// one.
size_t sharedWord(uintptr_t word)
{
    const Kernel& kernel = *launch->kernel;
    const uintptr_t dynamic = word - number(machine.shared);
    if (kernel.isPtx) return dynamic / WordBytes;
    const uintptr_t fixed = word - number(kernel.sharedBegin), fixedBytes = kernel.fixedShared;
    return fixed < fixedBytes ? fixed / WordBytes : fixedBytes / WordBytes + 1 + dynamic / WordBytes;
}

void join(std::vector<unsigned>& into, const std::vector<unsigned>& from)
{
    for (size_t i = 0; i < into.size(); i++) into[i] = std::max(into[i], from[i]);
}

/// An atomic variable carries what its writers did before to those that read it afterwards.
void joinByAtomic(const Access& access)
{
    if (!together || !(access.kind & EmuAtomic)) return;
    Block& block = *running->block;
    std::vector<unsigned>& known = released[number(access.address)];
    known.resize(block.clock.size());
    join(block.clock, known);
    if (!(access.kind & EmuWrite)) return;
    known = block.clock;
    block.clock[block.place]++;
}
}

void prepareRaces(const Launch& what)
{
    launch = &what;
    const std::string races = setting("EMU_RACES");
    if (races != "fault" && races != "warn") throw SettingError{"EMU_RACES=" + races + ": fault or warn is wanted"};
    raceIsFault = races == "fault";
    together = what.request.cooperative || what.request.clustered;
    launchRun = ++runs;
    variables.clear();
    released.clear();
    warned.clear();
}

void prepareRaces(Block& block)
{
    block.run = ++runs;
    const size_t bytes = launch->kernel->fixedShared + launch->request.dynamicShared;
    block.cells.resize(std::max(block.cells.size(), bytes / WordBytes + 2));
    for (Lane& lane : block.lanes)
    {
        std::fill_n(lane.clock, WarpLanes, 0);
        lane.clock[lane.inWarp()] = 1;
    }
    if (!together) return;
    block.clock.assign(launch->blocks(), 0);
    block.clock[block.place] = 1;
}

void touchAllocation(Allocation& allocation, const Access& access)
{
    joinByAtomic(access);
    Cell* cells = cellsOf(allocation);
    const uintptr_t base = number(allocation.mapped);
    touchWords(access, launchRun, "global", [=](uintptr_t word) -> Cell& { return cells[(word - base) / WordBytes]; });
}

void touchShared(const Access& access)
{
    Block& block = *running->block;
    touchWords(access, block.run, "shared", [&](uintptr_t word) -> Cell& { return block.cells[sharedWord(word)]; });
}

void touchVariable(const Access& access)
{
    joinByAtomic(access);
    touchWords(access, launchRun, "global", [](uintptr_t word) -> Cell& { return variables[word]; });
}

void joinLanes(Block& block, int warp, unsigned met)
{
    unsigned all[WarpLanes] = {};
    const auto eachMet = [&](auto action) {
        for (unsigned left = met; left != 0; left &= left - 1)
            action(block.lanes[warp * WarpLanes + __builtin_ctz(left)]);
    };
    eachMet([&](const Lane& lane) {
        for (int i = 0; i < WarpLanes; i++) all[i] = std::max(all[i], lane.clock[i]);
    });
    eachMet([&](Lane& lane) {
        std::copy_n(all, WarpLanes, lane.clock);
        lane.clock[lane.inWarp()]++;
    });
}

void joinCluster(Cluster& cluster)
{
    if (!together) return;
    std::vector<unsigned> all(launch->blocks());
    for (const Block* block : cluster.blocks) join(all, block->clock);
    for (Block* block : cluster.blocks)
    {
        block->clock = all;
        block->clock[block->place]++;
    }
}

void freeCells(Allocation& allocation)
{
    if (allocation.cells) munmap(allocation.cells, allocation.mappedBytes / WordBytes * sizeof(Cell));
    allocation.cells = nullptr;
}
}
