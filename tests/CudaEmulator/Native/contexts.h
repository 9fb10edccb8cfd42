// Devices and their contexts, with all that lives in a context.
#pragma once
#include "modules.h"
#include "streams.h"
#include <memory>
#include <vector>

namespace emu
{
struct Context
{
    int device = 0;
    bool primary = true;
    long references = 0; // 0: the context is destroyed
    int fault = 0;       // the error after which nothing works any more
    Stream defaultStream = {0, this, true, {}, nullptr};
    std::vector<std::unique_ptr<Stream>> streams;
    std::vector<std::unique_ptr<Event>> events;
    std::vector<std::unique_ptr<Graph>> graphs, executables;
    std::vector<std::shared_ptr<Module>> modules;
};

/// cuInit was called.
extern bool initialized;

int deviceCount();

/// Refuses numbers that there are no devices for.
void checkDevice(int device);

Context& retainPrimary(int device);
void releasePrimary(int device);

/// Ends what lives in it, whatever its references.
void destroy(Context& context);
Context& createContext(int device);

/// The thread's; refuses to set what was never a context.
Context* currentContext();
void setCurrent(Context* context);
void pushCurrent(Context* context);
Context* popCurrent();

/// The thread's context, fit for work: refuses with 3, 201, 709, or with the fault that ended it.
Context& workingContext();

/// Whether it is a primary context in use.
bool isActive(int device);

// Handles to what they stand for; each refuses others with 400.
Stream& streamOf(Context& context, Stream* handle); // null, 1: the legacy default stream
long streamNumber(const Stream* handle); // for logs; -1 for no stream of any context
Event& eventOf(Context& context, Event* handle);
Event& eventOfAny(Event* handle); // of whichever context
Graph& graphOf(Context& context, Graph* handle);
Graph& executableOf(Context& context, Graph* handle);
const std::shared_ptr<Module>& moduleOf(Context& context, const Module* handle);

/// The module of a kernel.
const std::shared_ptr<Module>& moduleOf(Context& context, const Kernel* handle);

/// Gives up what a list of the context owns.
template <typename Owner, typename T> void drop(std::vector<Owner>& owners, const T& owned)
{
    for (size_t i = 0; i < owners.size(); i++)
        if (owners[i].get() == &owned) return static_cast<void>(owners.erase(owners.begin() + i));
}

/// Runs all that is queued in the context.
void drainAll(Context& context);
}
