// Memory of the devices, between pages that nobody may touch, and host memory that the driver knows as pinned.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace emu
{
struct Cell; // of the checker
struct Context;

struct Allocation
{
    long number; // counts from 1 over the life of the library
    const Context* context;
    char *start, *mapped;
    size_t bytes, padded, mappedBytes; // padded: to the next page that nobody may touch
    bool filled, freed;
    Cell* cells; // one for 4 bytes, made when the checker first needs them
};

/// Null if the device has not so much left.
Allocation* allocate(const Context& context, size_t bytes);

/// What lies there stays out of reach for a while, so that a late access is a fault which can be named.
void release(Allocation* allocation);

/// Frees all memory of a context that ends.
void releaseAll(const Context& context);

size_t heldBytes(int device);

/// The live allocation that holds these bytes; null if there is none.
Allocation* findAllocation(const void* address, size_t bytes = 1);

/// The live allocation that begins there.
Allocation* allocationAt(const void* start);

/// Where an address is, in words: "8 bytes behind the 400 bytes of allocation 3", "in freed memory: ...".
std::string describeAddress(const void* address);

/// "allocation 3 + 16", for logs.
std::string nameAddress(const void* address);

/// Host memory that copies read and write when they run.
void* allocatePinned(size_t bytes);
bool releasePinned(void* start);
bool pin(void* start, size_t bytes);
bool unpin(void* start);
bool isPinned(const void* address, size_t bytes);
}
