#include "checker.h"
#include "launches.h"
#include "memory.h"
#include "report.h"
#include "results.h"
#include "settings.h"
#include "watchdog.h"
#include <algorithm>
#include <cstring>
#include <set>
#include <sys/mman.h>
#include <unordered_map>

namespace emu
{
bool checking;

namespace
{
constexpr int WordBytes = 4;

/// Memory that a parameter gives the kernel.
struct View
{
    const char *begin, *end;
    Allocation* allocation;
    int parameter, elementSize;
};

const Launch* launch;
std::vector<View> views;
bool racesEnd, together; // a race is a fault; blocks run at once
unsigned runs, launchRun;
Allocation* lastAllocation; // of PTX, which has no views

/// Of the module's own variables.
std::unordered_map<uintptr_t, Cell> ownCells;

/// What whoever reads or changes an atomic variable learns of the blocks that changed it before.
std::unordered_map<uintptr_t, std::vector<unsigned>> released;

std::vector<EmuSite> sites; // of accesses that have no address in the library
constexpr unsigned SiteBit = 0x80000000u;

std::set<std::pair<unsigned, unsigned>> warned;

uintptr_t number(const void* address) { return reinterpret_cast<uintptr_t>(address); }

bool within(const void* address, int bytes, const void* begin, size_t size)
{
    return number(address) >= number(begin) && number(address) + bytes <= number(begin) + size;
}

/// A place in 32 bits: an offset in the library, a line of the PTX, or the index of a site.
unsigned siteOf(const void* pc, EmuSite site)
{
    if (pc) return static_cast<unsigned>(static_cast<const char*>(pc) - launch->module->low);
    if (!site.file) return site.line;
    const auto same = [&](const EmuSite& known) { return known.file == site.file && known.line == site.line; };
    const auto found = std::find_if(sites.begin(), sites.end(), same);
    const auto index = static_cast<unsigned>(found - sites.begin());
    if (found == sites.end()) sites.push_back(site);
    return SiteBit | index;
}

Place placeOf(unsigned site)
{
    if (site & SiteBit) return {nullptr, sites[site & ~SiteBit]};
    if (launch->kernel->isPtx) return {nullptr, {nullptr, static_cast<int>(site)}};
    return {launch->module->low + site, {nullptr, 0}};
}

/// A view is a pointer followed by its length in elements; a pointer without one gives its whole allocation.
void findViews()
{
    views.clear();
    const auto& parameters = launch->kernel->parameters;
    for (size_t i = 0; i < parameters.size(); i++)
    {
        const KernelParameter& parameter = parameters[i];
        if (parameter.elementSize == 0) continue;
        const char* begin;
        memcpy(&begin, &launch->parameters[parameter.offset], sizeof begin);
        Allocation* allocation = begin ? findAllocation(begin) : nullptr;
        const bool hasLength = i + 1 < parameters.size() && parameters[i + 1].size == 8 && parameters[i + 1].elementSize == 0;
        long long length = 0;
        if (hasLength) memcpy(&length, &launch->parameters[parameters[i + 1].offset], sizeof length);
        if (!hasLength && allocation) length = (allocation->start + allocation->bytes - begin) / parameter.elementSize;
        if (!begin || length <= 0) continue;
        const char* end = begin + length * parameter.elementSize;
        if (allocation) end = std::min<const char*>(end, allocation->start + allocation->bytes);
        views.push_back({begin, end, allocation, static_cast<int>(i), parameter.elementSize});
    }
}

const char* verb(int kind) { return kind & EmuWrite ? kind & EmuAtomic ? "an atomic change" : "a write" : "a read"; }

std::string countBytes(int bytes) { return plural(bytes, "byte"); }

/// The view that a stray access probably meant, in words; else where in memory it went.
std::string describeStray(const char* address)
{
    const View* nearest = nullptr;
    const Allocation* allocation = findAllocation(address);
    const auto distance = [&](const View& view) { return address < view.begin ? view.begin - address : address - view.end; };
    for (const View& view : views)
        if (view.allocation == allocation && allocation && (!nearest || distance(view) < distance(*nearest))) nearest = &view;
    if (!nearest) return describeAddress(address);
    const long elements = (nearest->end - nearest->begin) / nearest->elementSize;
    const long element = (address - nearest->begin - (address < nearest->begin ? nearest->elementSize - 1 : 0)) / nearest->elementSize;
    return format("element %ld of the view of %ld elements that parameter %d gives", element, elements, nearest->parameter);
}

[[noreturn]] void failStray(const void* address, int bytes, int kind, const Place& place)
{
    failLane(IllegalAddress, std::string(verb(kind)) + " of " + countBytes(bytes) + " out of bounds: " +
        describeStray(static_cast<const char*>(address)), place);
}

/// Whether the access is before the running lane's next one, whatever the order in which lanes run.
bool isOrdered(const Trace& earlier)
{
    const Lane& lane = *running;
    const Block& block = *lane.block;
    const unsigned own = together ? block.place : static_cast<unsigned>(block.number);
    // CUDA C++ Programming Guide: blocks of a grid run in any order; what orders them is what they read of each other's atomics.
    if (earlier.block != own) return together && earlier.blockClock <= block.clock[earlier.block];
    // CUDA C++ Programming Guide, __syncthreads(): accesses before the barrier are visible to all lanes of the block after it.
    if (earlier.lane == lane.index || earlier.phase < block.phase) return true;
    // CUDA C++ Programming Guide, __syncwarp(): memory is ordered among the lanes that take part. Shuffles and votes order nothing.
    return earlier.lane / WarpLanes == lane.warp() && earlier.clock <= lane.clock[earlier.lane % WarpLanes];
}

bool collide(const Trace& earlier, const Trace& now)
{
    return (earlier.bytes & now.bytes) != 0 && !(earlier.atomic && now.atomic) && !isOrdered(earlier);
}

std::string nameTrace(const Trace& trace)
{
    if (trace.block == (together ? running->block->place : static_cast<unsigned>(running->block->number)))
        return format("lane %d of the same block", trace.lane);
    return format("lane %d of block number %u", trace.lane, trace.block);
}

void reportRace(const Trace& earlier, const char* earlierVerb, const Trace& now, const char* nowVerb, const char* memory)
{
    const bool oneBlock = earlier.block == now.block;
    const std::string what = format("race %s on %s memory: %s", oneBlock ? "within a block" : "between blocks", memory, nowVerb);
    Fault race = {LaunchFailed, what, placeOf(now.site), nameLane(*running), earlierVerb, nameTrace(earlier), placeOf(earlier.site)};
    if (racesEnd)
    {
        fault = race;
        switchToScheduler(running->fibre);
    }
    if (warned.insert({now.site, earlier.site}).second) warn(describeFault(*launch, race));
}

/// Keeps the trace of a read among the two of a cell.
void keepReader(Cell& cell, const Trace& now)
{
    Trace* reader = cell.readers;
    const auto sameLane = [&](const Trace& trace) { return trace.block == now.block && trace.lane == now.lane; };
    const auto sameWarp = [&](const Trace& trace) { return trace.block == now.block && trace.lane / WarpLanes == now.lane / WarpLanes; };
    if (reader[0].bytes == 0 || sameLane(reader[0]) || isOrdered(reader[0])) reader[0] = now;
    else if (reader[1].bytes == 0 || sameLane(reader[1]) || isOrdered(reader[1])) reader[1] = now;
    else if (sameWarp(reader[0]) && sameWarp(reader[1])) reader[1] = now;
    else if (sameWarp(reader[0])) reader[0] = now;
    else reader[1] = now;
}

void touch(Cell& cell, unsigned run, const Trace& now, int kind, const char* memory)
{
    if (cell.run != run)
    {
        cell = {};
        cell.run = run;
    }
    if (collide(cell.writer, now)) reportRace(cell.writer, cell.writer.atomic ? "an atomic change" : "a write", now, verb(kind), memory);
    if (!(kind & EmuWrite)) return keepReader(cell, now);
    for (const Trace& reader : cell.readers)
        if (collide(reader, now)) reportRace(reader, "a read", now, verb(kind), memory);
    cell.writer = now;
    cell.readers[0] = cell.readers[1] = {};
}

/// Each word of the access; cellOf gives the cell of the word that begins at an address.
template <typename CellOf>
void touchWords(const void* address, int bytes, int kind, unsigned run, unsigned site, const char* memory, CellOf cellOf)
{
    const Lane& lane = *running;
    const Block& block = *lane.block;
    Trace now = {site, together ? block.place : static_cast<unsigned>(block.number), together ? block.clock[block.place] : 0,
        block.phase, lane.clock[lane.inWarp()], static_cast<int16_t>(lane.index), 0, (kind & EmuAtomic) != 0};
    const uintptr_t begin = number(address), end = begin + bytes;
    for (uintptr_t word = begin / WordBytes * WordBytes; word < end; word += WordBytes)
    {
        const unsigned low = begin > word ? begin - word : 0, high = std::min<uintptr_t>(WordBytes, end - word);
        now.bytes = (1u << high) - (1u << low);
        touch(cellOf(word), run, now, kind, memory);
    }
    counts.accesses++;
}

Cell* cellsOf(Allocation& allocation)
{
    if (allocation.cells) return allocation.cells;
    const size_t count = allocation.mappedBytes / WordBytes;
    void* made = mmap(nullptr, count * sizeof(Cell), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (made == MAP_FAILED) failLane(OutOfMemory, "the checker has no memory for what it knows of an allocation", {});
    return allocation.cells = static_cast<Cell*>(made);
}

void touchAllocation(Allocation& allocation, const void* address, int bytes, int kind, unsigned site)
{
    Cell* cells = cellsOf(allocation);
    const uintptr_t base = number(allocation.mapped);
    touchWords(address, bytes, kind, launchRun, site, "global", [&](uintptr_t word) -> Cell& { return cells[(word - base) / WordBytes]; });
}

/// The word of shared memory's place among the block's cells: the fixed part of CUDA C++ lies apart from the dynamic one.
size_t sharedWord(uintptr_t word)
{
    const Kernel& kernel = *launch->kernel;
    if (!kernel.isPtx && word - number(kernel.sharedBegin) < static_cast<uintptr_t>(kernel.fixedShared))
        return (word - number(kernel.sharedBegin)) / WordBytes;
    return (kernel.isPtx ? 0 : (kernel.fixedShared + WordBytes - 1) / WordBytes) + (word - number(machine.shared)) / WordBytes;
}

void touchShared(const void* address, int bytes, int kind, unsigned site)
{
    Block& block = *running->block;
    touchWords(address, bytes, kind, block.run, site, "shared", [&](uintptr_t word) -> Cell& { return block.cells[sharedWord(word)]; });
}

/// What the emulator keeps for a kernel and compiled kernels read: the machine, the lane's place, the parameters.
bool isEmulators(const void* address, int bytes)
{
    if (within(address, bytes, running->fibre->stack, StackBytes)) return true;
    return within(address, bytes, &machine, sizeof machine) || within(address, bytes, &running->position, sizeof running->position) ||
        within(address, bytes, launch->parameters.data(), launch->parameters.size()) || isParameterPointer(address);
}

void touchOwn(const void* address, int bytes, int kind, unsigned site, const Place& place)
{
    // A CUDA C++ text has no variables of its own but those that barriers of the grid count in; what else it has is constant.
    if (!launch->kernel->isPtx && kind & EmuWrite && !(kind & EmuAtomic))
        failLane(IllegalAddress, "a write of " + countBytes(bytes) + " to the module's own data", place);
    if (!launch->kernel->isPtx && !(kind & EmuAtomic)) return;
    touchWords(address, bytes, kind, launchRun, site, "global", [](uintptr_t word) -> Cell& { return ownCells[word]; });
}

void join(std::vector<unsigned>& into, const std::vector<unsigned>& from)
{
    for (size_t i = 0; i < into.size(); i++) into[i] = std::max(into[i], from[i]);
}

/// An atomic variable carries what its writers did before to those that read it afterwards.
void joinByAtomic(const void* address, int kind)
{
    Block& block = *running->block;
    std::vector<unsigned>& known = released[number(address)];
    known.resize(block.clock.size());
    join(block.clock, known);
    if (!(kind & EmuWrite)) return;
    known = block.clock;
    block.clock[block.place]++;
}

void touchGlobal(const void* address, int bytes, int kind, unsigned site, const Place& place)
{
    const Module& module = *launch->module;
    if (within(address, bytes, module.low, module.high - module.low)) return touchOwn(address, bytes, kind, site, place);
    if (launch->kernel->isPtx)
    {
        if (!lastAllocation || !within(address, bytes, lastAllocation->start, lastAllocation->bytes)) lastAllocation = findAllocation(address, bytes);
        if (lastAllocation) return touchAllocation(*lastAllocation, address, bytes, kind, site);
    }
    for (const View& view : views)
        if (within(address, bytes, view.begin, view.end - view.begin) && view.allocation)
            return touchAllocation(*view.allocation, address, bytes, kind, site);
    if (!isPinned(address, bytes)) failStray(address, bytes, kind, place);
}
}

void prepareChecker(const Launch& what)
{
    checking = flagSetting("EMU_CHECK");
    machine.access = checking ? checkAccess : nullptr;
    launch = &what;
    if (!checking) return;
    const std::string races = setting("EMU_RACES");
    if (races != "fault" && races != "warn") throw SettingError{"EMU_RACES=" + races + ": fault or warn is wanted"};
    racesEnd = races == "fault";
    together = what.request.cooperative || what.request.clustered;
    launchRun = ++runs;
    lastAllocation = nullptr;
    ownCells.clear();
    released.clear();
    sites.clear();
    warned.clear();
    findViews();
}

void prepareCells(Block& block)
{
    block.run = ++runs;
    const Kernel& kernel = *launch->kernel;
    const size_t bytes = kernel.fixedShared + launch->request.dynamicShared;
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

void freeCells(Allocation& allocation)
{
    if (allocation.cells) munmap(allocation.cells, allocation.mappedBytes / WordBytes * sizeof(Cell));
    allocation.cells = nullptr;
}

bool isShared(const void* address, int bytes)
{
    const Kernel& kernel = *launch->kernel;
    return within(address, bytes, machine.shared, machine.sharedBytes) ||
        (kernel.sharedBegin && within(address, bytes, kernel.sharedBegin, kernel.fixedShared));
}

void checkAccess(const void* address, int bytes, int kind, const void* pc, EmuSite site)
{
    if (!running || isEmulators(address, bytes)) return;
    const Place place = {pc, site};
    if (timeIsUp()) failLane(LaunchTimeout, timeoutText(), place);
    // CUDA C++ Programming Guide, device memory accesses: an access of 1, 2, 4, 8 or 16 bytes is at a multiple of its size.
    if (!(kind & EmuUnaligned) && number(address) % bytes != 0)
        failLane(MisalignedAddress, std::string(verb(kind)) + " of " + countBytes(bytes) + " at an address that is no multiple of that: " +
            describeStray(static_cast<const char*>(address)), place);
    const unsigned where = siteOf(pc, site);
    const bool shared = isShared(address, bytes);
    if (together && kind & EmuAtomic && !shared) joinByAtomic(address, kind);
    if (shared) touchShared(address, bytes, kind, where);
    else touchGlobal(address, bytes, kind, where, place);
}

void joinLanes(Block& block, int warp, unsigned met)
{
    unsigned all[WarpLanes] = {};
    const int first = warp * WarpLanes;
    const auto eachMet = [&](auto action) {
        for (unsigned left = met; left != 0; left &= left - 1) action(block.lanes[first + __builtin_ctz(left)]);
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
    std::vector<unsigned> all(launch->blocks());
    for (const Block* block : cluster.blocks) join(all, block->clock);
    for (Block* block : cluster.blocks)
    {
        block->clock = all;
        block->clock[block->place]++;
    }
}
}
