// Streams are queues whose work runs when something waits for it; events are places in them; graphs are lists of work
// that was recorded.
#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <thread>
#include <vector>

namespace emu
{
struct Context;
struct Capture;
using Work = std::function<void()>;

struct Stream
{
    long number; // 0: the legacy default stream
    Context* context;
    bool blocking; // waits for the legacy default stream, and that for it
    std::deque<Work> queue;
    std::shared_ptr<Capture> capture; // that records what is put here
    long recorded = 0, joined = -1;   // works recorded; as many as the capture's first stream waits for
};

struct Graph
{
    std::vector<Work> work;
};

enum class CaptureMode
{
    Global,
    ThreadLocal,
    Relaxed,
};

struct Capture
{
    Stream* origin;
    CaptureMode mode;
    std::thread::id thread;
    Graph graph;
    bool invalid = false;
    std::set<Stream*> forked; // streams that joined by waiting for its events
};

/// A record of an event.
struct Mark
{
    Stream* stream;
    std::shared_ptr<Capture> capture; // that the record is part of, or null
    long recorded;                    // works of the captured stream before it
    bool done = false;
    double seconds = 0;
};

struct Event
{
    bool timed;
    std::shared_ptr<Mark> mark; // the last record; null without one
};

/// Queues work, or records it.
void put(Stream& stream, Work work);

/// Runs all that a stream has queued.
void drain(Stream& stream);

// Each refuses what a capture forbids.
void beginCapture(Stream& stream, CaptureMode mode);
std::unique_ptr<Graph> endCapture(Stream& stream);
void record(Event& event, Stream& stream);
void waitFor(Stream& stream, const Event& event);

/// Runs until the event is reached.
void synchronize(const Event& event);

/// Whether all is done that an event, or a stream, waits for; runs it if not, for the next time.
bool query(const Event& event);
bool query(Stream& stream);

/// What a capture allows on no account: the call waits for the recorded stream or for all streams. Invalidates the
/// capture.
void forbidWhileCaptured(Stream& stream, const char* what);

/// Calls that may wait for other work: cuda.h, CUstreamCaptureMode, forbids them while this thread records, and under a
/// global capture to all threads; a relaxed capture allows them.
void forbidUnsafe(const char* what);

/// Waits for all streams of a context, which no capture allows.
void forbidWhileAnyCaptured(const Context& context, const char* what);

/// A stream that is destroyed ends its capture.
void endCaptureOf(Stream& stream);
}
