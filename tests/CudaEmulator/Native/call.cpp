#include "call.h"
#include "launches.h"
#include "memory.h"
#include "report.h"
#include "results.h"
#include "settings.h"
#include <cstdlib>
#include <map>
#include <new>
#include <sstream>

namespace emu
{
namespace
{
std::recursive_mutex gate;

thread_local std::string reason;
thread_local int reasonCode;

/// Of EMU_FAIL: how many calls of a name there were since it was set.
std::map<std::string, long> calls;
std::string failures;

/// EMU_FAIL's code for this call of the name; 0 for none.
int injected(const std::string& name)
{
    const std::string text = setting("EMU_FAIL");
    if (text != failures) calls.clear();
    failures = text;
    if (text.empty()) return 0;
    const long turn = ++calls[name];
    std::istringstream entries(text);
    for (std::string entry; std::getline(entries, entry, ';');)
    {
        const size_t equals = entry.find('='), at = entry.find('@');
        char* end;
        const long code = equals == std::string::npos ? 0 : strtol(entry.c_str() + equals + 1, &end, 10);
        if (code <= 0)
            throw SettingError{"EMU_FAIL=" + text + ": NAME=CODE or NAME=CODE@COUNT is wanted, separated by ;"};
        const std::string wanted = entry.substr(0, equals);
        if (wanted != name && wanted + "_v2" != name) continue;
        if (at == std::string::npos || atol(entry.c_str() + at + 1) == turn) return static_cast<int>(code);
    }
    return 0;
}

int refused(int code, const std::string& why)
{
    reason = why;
    reasonCode = code;
    return code;
}
}

Call::Call(const char* name)
    : lock(gate), name(name), logged(!setting("EMU_LOG").empty() && setting("EMU_LOG_CALLS") != "0")
{
}

Call& Call::with(const char* what, long value)
{
    if (logged) words += format(" %s %ld", what, value);
    return *this;
}

Call& Call::withAddress(const char* what, const void* address)
{
    if (logged) words += std::string(" ") + what + " " + nameAddress(address);
    return *this;
}

Call& Call::withStream(const Stream* stream) { return with("stream", logged ? streamNumber(stream) : 0); }

Call& Call::withText(const char* what, const std::string& text)
{
    if (logged) words += (*what ? std::string(" ") + what + " " : "") + text;
    return *this;
}

Call& Call::quiet()
{
    logged = false;
    return *this;
}

void Call::gives(const std::string& text)
{
    if (logged) words += " -> " + text;
}

int Call::run(const std::function<void()>& work)
{
    reasonCode = 0;
    try
    {
        if (const int code = injected(name)) return finish(code);
        work();
        return finish(Success);
    }
    catch (const Refusal& refusal)
    {
        return finish(refused(refusal.code, refusal.why));
    }
    catch (const SettingError& error)
    {
        reportFault(error.what);
        return finish(refused(InvalidValue, error.what));
    }
    catch (const std::bad_alloc&)
    {
        return finish(refused(OutOfMemory, "the host has no memory left"));
    }
}

int Call::inContext(const std::function<void(Context&)>& work)
{
    return run([&] {
        Context& context = workingContext();
        if (context.fault != 0) refuse(context.fault, lastFault);
        work(context);
        if (context.fault != 0) refuse(context.fault, lastFault);
    });
}

int Call::finish(int code)
{
    if (!logged) return code;
    const char* result = resultName(code);
    logLine(std::string(name) + words + (code == Success ? "" : format(" = %d %s", code, result ? result : "")) +
        (code != Success && reasonCode == code ? ": " + reason : ""));
    return code;
}

const char* lastReason(int code) { return reasonCode == code && code != Success ? reason.c_str() : nullptr; }
}
