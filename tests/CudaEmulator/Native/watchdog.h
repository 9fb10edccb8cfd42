// What ends a launch from outside of its code: faults of the processor, and a limit of its time.
#pragma once
#include <string>

namespace emu
{
struct Lane;
struct Module;

/// Signals that a lane's code causes end the launch, others go to whom they went before. For the time of a launch.
class Watchdog
{
public:
    explicit Watchdog(const Module& module);
    ~Watchdog();
    Watchdog(const Watchdog&) = delete;
};

/// The launch has used EMU_SECONDS of processor time.
bool timeIsUp();
std::string timeoutText();

/// Fails the launch for its time, which was up while this lane ran.
void failTimeout(const Lane& lane);

/// Makes a fault of the signal, if there was one, that ended the lane.
void failSignal(const Lane& lane);
}
