#include "streams.h"
#include "contexts.h"
#include "results.h"
#include "settings.h"
#include <algorithm>
#include <chrono>

namespace emu
{
namespace
{
constexpr size_t LongestQueue = 4096;

std::vector<std::shared_ptr<Capture>> captures; // under way

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

bool runNext(Stream& stream)
{
    if (stream.queue.empty()) return false;
    const Work work = std::move(stream.queue.front());
    stream.queue.pop_front();
    // After a fault nothing runs any more in its context.
    if (stream.context->fault == 0) work();
    return true;
}

void runUntil(const std::shared_ptr<Mark>& mark)
{
    while (!mark->done && runNext(*mark->stream))
    {
    }
}

[[noreturn]] void invalidate(Capture& capture, int code, const std::string& why)
{
    capture.invalid = true;
    refuse(code, why);
}

void checkValid(const Capture& capture)
{
    if (capture.invalid) refuse(StreamCaptureInvalidated, "the stream's recording was ended by an earlier call");
}

// CUDA C++ Programming Guide, default stream: work in the legacy default stream waits for all blocking streams, and
// theirs for it.
void orderByDefaultStream(Stream& stream)
{
    Context& context = *stream.context;
    if (&stream != &context.defaultStream)
    {
        if (stream.blocking && !stream.capture) drain(context.defaultStream);
        return;
    }
    for (const auto& other : context.streams)
    {
        if (!other->blocking) continue;
        if (other->capture)
            invalidate(*other->capture, StreamCaptureImplicit,
                "work in the legacy default stream while a blocking stream is recorded");
        drain(*other);
    }
}

void forget(const std::shared_ptr<Capture>& capture)
{
    capture->origin->capture = nullptr;
    for (Stream* stream : capture->forked) stream->capture = nullptr;
    captures.erase(std::remove(captures.begin(), captures.end(), capture), captures.end());
}
}

void put(Stream& stream, Work work)
{
    orderByDefaultStream(stream);
    if (stream.capture)
    {
        checkValid(*stream.capture);
        stream.capture->graph.work.push_back(std::move(work));
        stream.recorded++;
        return;
    }
    stream.queue.push_back(std::move(work));
    if (!flagSetting("EMU_LATE") || stream.queue.size() > LongestQueue) drain(stream);
}

void drain(Stream& stream)
{
    while (runNext(stream))
    {
    }
}

void beginCapture(Stream& stream, CaptureMode mode)
{
    // cuda.h, cuStreamBeginCapture: not in the legacy default stream; not twice.
    if (stream.number == 0) refuse(StreamCaptureUnsupported, "the legacy default stream cannot be recorded");
    if (stream.capture) refuse(IllegalState, "the stream is recorded already");
    auto capture = std::make_shared<Capture>();
    capture->origin = &stream;
    capture->mode = mode;
    capture->thread = std::this_thread::get_id();
    stream.capture = capture;
    captures.push_back(capture);
}

std::unique_ptr<Graph> endCapture(Stream& stream)
{
    const std::shared_ptr<Capture> capture = stream.capture;
    if (!capture) refuse(IllegalState, "the stream is not recorded");
    // cuda.h, cuStreamEndCapture: in the stream and, unless relaxed, in the thread that began.
    if (capture->origin != &stream) refuse(StreamCaptureUnmatched, "the recording began in another stream");
    if (capture->mode != CaptureMode::Relaxed && capture->thread != std::this_thread::get_id())
        refuse(StreamCaptureWrongThread, "the recording began in another thread");
    forget(capture);
    checkValid(*capture);
    for (const Stream* forked : capture->forked)
        if (forked->joined != forked->recorded)
            refuse(StreamCaptureUnjoined, "work of another stream is recorded that nothing waits for");
    return std::make_unique<Graph>(std::move(capture->graph));
}

void record(Event& event, Stream& stream)
{
    orderByDefaultStream(stream);
    if (stream.capture) checkValid(*stream.capture);
    auto mark = std::make_shared<Mark>(Mark{&stream, stream.capture, stream.recorded});
    event.mark = mark;
    if (stream.capture) return;
    put(stream, [mark] {
        mark->seconds = now();
        mark->done = true;
    });
}

void waitFor(Stream& stream, const Event& event)
{
    const std::shared_ptr<Mark> mark = event.mark;
    if (!mark) return; // cuda.h, cuStreamWaitEvent: an event without a record is done
    if (!mark->capture)
    {
        if (stream.capture) invalidate(*stream.capture, 905, "recorded work would wait for work that is not recorded");
        if (mark->stream != &stream) put(stream, [mark] { runUntil(mark); });
        return;
    }
    checkValid(*mark->capture);
    if (stream.capture && stream.capture != mark->capture)
    {
        stream.capture->invalid = true;
        invalidate(*mark->capture, StreamCaptureMerge, "a wait would make one of two recordings");
    }
    if (!stream.capture && !stream.queue.empty()) drain(stream);
    if (!stream.capture)
    {
        stream.capture = mark->capture;
        stream.recorded = 0;
        stream.joined = -1;
        mark->capture->forked.insert(&stream);
    }
    mark->stream->joined = mark->recorded;
}

void synchronize(const Event& event)
{
    if (!event.mark) return;
    if (event.mark->capture)
        invalidate(*event.mark->capture, CapturedEvent, "waiting for an event that is recorded work");
    runUntil(event.mark);
}

bool query(const Event& event)
{
    if (!event.mark) return true;
    if (event.mark->capture)
        invalidate(*event.mark->capture, CapturedEvent, "asking for an event that is recorded work");
    const bool done = event.mark->done;
    runUntil(event.mark);
    return done;
}

bool query(Stream& stream)
{
    const bool done = stream.queue.empty();
    drain(stream);
    return done;
}

void forbidWhileCaptured(Stream& stream, const char* what)
{
    if (!stream.capture) return;
    checkValid(*stream.capture);
    invalidate(*stream.capture, StreamCaptureUnsupported, std::string(what) + " in a stream that is recorded");
}

void forbidUnsafe(const char* what)
{
    for (const auto& capture : captures)
    {
        const bool own = capture->thread == std::this_thread::get_id();
        if (capture->mode == CaptureMode::Relaxed || (capture->mode == CaptureMode::ThreadLocal && !own)) continue;
        invalidate(*capture, StreamCaptureUnsupported, std::string(what) + " while a stream is recorded");
    }
}

void forbidWhileAnyCaptured(const Context& context, const char* what)
{
    for (const auto& capture : captures)
        if (capture->origin->context == &context)
            invalidate(
                *capture, StreamCaptureUnsupported, std::string(what) + " while a stream of the context is recorded");
}

void endCaptureOf(Stream& stream)
{
    if (!stream.capture) return;
    const std::shared_ptr<Capture> capture = stream.capture;
    capture->invalid = true;
    if (capture->origin == &stream) forget(capture);
    capture->forked.erase(&stream);
    stream.capture = nullptr;
}
}
