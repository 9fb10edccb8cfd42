#include "watchdog.h"
#include "blocks.h"
#include "checker.h"
#include "faults.h"
#include "memory.h"
#include "modules.h"
#include "report.h"
#include "results.h"
#include "settings.h"
#include <csignal>
#include <ctime>
#include <pthread.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

namespace emu
{
namespace
{
// .NET takes SIGRTMIN for itself.
const int TimerSignal = SIGRTMIN + 7;
constexpr int Signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
constexpr int SignalCount = 4;
constexpr long AgainNanoseconds = 10'000'000;
constexpr int TurnsForAccesses = 20;

struct sigaction before[SignalCount], beforeTimer;
timer_t timer;
bool hasTimer;
volatile sig_atomic_t expired;

pthread_t thread; // that runs the launch
const char *low, *high; // of the kernel's library

/// What a signal's handler saw; it may not make strings.
struct Seen
{
    int signal;
    const void *address, *pc;
} seen;

const char* programCounter(void* context)
{
    return reinterpret_cast<const char*>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
}

bool inKernel(const char* pc) { return pc >= low && pc < high; }

/// The address of the next instruction after the one at pc, near enough: places are return addresses.
const void* place(const char* pc) { return inKernel(pc) ? pc + 1 : nullptr; }

void passOn(int signal, siginfo_t* info, void* context)
{
    for (int i = 0; i < SignalCount; i++)
    {
        if (Signals[i] != signal) continue;
        if (before[i].sa_flags & SA_SIGINFO) before[i].sa_sigaction(signal, info, context);
        else if (before[i].sa_handler != SIG_DFL && before[i].sa_handler != SIG_IGN) before[i].sa_handler(signal);
        else sigaction(signal, &before[i], nullptr); // the instruction runs again and ends the process
    }
}

/// Faults of other threads, which go on beside the launch, and of the emulator itself are nobody's here.
void onFault(int signal, siginfo_t* info, void* context)
{
    if (!running || !pthread_equal(pthread_self(), thread)) return passOn(signal, info, context);
    seen = {signal, info->si_addr, place(programCounter(context))};
    returnToScheduler(context);
}

/// A lane may be left only in the kernel's own code: elsewhere it may hold a lock. The timer comes again until it is
/// there or in the scheduler. Checked accesses end it better, with their own line: they get some turns of the timer.
void onTimer(int, siginfo_t*, void* context)
{
    expired = expired + 1;
    if (checking && expired < TurnsForAccesses) return;
    if (!running || !pthread_equal(pthread_self(), thread) || !inKernel(programCounter(context))) return;
    seen = {TimerSignal, nullptr, place(programCounter(context))};
    returnToScheduler(context);
}

void startTimer(long seconds)
{
    expired = 0;
    hasTimer = seconds > 0;
    if (!hasTimer) return;
    struct sigaction action = {};
    action.sa_sigaction = onTimer;
    action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    sigaction(TimerSignal, &action, &beforeTimer);
    sigevent event = {};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = TimerSignal;
    event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
    if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) != 0)
        refuse(OutOfMemory, "no timer for the launch's time");
    itimerspec times = {};
    times.it_value.tv_sec = seconds;
    times.it_interval.tv_nsec = AgainNanoseconds;
    timer_settime(timer, 0, &times, nullptr);
}

/// A lane's stack may be what overflowed: the handler needs another one. .NET gives its threads one; others get ours.
void giveSignalStack()
{
    stack_t current;
    sigaltstack(nullptr, &current);
    if (!(current.ss_flags & SS_DISABLE)) return;
    static thread_local char stack[64 << 10];
    stack_t own = {};
    own.ss_sp = stack;
    own.ss_size = sizeof stack;
    sigaltstack(&own, nullptr);
}
}

Watchdog::Watchdog(const Module& module)
{
    thread = pthread_self();
    low = module.low;
    high = module.high;
    seen = {};
    giveSignalStack();
    startTimer(numberSetting("EMU_SECONDS"));
    struct sigaction action = {};
    action.sa_sigaction = onFault;
    action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
    for (int i = 0; i < SignalCount; i++) sigaction(Signals[i], &action, &before[i]);
}

Watchdog::~Watchdog()
{
    for (int i = 0; i < SignalCount; i++) sigaction(Signals[i], &before[i], nullptr);
    if (!hasTimer) return;
    timer_delete(timer);
    // A signal that is still on its way would end the process without its handler.
    if (beforeTimer.sa_handler != SIG_DFL) sigaction(TimerSignal, &beforeTimer, nullptr);
}

bool timeIsUp() { return expired; }

std::string timeoutText()
{
    return "the launch does not end: it has used EMU_SECONDS=" + setting("EMU_SECONDS") + " of processor time";
}

void failTimeout(const Lane& lane)
{
    setFault(LaunchTimeout, timeoutText(), lane, seen.pc ? Place{seen.pc, {}} : lane.place);
}

void failSignal(const Lane& lane)
{
    if (seen.signal == 0) return;
    if (seen.signal == TimerSignal) return failTimeout(lane);
    const auto* address = static_cast<const char*>(seen.address);
    const bool onStack = address >= lane.fibre->stack && address < lane.fibre->stack + StackBytes;
    std::string what = "an access out of bounds: " + describeAddress(address);
    if (onStack) what = format("the lane needs more local memory than %zu bytes", StackBytes);
    // PTX ISA, div: what an integer division by zero gives is not specified; here it is a fault.
    if (seen.signal == SIGFPE) what = "an integer division by zero";
    if (seen.signal == SIGILL)
        what = "an instruction that the text does not allow to be reached (a trap, or undefined behaviour)";
    const bool isAccess = seen.signal == SIGSEGV || seen.signal == SIGBUS;
    setFault(isAccess ? IllegalAddress : LaunchFailed, what, lane, Place{seen.pc, {}});
}
}
