// One call of the driver: under the lock, with EMU_FAIL and the log, and with refusals as its result.
#pragma once
#include "contexts.h"
#include <functional>
#include <mutex>
#include <string>

#define DRIVER_API extern "C" __attribute__((visibility("default"))) int

namespace emu
{
class Call
{
public:
    explicit Call(const char* name);

    // An argument, for the log. Only what is logged is put into words.
    Call& with(const char* what, long value);
    Call& withAddress(const char* what, const void* address);
    Call& withStream(const Stream* stream);
    Call& withText(const char* what, const std::string& text);

    /// Not a line of the log.
    Call& quiet();

    /// What the call gave back, for the log.
    void gives(const std::string& text);

    /// The work of a call that needs no context.
    int run(const std::function<void()>& work);

    /// The work of a call in the thread's context. A fault of that context is the result, without the work.
    int inContext(const std::function<void(Context&)>& work);

    bool isLogged() const { return logged; }

private:
    int finish(int code);

    std::lock_guard<std::recursive_mutex> lock;
    const char* name;
    bool logged;
    std::string words;
};

/// Why the thread's last failed call failed, if it gave this code; else null.
const char* lastReason(int code);
}
