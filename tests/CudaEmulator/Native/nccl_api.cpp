// NCCL's collectives between processes of one machine, each with an emulated device: queued through the driver, so that
// streams and lateness hold for them too. The processes meet in shared memory that the unique id names.
#include "driver_library.h"
#include "settings.h"
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <vector>

#define NCCL_API extern "C" __attribute__((visibility("default")))

namespace
{
/// ncclResult_t of nccl.h.
enum Result
{
    Success = 0,
    UnhandledCudaError = 1,
    SystemError = 2,
    InvalidArgument = 4,
    InvalidUsage = 5,
    RemoteError = 6,
};

/// ncclDataType_t, ncclRedOp_t: those that are known here.
constexpr int Int8 = 0, Uint8 = 1, Float32 = 7, Sum = 0;

constexpr int MostRanks = 64;
constexpr size_t PartBytes = 64 << 10; // of a rank's numbers at once
constexpr int InitSeconds = 60;
constexpr char Magic[] = "emulated NCCL ";

struct UniqueId
{
    char bytes[128];
};

/// What is asked of the driver.
struct Driver
{
    int (*launchHostFunction)(void* stream, void (*function)(void*), void* data);
    int (*addressRange)(void** start, size_t* bytes, const void* address);
    int (*pointerAttribute)(void* value, int attribute, const void* address);
    int (*currentDevice)(int* device);
    int (*currentContext)(void** context);
    int (*retainPrimary)(void** context, int device);
    int (*releasePrimary)(int device);
};

/// Null where there is none.
const Driver* driver()
{
    static Driver found;
    if (found.launchHostFunction) return &found;
    void* library = emu::openDriver();
    if (!library) return nullptr;
    emu::find(found.addressRange, library, "cuMemGetAddressRange_v2");
    emu::find(found.pointerAttribute, library, "cuPointerGetAttribute");
    emu::find(found.currentDevice, library, "cuCtxGetDevice");
    emu::find(found.currentContext, library, "cuCtxGetCurrent");
    emu::find(found.retainPrimary, library, "cuDevicePrimaryCtxRetain");
    emu::find(found.releasePrimary, library, "cuDevicePrimaryCtxRelease_v2");
    emu::find(found.launchHostFunction, library, "cuLaunchHostFunc");
    return &found;
}

thread_local std::string reason;

int refuse(int result, const std::string& why)
{
    reason = why;
    return result;
}

enum State
{
    Away,
    Joined,
    Left,
};

/// A rank's place in the shared memory.
struct Seat
{
    std::atomic<int> state, device;
    std::atomic<long> arrived;         // meetings that it has come to
    std::atomic<long> operation, size; // of the collective that it is in
};

struct Table
{
    std::atomic<int> ranks;
    Seat seats[MostRanks];
    char parts[MostRanks][PartBytes];
};

void pause(int turn)
{
    const timespec wait{0, 50000};
    if (turn < 100) sched_yield();
    else nanosleep(&wait, nullptr);
}

struct Communicator
{
    int file, rank, ranks;
    void* context;
    Table* table;
    long meetings = 0;
    std::atomic<int> error{0};
    std::atomic<bool> aborted{false};

    /// A rank's process has a lock on the byte of its number, which goes with it however it ends.
    bool isGone(int other) const
    {
        if (other == rank || table->seats[other].state != Joined) return false;
        struct flock lock = {};
        lock.l_type = F_WRLCK;
        lock.l_whence = SEEK_SET;
        lock.l_start = other;
        lock.l_len = 1;
        return fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type == F_UNLCK;
    }

    bool isAnyGone() const
    {
        for (int other = 0; other < ranks; other++)
            if (isGone(other)) return true;
        return false;
    }

    /// Waits for all; false where that is in vain.
    bool meet()
    {
        table->seats[rank].arrived = ++meetings;
        for (int other = 0; other < ranks; other++)
            for (int turn = 0; table->seats[other].arrived < meetings; turn++)
            {
                if (aborted || error) return false;
                pause(turn);
                if (turn % 256 != 255) continue;
                if (table->seats[other].state == Joined && !isGone(other)) continue;
                if (table->seats[other].arrived < meetings) error = RemoteError;
            }
        return true;
    }
};

/// A collective, as it runs in its stream. Numbers are added in the order of the ranks.
struct Operation
{
    Communicator* communicator;
    bool adds; // else gathers
    const char* from;
    char* to;
    size_t bytes; // of each rank

    void run() const
    {
        Communicator& me = *communicator;
        if (me.error || me.aborted) return;
        Seat& seat = me.table->seats[me.rank];
        seat.operation = adds;
        seat.size = static_cast<long>(bytes);
        for (size_t start = 0; start < bytes; start += PartBytes)
        {
            const size_t length = std::min(PartBytes, bytes - start);
            memcpy(me.table->parts[me.rank], from + start, length);
            if (!me.meet()) return;
            for (int other = 0; other < me.ranks; other++)
            {
                // nccl.h: every rank calls the same collectives with the same count; NCCL hangs where one does not.
                const Seat& its = me.table->seats[other];
                if (its.operation == seat.operation && its.size == seat.size) continue;
                me.error = InvalidUsage;
                return;
            }
            if (adds) add(start, length);
            else
                for (int other = 0; other < me.ranks; other++)
                    memcpy(to + other * bytes + start, me.table->parts[other], length);
            if (!me.meet()) return;
        }
    }

    void add(size_t start, size_t length) const
    {
        std::vector<float> sums(length / sizeof(float));
        memcpy(sums.data(), communicator->table->parts[0], length);
        for (int other = 1; other < communicator->ranks; other++)
        {
            const auto* numbers = reinterpret_cast<const float*>(communicator->table->parts[other]);
            for (size_t i = 0; i < sums.size(); i++) sums[i] += numbers[i];
        }
        memcpy(to + start, sums.data(), length);
    }
};

/// Whether memory is all in one allocation of the communicator's context.
bool isReachable(const Communicator& communicator, const void* address, size_t bytes)
{
    constexpr int ContextOf = 1; // CUpointer_attribute of cuda.h
    void *start, *context;
    size_t length;
    if (driver()->addressRange(&start, &length, address) != 0) return false;
    if (driver()->pointerAttribute(&context, ContextOf, address) != 0 || context != communicator.context) return false;
    return static_cast<const char*>(address) - static_cast<char*>(start) + bytes <= length;
}

int queue(Communicator* communicator, bool adds, const void* from, void* to, size_t bytes, void* stream)
{
    if (!communicator) return refuse(InvalidArgument, "no communicator");
    if (communicator->aborted) return refuse(InvalidUsage, "the communicator was aborted");
    if (bytes == 0) return Success;
    void* context;
    if (driver()->currentContext(&context) != 0 || context != communicator->context)
        return refuse(InvalidUsage, "the thread's context is not that of the communicator");
    if (!isReachable(*communicator, from, bytes) ||
        !isReachable(*communicator, to, adds ? bytes : bytes * communicator->ranks))
        return refuse(InvalidArgument, "a buffer is not all in one allocation of the communicator's context");
    // Kept for good: recorded work may run again.
    auto* operation =
        new Operation{communicator, adds, static_cast<const char*>(from), static_cast<char*>(to), bytes};
    const auto run = [](void* data) { static_cast<Operation*>(data)->run(); };
    return driver()->launchHostFunction(stream, run, operation) == 0
        ? Success
        : refuse(UnhandledCudaError, "the driver does not take the work");
}

/// The primary context of the thread's device; NCCL's own threads set the device, and with it this context.
int primaryContext(void** context, int* device)
{
    void* current;
    if (!driver() || driver()->currentContext(&current) != 0 || driver()->currentDevice(device) != 0)
        return refuse(UnhandledCudaError, "the thread has no context");
    if (driver()->retainPrimary(context, *device) != 0) return refuse(UnhandledCudaError, "no primary context");
    driver()->releasePrimary(*device);
    return current == *context ? Success : refuse(UnhandledCudaError, "the thread's context is not the primary one");
}

/// Waits until all ranks have joined.
int assemble(Communicator& me)
{
    int none = 0;
    if (!me.table->ranks.compare_exchange_strong(none, me.ranks) && none != me.ranks)
        return refuse(InvalidUsage, "the ranks do not agree on their number");
    const time_t end = time(nullptr) + InitSeconds;
    for (int other = 0; other < me.ranks; other++)
        for (int turn = 0; me.table->seats[other].state == Away; turn++)
        {
            pause(turn);
            if (me.isAnyGone()) return refuse(RemoteError, "a rank has gone");
            if (time(nullptr) > end) return refuse(SystemError, "rank " + std::to_string(other) + " has not come");
        }
    if (!me.meet()) return refuse(RemoteError, "a rank has gone");
    for (int first = 0; first < me.ranks; first++)
        for (int second = first + 1; second < me.ranks; second++)
            if (me.table->seats[first].device == me.table->seats[second].device)
                return refuse(InvalidUsage, "Duplicate GPU detected : rank " + std::to_string(first) + " and rank " +
                        std::to_string(second) + " both on CUDA device " +
                        std::to_string(me.table->seats[first].device));
    return Success;
}
}

NCCL_API int ncclGetVersion(int* version)
{
    *version = static_cast<int>(emu::numberSetting("EMU_NCCL_VERSION"));
    return Success;
}

NCCL_API int ncclGetUniqueId(UniqueId* id)
{
    static std::atomic<int> numbers;
    if (!id) return refuse(InvalidArgument, "no place for the id");
    timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *id = {};
    snprintf(id->bytes, sizeof id->bytes, "%s/cuda-emulator-nccl-%d-%d-%lx", Magic, getpid(), ++numbers,
        now.tv_sec * 1000000000L + now.tv_nsec);
    const int file = shm_open(id->bytes + strlen(Magic), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return refuse(SystemError, "no shared memory");
    const bool fits = ftruncate(file, sizeof(Table)) == 0;
    close(file);
    return fits ? Success : refuse(SystemError, "not enough shared memory");
}

NCCL_API int ncclCommInitRank(Communicator** communicator, int ranks, UniqueId id, int rank)
{
    if (!communicator || ranks < 1 || ranks > MostRanks || rank < 0 || rank >= ranks)
        return refuse(InvalidArgument, "a rank that there is not");
    if (memcmp(id.bytes, Magic, strlen(Magic)) != 0 || id.bytes[sizeof id.bytes - 1] != 0)
        return refuse(InvalidArgument, "no id of ncclGetUniqueId");
    void* context;
    int device;
    if (const int result = primaryContext(&context, &device)) return result;
    const char* name = id.bytes + strlen(Magic);
    const int file = shm_open(name, O_RDWR | O_CLOEXEC, 0);
    if (file < 0) return refuse(SystemError, "nobody has made this id, or all have joined already");
    void* shared = mmap(nullptr, sizeof(Table), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared == MAP_FAILED) return refuse(SystemError, "the shared memory cannot be mapped");
    auto* me = new Communicator{file, rank, ranks, context, static_cast<Table*>(shared)};
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = rank;
    lock.l_len = 1;
    if (fcntl(file, F_OFD_SETLK, &lock) != 0) return refuse(InvalidUsage, "two processes are the same rank");
    me->table->seats[rank].device = device;
    me->table->seats[rank].state = Joined;
    const int result = assemble(*me);
    if (rank == 0) shm_unlink(name);
    if (result == Success) *communicator = me;
    return result;
}

NCCL_API int ncclAllReduce(const void* from, void* to, size_t count, int type, int operation,
    Communicator* communicator, void* stream)
{
    if (type != Float32 || operation != Sum)
        return refuse(InvalidArgument, "the emulator adds numbers of 32 bits and does nothing else");
    return queue(communicator, true, from, to, count * sizeof(float), stream);
}

NCCL_API int ncclAllGather(const void* from, void* to, size_t count, int type, Communicator* communicator,
    void* stream)
{
    if (type != Int8 && type != Uint8 && type != Float32) return refuse(InvalidArgument, "a type that is not known");
    return queue(communicator, false, from, to, count * (type == Float32 ? sizeof(float) : 1), stream);
}

NCCL_API int ncclCommGetAsyncError(Communicator* communicator, int* error)
{
    if (!communicator || !error) return refuse(InvalidArgument, "no communicator");
    int none = Success;
    if (communicator->isAnyGone()) communicator->error.compare_exchange_strong(none, RemoteError);
    *error = communicator->error;
    return Success;
}

/// What waits ends. The memory stays: work that is queued still finds it.
NCCL_API int ncclCommAbort(Communicator* communicator)
{
    if (!communicator) return refuse(InvalidArgument, "no communicator");
    communicator->aborted = true;
    communicator->table->seats[communicator->rank].state = Left;
    return Success;
}

NCCL_API int ncclCommDestroy(Communicator* communicator)
{
    if (!communicator) return refuse(InvalidArgument, "no communicator");
    if (communicator->aborted) return refuse(InvalidUsage, "the communicator was aborted");
    communicator->table->seats[communicator->rank].state = Left;
    return Success;
}

NCCL_API const char* ncclGetErrorString(int result)
{
    switch (result)
    {
        case Success: return "no error";
        case UnhandledCudaError: return "unhandled cuda error";
        case SystemError: return "unhandled system error";
        case InvalidArgument: return "invalid argument";
        case InvalidUsage: return "invalid usage";
        case RemoteError: return "remote process exited or there was a network error";
        default: return "unknown result code";
    }
}

NCCL_API const char* ncclGetLastError(Communicator*) { return reason.c_str(); }
