#include "contexts.h"
#include "memory.h"
#include "report.h"
#include "results.h"
#include "settings.h"
#include <algorithm>
#include <map>

namespace emu
{
bool initialized;

namespace
{
// Never freed: a program may show the handle of a destroyed context, which is an error that it is told.
std::map<int, std::unique_ptr<Context>> primaries;
std::vector<std::unique_ptr<Context>> created;
thread_local std::vector<Context*> current; // the last is the thread's

bool isContext(const Context* context)
{
    for (const auto& [device, primary] : primaries)
        if (primary.get() == context) return true;
    return std::any_of(created.begin(), created.end(), [&](const auto& other) { return other.get() == context; });
}

void checkContext(const Context* context)
{
    if (!isContext(context)) refuse(InvalidContext, "the handle is of no context");
}

template <typename T> T& find(const std::vector<std::unique_ptr<T>>& owners, const T* handle, const char* what)
{
    for (const auto& owner : owners)
        if (owner.get() == handle) return *owner;
    refuse(InvalidHandle, std::string("the handle is of no ") + what + " of this context");
}

/// Modules are unloaded with their kernels, after the work that uses them.
void endLife(Context& context)
{
    for (const auto& stream : context.streams)
    {
        endCaptureOf(*stream);
        stream->queue.clear();
    }
    context.defaultStream.queue.clear();
    context.streams.clear();
    context.events.clear();
    context.graphs.clear();
    context.executables.clear();
    context.modules.clear();
    releaseAll(context);
    context.fault = 0;
    context.references = 0;
}
}

int deviceCount() { return static_cast<int>(numberSetting("EMU_DEVICES")); }

void checkDevice(int device)
{
    if (device < 0 || device >= deviceCount()) refuse(InvalidDevice, format("device %d of %d", device, deviceCount()));
}

Context& retainPrimary(int device)
{
    checkDevice(device);
    auto& context = primaries[device];
    if (!context) context = std::make_unique<Context>();
    context->device = device;
    context->references++;
    return *context;
}

void releasePrimary(int device)
{
    checkDevice(device);
    if (!isActive(device)) refuse(InvalidContext, format("the primary context of device %d is not retained", device));
    Context& context = *primaries[device];
    if (context.references == 1 && context.fault == 0) drainAll(context);
    if (--context.references == 0) endLife(context);
}

bool isActive(int device)
{
    const auto found = primaries.find(device);
    return found != primaries.end() && found->second->references > 0;
}

Context& createContext(int device)
{
    checkDevice(device);
    created.push_back(std::make_unique<Context>());
    Context& context = *created.back();
    context.device = device;
    context.primary = false;
    context.references = 1;
    pushCurrent(&context);
    return context;
}

void destroy(Context& context)
{
    checkContext(&context);
    if (context.references == 0) refuse(ContextIsDestroyed, "the context is destroyed already");
    if (context.fault == 0) drainAll(context);
    endLife(context);
    if (!current.empty() && current.back() == &context) current.pop_back();
}

Context* currentContext() { return current.empty() ? nullptr : current.back(); }

void setCurrent(Context* context)
{
    if (context) checkContext(context);
    if (!current.empty()) current.pop_back();
    if (context) current.push_back(context);
}

void pushCurrent(Context* context)
{
    checkContext(context);
    current.push_back(context);
}

Context* popCurrent()
{
    if (current.empty()) refuse(InvalidContext, "the thread has no context");
    Context* context = current.back();
    current.pop_back();
    return context;
}

Context& workingContext()
{
    if (!initialized) refuse(NotInitialized, "cuInit was not called");
    Context* context = currentContext();
    if (!context) refuse(InvalidContext, "the thread has no context");
    if (context->references == 0) refuse(ContextIsDestroyed, "the thread's context is destroyed");
    return *context;
}

long streamNumber(const Stream* handle)
{
    if (reinterpret_cast<uintptr_t>(handle) <= 1) return 0;
    const auto numberIn = [&](const Context& context) {
        for (const auto& stream : context.streams)
            if (stream.get() == handle) return stream->number;
        return -1L;
    };
    long number = -1;
    for (const auto& [device, primary] : primaries) number = std::max(number, numberIn(*primary));
    for (const auto& context : created) number = std::max(number, numberIn(*context));
    return number;
}

Stream& streamOf(Context& context, Stream* handle)
{
    // cuda.h: CU_STREAM_LEGACY is 1; null means the same unless a program is compiled for per-thread default streams.
    if (!handle || reinterpret_cast<uintptr_t>(handle) == 1) return context.defaultStream;
    return find(context.streams, handle, "stream");
}

Event& eventOf(Context& context, Event* handle) { return find(context.events, handle, "event"); }

Event& eventOfAny(Event* handle)
{
    const auto isIn = [&](const Context& context) {
        return std::any_of(context.events.begin(), context.events.end(),
            [&](const auto& event) { return event.get() == handle; });
    };
    for (const auto& [device, primary] : primaries)
        if (isIn(*primary)) return *handle;
    for (const auto& context : created)
        if (isIn(*context)) return *handle;
    refuse(InvalidHandle, "the handle is of no event of any context");
}

Graph& graphOf(Context& context, Graph* handle) { return find(context.graphs, handle, "graph"); }

Graph& executableOf(Context& context, Graph* handle) { return find(context.executables, handle, "executable graph"); }

const std::shared_ptr<Module>& moduleOf(Context& context, const Module* handle)
{
    for (const auto& module : context.modules)
        if (module.get() == handle) return module;
    refuse(InvalidHandle, "the handle is of no module of this context");
}

const std::shared_ptr<Module>& moduleOf(Context& context, const Kernel* handle)
{
    for (const auto& module : context.modules)
        for (const auto& [name, kernel] : module->kernels)
            if (kernel.get() == handle) return module;
    refuse(InvalidHandle, "the handle is of no kernel of a loaded module of this context");
}

void drainAll(Context& context)
{
    drain(context.defaultStream);
    for (size_t i = 0; i < context.streams.size(); i++) drain(*context.streams[i]);
}
}
