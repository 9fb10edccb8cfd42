#include "async_copies.h"
#include "checker.h"
#include "faults.h"
#include "memory.h"
#include "report.h"
#include "results.h"
#include <cstring>

namespace emu
{
namespace
{
// What is at the target until the copy has been waited for.
constexpr int Pending = 0xfd;

uintptr_t number(const void* address) { return reinterpret_cast<uintptr_t>(address); }

/// Makes the copies of the oldest groups.
void makeCopies(Lane& lane, size_t groups)
{
    for (size_t i = 0; i < groups; i++)
        for (const AsyncCopy& copy : lane.copies[i])
        {
            if (checking) checkAccess(copy.to, copy.size, EmuWrite | EmuUnaligned, copy.place.pc, copy.place.site);
            memcpy(copy.to, copy.from, copy.bytes);
            memset(static_cast<char*>(copy.to) + copy.bytes, 0, copy.size - copy.bytes);
        }
    lane.copies.erase(lane.copies.begin(), lane.copies.begin() + groups);
}

/// The group that cp.async adds to.
std::vector<AsyncCopy>& openGroup(Lane& lane)
{
    if (lane.copies.empty()) lane.copies.emplace_back();
    return lane.copies.back();
}
}

void copyAsync(void* to, const void* from, int size, int bytes, EmuSite site)
{
    const Place place = {__builtin_return_address(0), site};
    // PTX ISA, cp.async: cp-size is 4, 8 or 16, both addresses are multiples of it, src-size is no more.
    if (number(to) % size != 0 || number(from) % size != 0)
        failLane(MisalignedAddress,
            format("an asynchronous copy of %d bytes at an address that is no multiple of that", size), place);
    if (bytes < 0 || bytes > size)
        failLane(
            LaunchFailed, format("an asynchronous copy of %d bytes, of them %d from the source", size, bytes), place);
    if (!isShared(to, size))
        failLane(IllegalAddress, "an asynchronous copy to what is not the block's shared memory", place);
    if (bytes > 0 && !findAllocation(from, bytes) && !isPinned(from, bytes))
        failLane(IllegalAddress,
            format("an asynchronous copy reads %d bytes out of bounds: ", bytes) + describeAddress(from), place);
    if (checking)
    {
        if (bytes > 0) checkAccess(from, bytes, EmuRead | EmuUnaligned, place.pc, site);
        checkAccess(to, size, EmuWrite | EmuUnaligned, place.pc, site);
    }
    openGroup(*running).push_back({to, from, size, bytes, place});
    if (poisoned) memset(to, Pending, size);
}

void commitCopies()
{
    openGroup(*running);
    running->copies.emplace_back();
}

// PTX ISA, cp.async.wait_group N: waits until at most N of the latest groups are pending.
void waitForCopies(int pending, EmuSite)
{
    const auto closed = static_cast<long>(running->copies.size()) - 1;
    if (closed > pending) makeCopies(*running, closed - pending);
}

void finishCopies(Lane& lane)
{
    if (!lane.copies.empty()) makeCopies(lane, lane.copies.size());
}
}
