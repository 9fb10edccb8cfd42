// The driver API: streams, events, recorded work.
#include "call.h"
#include "results.h"

using namespace emu;

namespace
{
constexpr unsigned NonBlocking = 1, DisableTiming = 2;
}

DRIVER_API cuStreamCreateWithPriority(Stream** stream, unsigned flags, int priority)
{
    Call call("cuStreamCreate");
    return call.with("flags", flags).with("priority", priority).inContext([&](Context& context) {
        static long numbers;
        if (flags > NonBlocking) refuse(InvalidValue, "flags of a stream that there are not");
        context.streams.push_back(
            std::make_unique<Stream>(Stream{++numbers, &context, flags != NonBlocking, {}, nullptr}));
        *stream = context.streams.back().get();
        call.withStream(*stream);
    });
}

DRIVER_API cuStreamCreate(Stream** stream, unsigned flags) { return cuStreamCreateWithPriority(stream, flags, 0); }

DRIVER_API cuStreamSynchronize(Stream* handle)
{
    return Call("cuStreamSynchronize").withStream(handle).inContext([&](Context& context) {
        Stream& stream = streamOf(context, handle);
        forbidWhileCaptured(stream, "cuStreamSynchronize");
        forbidUnsafe("cuStreamSynchronize");
        drain(stream);
    });
}

DRIVER_API cuStreamQuery(Stream* handle)
{
    return Call("cuStreamQuery").withStream(handle).inContext([&](Context& context) {
        Stream& stream = streamOf(context, handle);
        forbidWhileCaptured(stream, "cuStreamQuery");
        forbidUnsafe("cuStreamQuery");
        if (!query(stream)) refuse(NotReady, resultText(NotReady));
    });
}

DRIVER_API cuStreamDestroy_v2(Stream* handle)
{
    return Call("cuStreamDestroy_v2").withStream(handle).inContext([&](Context& context) {
        Stream& stream = streamOf(context, handle);
        if (stream.number == 0) refuse(InvalidHandle, "the legacy default stream cannot be destroyed");
        endCaptureOf(stream);
        drain(stream);
        drop(context.streams, stream);
    });
}

DRIVER_API cuStreamWaitEvent(Stream* stream, Event* event, unsigned)
{
    return Call("cuStreamWaitEvent").withStream(stream).inContext([&](Context& context) {
        // cuda.h: the event may be of another context than the stream.
        waitFor(streamOf(context, stream), eventOfAny(event));
    });
}

DRIVER_API cuLaunchHostFunc(Stream* stream, void (*function)(void*), void* data)
{
    return Call("cuLaunchHostFunc").withStream(stream).inContext([&](Context& context) {
        if (!function) refuse(InvalidValue, "no function");
        put(streamOf(context, stream), [=] { function(data); });
    });
}

DRIVER_API cuStreamBeginCapture_v2(Stream* stream, int mode)
{
    return Call("cuStreamBeginCapture_v2").withStream(stream).with("mode", mode).inContext([&](Context& context) {
        if (mode < 0 || mode > static_cast<int>(CaptureMode::Relaxed))
            refuse(InvalidValue, "a mode of recording that there is not");
        beginCapture(streamOf(context, stream), static_cast<CaptureMode>(mode));
    });
}

DRIVER_API cuStreamIsCapturing(Stream* stream, int* status)
{
    constexpr int None = 0, Active = 1, Invalidated = 2; // CUstreamCaptureStatus of cuda.h
    return Call("cuStreamIsCapturing").withStream(stream).inContext([&](Context& context) {
        const Stream& asked = streamOf(context, stream);
        *status = !asked.capture ? None : asked.capture->invalid ? Invalidated : Active;
    });
}

DRIVER_API cuStreamEndCapture(Stream* stream, Graph** graph)
{
    return Call("cuStreamEndCapture").withStream(stream).inContext([&](Context& context) {
        *graph = nullptr;
        context.graphs.push_back(endCapture(streamOf(context, stream)));
        *graph = context.graphs.back().get();
    });
}

DRIVER_API cuGraphInstantiateWithFlags(Graph** executable, Graph* graph, unsigned long long flags)
{
    return Call("cuGraphInstantiateWithFlags").with("flags", static_cast<long>(flags)).inContext([&](Context& context) {
        context.executables.push_back(std::make_unique<Graph>(graphOf(context, graph)));
        *executable = context.executables.back().get();
    });
}

DRIVER_API cuGraphLaunch(Graph* executable, Stream* handle)
{
    return Call("cuGraphLaunch").withStream(handle).inContext([&](Context& context) {
        Stream& stream = streamOf(context, handle);
        for (const Work& work : executableOf(context, executable).work) put(stream, work);
    });
}

DRIVER_API cuGraphExecDestroy(Graph* executable)
{
    return Call("cuGraphExecDestroy").inContext([&](Context& context) {
        drop(context.executables, executableOf(context, executable));
    });
}

DRIVER_API cuGraphDestroy(Graph* graph)
{
    return Call("cuGraphDestroy").inContext([&](Context& context) { drop(context.graphs, graphOf(context, graph)); });
}

DRIVER_API cuEventCreate(Event** event, unsigned flags)
{
    return Call("cuEventCreate").with("flags", flags).inContext([&](Context& context) {
        context.events.push_back(std::make_unique<Event>(Event{(flags & DisableTiming) == 0, nullptr}));
        *event = context.events.back().get();
    });
}

DRIVER_API cuEventRecord(Event* event, Stream* stream)
{
    return Call("cuEventRecord").withStream(stream).inContext([&](Context& context) {
        record(eventOf(context, event), streamOf(context, stream));
    });
}

DRIVER_API cuEventSynchronize(Event* event)
{
    return Call("cuEventSynchronize").inContext([&](Context& context) {
        forbidUnsafe("cuEventSynchronize");
        synchronize(eventOf(context, event));
    });
}

DRIVER_API cuEventQuery(Event* event)
{
    return Call("cuEventQuery").inContext([&](Context& context) {
        forbidUnsafe("cuEventQuery");
        if (!query(eventOf(context, event))) refuse(NotReady, resultText(NotReady));
    });
}

DRIVER_API cuEventElapsedTime(float* milliseconds, Event* start, Event* end)
{
    return Call("cuEventElapsedTime").inContext([&](Context& context) {
        const Event &first = eventOf(context, start), &last = eventOf(context, end);
        if (!first.mark || !last.mark) refuse(InvalidHandle, "an event that was not recorded");
        if (!first.timed || !last.timed) refuse(InvalidHandle, "an event made without timing");
        if (!first.mark->done || !last.mark->done) refuse(NotReady, "an event that is not reached yet");
        *milliseconds = static_cast<float>((last.mark->seconds - first.mark->seconds) * 1e3);
    });
}

DRIVER_API cuEventDestroy_v2(Event* event)
{
    return Call("cuEventDestroy_v2").inContext([&](Context& context) {
        drop(context.events, eventOf(context, event));
    });
}
