#include "memory.h"
#include "contexts.h"
#include "races.h"
#include "report.h"
#include "settings.h"
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <sys/mman.h>

namespace emu
{
namespace
{
constexpr size_t PageBytes = 4096, FilledBytes = 64 << 20, FreedKept = 1024;
constexpr int Filling = 0xff; // NaN as float and as double

struct Pinned
{
    size_t bytes;
    bool own; // ours to free, not registered by the program
};

std::map<uintptr_t, Allocation*> allocations; // live and freed ones, by their start
std::deque<Allocation*> freed;
std::map<uintptr_t, Pinned> pinned;
std::map<int, size_t> held;
long numbers;

size_t roundUp(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

uintptr_t number(const void* address) { return reinterpret_cast<uintptr_t>(address); }

/// The one whose pages, with those before and after it, hold the address.
Allocation* around(const void* address)
{
    auto next = allocations.upper_bound(number(address) + 2 * PageBytes);
    for (int tries = 0; tries < 3 && next != allocations.begin(); tries++)
    {
        Allocation* candidate = (--next)->second;
        const char* at = static_cast<const char*>(address);
        if (at >= candidate->mapped && at < candidate->mapped + candidate->mappedBytes) return candidate;
    }
    return nullptr;
}

void forget(Allocation* allocation)
{
    allocations.erase(number(allocation->start));
    munmap(allocation->mapped, allocation->mappedBytes);
    delete allocation;
}

/// What lies beside an allocation in its pages is as it was filled, unless a kernel wrote there.
void checkPadding(const Allocation& allocation)
{
    if (!allocation.filled) return;
    const char *first = allocation.mapped + PageBytes, *end = allocation.start + allocation.padded;
    for (const char* at = first; at < end; at++)
    {
        if (at == allocation.start) at += allocation.bytes;
        if (at == end || static_cast<unsigned char>(*at) == Filling) continue;
        reportFault("FAULT a write " + describeAddress(at) + ", found when that was freed");
        return;
    }
}
}

Allocation* allocate(const Context& context, size_t bytes)
{
    if (held[context.device] + bytes > static_cast<size_t>(numberSetting("EMU_MEMORY_MB", 1)) << 20) return nullptr;
    const size_t padded = roundUp(bytes, numberSetting("EMU_ALIGN", 1)), pages = roundUp(padded, PageBytes);
    const size_t mappedBytes = pages + 2 * PageBytes;
    void* mapped = mmap(nullptr, mappedBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED) return nullptr;
    char* first = static_cast<char*>(mapped) + PageBytes;
    if (mprotect(first, pages, PROT_READ | PROT_WRITE) != 0)
    {
        munmap(mapped, mappedBytes);
        return nullptr;
    }
    // The end lies at a page that nobody may touch.
    char* start = first + pages - padded;
    const bool filled = flagSetting("EMU_POISON") && bytes <= FilledBytes;
    if (filled) memset(first, Filling, pages);
    held[context.device] += bytes;
    auto* made = new Allocation{
        ++numbers, &context, start, static_cast<char*>(mapped), bytes, padded, mappedBytes, filled, false, nullptr};
    return allocations[number(start)] = made;
}

void release(Allocation* allocation)
{
    checkPadding(*allocation);
    held[allocation->context->device] -= allocation->bytes;
    freeCells(*allocation);
    allocation->freed = true;
    // Mapped anew, so that the pages go back to the system while the addresses stay taken.
    mmap(allocation->mapped, allocation->mappedBytes, PROT_NONE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    freed.push_back(allocation);
    if (freed.size() <= FreedKept) return;
    forget(freed.front());
    freed.pop_front();
}

void releaseAll(const Context& context)
{
    std::deque<Allocation*> live;
    for (const auto& [start, allocation] : allocations)
        if (allocation->context == &context && !allocation->freed) live.push_back(allocation);
    for (Allocation* allocation : live) release(allocation);
}

size_t heldBytes(int device) { return held[device]; }

Allocation* findAllocation(const void* address, size_t bytes)
{
    auto next = allocations.upper_bound(number(address));
    if (next == allocations.begin()) return nullptr;
    Allocation* candidate = (--next)->second;
    const uintptr_t offset = number(address) - number(candidate->start);
    const bool inside = offset <= candidate->bytes && bytes <= candidate->bytes - offset;
    return inside && !candidate->freed ? candidate : nullptr;
}

Allocation* allocationAt(const void* start)
{
    const auto found = allocations.find(number(start));
    return found == allocations.end() || found->second->freed ? nullptr : found->second;
}

std::string describeAddress(const void* address)
{
    if (number(address) < PageBytes) return format("%p, next to a null pointer", address);
    const Allocation* near = around(address);
    if (!near) return format("%p, far from all memory of the device", address);
    const long offset = static_cast<const char*>(address) - near->start, bytes = static_cast<long>(near->bytes);
    const char* of = near->freed ? "freed memory: " : "";
    if (offset < 0)
        return format("%s%ld bytes before the %ld bytes of allocation %ld", of, -offset, bytes, near->number);
    if (offset >= bytes)
        return format("%s%ld bytes behind the %ld bytes of allocation %ld", of, offset - bytes, bytes, near->number);
    return format("%sbyte %ld of the %ld of allocation %ld", of, offset, bytes, near->number);
}

std::string nameAddress(const void* address)
{
    if (!address) return "null";
    const Allocation* near = around(address);
    if (!near) return isPinned(address, 1) ? "pinned host memory" : "host memory";
    const long offset = static_cast<const char*>(address) - near->start;
    return format(
        "%sallocation %ld%s", near->freed ? "freed " : "", near->number, offset ? format(" %+ld", offset).c_str() : "");
}

void* allocatePinned(size_t bytes)
{
    void* start = nullptr;
    if (posix_memalign(&start, PageBytes, bytes ? bytes : 1) != 0) return nullptr;
    pinned[number(start)] = {bytes, true};
    return start;
}

bool releasePinned(void* start)
{
    const auto found = pinned.find(number(start));
    if (found == pinned.end() || !found->second.own) return false;
    pinned.erase(found);
    free(start);
    return true;
}

bool pin(void* start, size_t bytes) { return pinned.insert({number(start), {bytes, false}}).second; }

bool unpin(void* start)
{
    const auto found = pinned.find(number(start));
    if (found == pinned.end() || found->second.own) return false;
    pinned.erase(found);
    return true;
}

bool isPinned(const void* address, size_t bytes)
{
    auto next = pinned.upper_bound(number(address));
    if (next == pinned.begin()) return false;
    --next;
    return number(address) + bytes <= next->first + next->second.bytes;
}
}
