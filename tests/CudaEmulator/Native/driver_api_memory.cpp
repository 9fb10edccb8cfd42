// The driver API: memory, copies, fills.
#include "call.h"
#include "memory.h"
#include "report.h"
#include "results.h"
#include "settings.h"
#include <cstring>

using namespace emu;

namespace
{
void take(Context& context, Call& call, void** memory, size_t bytes)
{
    if (bytes == 0) refuse(InvalidValue, "an allocation of no bytes");
    const Allocation* allocation = allocate(context, bytes);
    if (!allocation) refuse(OutOfMemory, resultText(OutOfMemory));
    *memory = allocation->start;
    call.gives(nameAddress(*memory));
}

Allocation& allocationOf(void* start)
{
    Allocation* allocation = allocationAt(start);
    if (!allocation) refuse(InvalidValue, "not the start of an allocation: " + describeAddress(start));
    return *allocation;
}

void needDevice(const void* address, size_t bytes, const char* what)
{
    if (!findAllocation(address, bytes))
        refuse(InvalidValue,
            format("%s %zu bytes that are not all in one allocation: ", what, bytes) + describeAddress(address));
}

// cuda.h, API synchronization behavior: a copy from pinned memory reads it when it runs; from pageable memory it may be
// staged at the call.
Work copyFromHost(void* to, const void* from, size_t bytes)
{
    if (isPinned(from, bytes) || flagSetting("EMU_PAGEABLE_LATE")) return [=] { memcpy(to, from, bytes); };
    const auto* first = static_cast<const char*>(from);
    const auto staged = std::make_shared<std::vector<char>>(first, first + bytes);
    return [=] { memcpy(to, staged->data(), bytes); };
}

/// A recorded copy would use the host's memory at each replay, which only pinned memory is there for.
void forbidPageable(Stream& stream, const void* host, size_t bytes)
{
    if (!isPinned(host, bytes)) forbidWhileCaptured(stream, "a copy with pageable host memory");
}

void copyToDevice(Stream& stream, void* to, const void* from, size_t bytes)
{
    needDevice(to, bytes, "a copy to");
    forbidPageable(stream, from, bytes);
    put(stream, copyFromHost(to, from, bytes));
}

void copyToHost(Stream& stream, void* to, const void* from, size_t bytes)
{
    needDevice(from, bytes, "a copy from");
    forbidPageable(stream, to, bytes);
    put(stream, [=] { memcpy(to, from, bytes); });
}

void copyWithin(Stream& stream, void* to, const void* from, size_t bytes)
{
    needDevice(to, bytes, "a copy to");
    needDevice(from, bytes, "a copy from");
    put(stream, [=] { memmove(to, from, bytes); });
}

/// By where the addresses lie, as unified addressing has it.
void copyAnywhere(Stream& stream, void* to, const void* from, size_t bytes)
{
    const bool toDevice = findAllocation(to), fromDevice = findAllocation(from);
    if (toDevice && fromDevice) return copyWithin(stream, to, from, bytes);
    if (toDevice) return copyToDevice(stream, to, from, bytes);
    if (fromDevice) return copyToHost(stream, to, from, bytes);
    forbidPageable(stream, from, bytes);
    put(stream, [=] { memmove(to, from, bytes); });
}

/// Copies that wait: in the legacy default stream.
void waitForDefault(Context& context, const char* what)
{
    forbidUnsafe(what);
    drain(context.defaultStream);
}

template <typename T> void fill(Stream& stream, void* to, T value, size_t count)
{
    needDevice(to, count * sizeof(T), "a fill of");
    if (reinterpret_cast<uintptr_t>(to) % sizeof(T) != 0)
        refuse(InvalidValue, "a fill at an address that is no multiple of its elements' size");
    put(stream, [=] { std::fill_n(static_cast<T*>(to), count, value); });
}

using Copy = void (*)(Stream&, void*, const void*, size_t);

int queueCopy(const char* name, Copy copy, void* to, const void* from, size_t bytes, Stream* handle)
{
    Call call(name);
    call.withAddress("to", to).withAddress("from", from).with("bytes", static_cast<long>(bytes)).withStream(handle);
    return call.inContext([&](Context& context) { copy(streamOf(context, handle), to, from, bytes); });
}

int copyNow(const char* name, Copy copy, void* to, const void* from, size_t bytes)
{
    Call call(name);
    call.withAddress("to", to).withAddress("from", from).with("bytes", static_cast<long>(bytes));
    return call.inContext([&](Context& context) {
        forbidUnsafe(name);
        copy(context.defaultStream, to, from, bytes);
        waitForDefault(context, name);
    });
}

template <typename T> int queueFill(const char* name, void* to, T value, size_t count, Stream* handle)
{
    Call call(name);
    call.withAddress("to", to).with("value", value).with("count", static_cast<long>(count)).withStream(handle);
    return call.inContext([&](Context& context) { fill(streamOf(context, handle), to, value, count); });
}
}

DRIVER_API cuMemAlloc_v2(void** memory, size_t bytes)
{
    Call call("cuMemAlloc_v2");
    return call.with("bytes", static_cast<long>(bytes)).inContext([&](Context& context) {
        forbidUnsafe("cuMemAlloc");
        take(context, call, memory, bytes);
    });
}

DRIVER_API cuMemFree_v2(void* memory)
{
    return Call("cuMemFree_v2").withAddress("memory", memory).inContext([&](Context& context) {
        if (!memory) return;
        forbidUnsafe("cuMemFree");
        Allocation& allocation = allocationOf(memory);
        // CUDA C++ Programming Guide, implicit synchronization: freeing waits for all work that may use the memory.
        drainAll(context);
        release(&allocation);
    });
}

DRIVER_API cuMemAllocAsync(void** memory, size_t bytes, Stream* handle)
{
    Call call("cuMemAllocAsync");
    return call.with("bytes", static_cast<long>(bytes)).withStream(handle).inContext([&](Context& context) {
        Stream& stream = streamOf(context, handle);
        // The emulator's graphs have no memory nodes.
        forbidWhileCaptured(stream, "an allocation");
        // CUDA C++ Programming Guide, stream ordered memory allocator: what its stream freed before may be had again.
        drain(stream);
        take(context, call, memory, bytes);
    });
}

DRIVER_API cuMemFreeAsync(void* memory, Stream* handle)
{
    return Call("cuMemFreeAsync").withAddress("memory", memory).withStream(handle).inContext([&](Context& context) {
        Stream& stream = streamOf(context, handle);
        forbidWhileCaptured(stream, "freeing memory");
        allocationOf(memory);
        put(stream, [memory] {
            if (Allocation* allocation = allocationAt(memory)) return release(allocation);
            reportFault("FAULT memory is freed twice: " + describeAddress(memory));
        });
    });
}

DRIVER_API cuMemAllocHost_v2(void** memory, size_t bytes)
{
    return Call("cuMemAllocHost_v2").with("bytes", static_cast<long>(bytes)).inContext([&](Context&) {
        forbidUnsafe("cuMemAllocHost");
        *memory = allocatePinned(bytes);
        if (!*memory) refuse(OutOfMemory, resultText(OutOfMemory));
    });
}

DRIVER_API cuMemHostAlloc(void** memory, size_t bytes, unsigned) { return cuMemAllocHost_v2(memory, bytes); }

DRIVER_API cuMemFreeHost(void* memory)
{
    return Call("cuMemFreeHost").inContext([&](Context& context) {
        forbidUnsafe("cuMemFreeHost");
        drainAll(context);
        if (!releasePinned(memory)) refuse(InvalidValue, "not the start of pinned memory");
    });
}

DRIVER_API cuMemHostRegister_v2(void* memory, size_t bytes, unsigned)
{
    return Call("cuMemHostRegister_v2").with("bytes", static_cast<long>(bytes)).inContext([&](Context&) {
        forbidUnsafe("cuMemHostRegister");
        if (!pin(memory, bytes)) refuse(HostMemoryAlreadyRegistered, resultText(HostMemoryAlreadyRegistered));
    });
}

DRIVER_API cuMemHostUnregister(void* memory)
{
    return Call("cuMemHostUnregister").inContext([&](Context& context) {
        forbidUnsafe("cuMemHostUnregister");
        drainAll(context);
        if (!unpin(memory)) refuse(HostMemoryNotRegistered, resultText(HostMemoryNotRegistered));
    });
}

DRIVER_API cuMemHostGetDevicePointer_v2(void** device, void* host, unsigned)
{
    return Call("cuMemHostGetDevicePointer_v2").inContext([&](Context&) {
        if (!isPinned(host, 1)) refuse(InvalidValue, "the host memory is not pinned");
        *device = host;
    });
}

DRIVER_API cuPointerGetAttribute(void* value, int attribute, void* address)
{
    constexpr int ContextOf = 1, MemoryType = 2, DeviceOrdinal = 9; // CUpointer_attribute of cuda.h
    constexpr unsigned Host = 1, Device = 2; // CUmemorytype
    return Call("cuPointerGetAttribute")
        .with("attribute", attribute)
        .withAddress("of", address)
        .inContext([&](Context& context) {
            const Allocation* allocation = findAllocation(address);
            if (!allocation && !isPinned(address, 1))
                refuse(InvalidValue, "the driver does not know this memory: " + describeAddress(address));
            switch (attribute)
            {
                case ContextOf:
                    *static_cast<const Context**>(value) = allocation ? allocation->context : &context;
                    return;
                case MemoryType: *static_cast<unsigned*>(value) = allocation ? Device : Host; return;
                case DeviceOrdinal:
                    *static_cast<int*>(value) = allocation ? allocation->context->device : context.device;
                    return;
                default: refuse(InvalidValue, format("attribute %d of a pointer is not known", attribute));
            }
        });
}

DRIVER_API cuMemGetAddressRange_v2(void** start, size_t* bytes, void* address)
{
    return Call("cuMemGetAddressRange_v2").withAddress("of", address).inContext([&](Context&) {
        const Allocation* allocation = findAllocation(address);
        if (!allocation) refuse(NotFound, describeAddress(address));
        if (start) *start = allocation->start;
        if (bytes) *bytes = allocation->bytes;
    });
}

DRIVER_API cuMemcpyHtoDAsync_v2(void* to, const void* from, size_t bytes, Stream* stream)
{
    return queueCopy("cuMemcpyHtoDAsync_v2", copyToDevice, to, from, bytes, stream);
}

DRIVER_API cuMemcpyDtoHAsync_v2(void* to, const void* from, size_t bytes, Stream* stream)
{
    return queueCopy("cuMemcpyDtoHAsync_v2", copyToHost, to, from, bytes, stream);
}

DRIVER_API cuMemcpyDtoDAsync_v2(void* to, const void* from, size_t bytes, Stream* stream)
{
    return queueCopy("cuMemcpyDtoDAsync_v2", copyWithin, to, from, bytes, stream);
}

DRIVER_API cuMemcpyPeerAsync(void* to, Context* its, const void* from, Context* other, size_t bytes, Stream* handle)
{
    Call call("cuMemcpyPeerAsync");
    call.withAddress("to", to).withAddress("from", from).with("bytes", static_cast<long>(bytes)).withStream(handle);
    return call.inContext([&](Context& context) {
        needDevice(to, bytes, "a copy to");
        needDevice(from, bytes, "a copy from");
        if (findAllocation(to)->context != its || findAllocation(from)->context != other)
            refuse(InvalidContext, "a copy between contexts of which one does not have the memory");
        copyWithin(streamOf(context, handle), to, from, bytes);
    });
}

DRIVER_API cuMemcpyAsync(void* to, const void* from, size_t bytes, Stream* stream)
{
    return queueCopy("cuMemcpyAsync", copyAnywhere, to, from, bytes, stream);
}

DRIVER_API cuMemcpyHtoD_v2(void* to, const void* from, size_t bytes)
{
    return copyNow("cuMemcpyHtoD_v2", copyToDevice, to, from, bytes);
}

DRIVER_API cuMemcpyDtoH_v2(void* to, const void* from, size_t bytes)
{
    return copyNow("cuMemcpyDtoH_v2", copyToHost, to, from, bytes);
}

DRIVER_API cuMemcpyDtoD_v2(void* to, const void* from, size_t bytes)
{
    return copyNow("cuMemcpyDtoD_v2", copyWithin, to, from, bytes);
}

DRIVER_API cuMemcpy(void* to, const void* from, size_t bytes)
{
    return copyNow("cuMemcpy", copyAnywhere, to, from, bytes);
}

DRIVER_API cuMemsetD8Async(void* to, unsigned char value, size_t count, Stream* stream)
{
    return queueFill("cuMemsetD8Async", to, value, count, stream);
}

DRIVER_API cuMemsetD32Async(void* to, unsigned value, size_t count, Stream* stream)
{
    return queueFill("cuMemsetD32Async", to, value, count, stream);
}

DRIVER_API cuMemsetD8_v2(void* to, unsigned char value, size_t count)
{
    return queueFill("cuMemsetD8_v2", to, value, count, nullptr);
}

DRIVER_API cuMemsetD32_v2(void* to, unsigned value, size_t count)
{
    return queueFill("cuMemsetD32_v2", to, value, count, nullptr);
}
