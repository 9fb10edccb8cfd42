// Lanes are fibres: each has a stack of its own, and one thread runs them in turn.
#pragma once
#include <cstddef>

namespace emu
{
/// With the page behind it that nobody may touch. Stacks lie one behind the other: of an even number of pages, all their
/// tops would be in few places of the processor's caches.
constexpr size_t StackBytes = (256 << 10) + 4096;

struct Fibre
{
    char *stack, *top;
    void* sp; // where it goes on
};

/// A fibre that begins in main when it is switched to; main must never return.
Fibre* takeFibre(void (*main)());

/// Keeps the stack for the next one.
void giveFibre(Fibre* fibre);

/// Leaves the scheduler for the fibre, until that comes back by switchToScheduler.
void switchTo(Fibre* fibre);

void switchToScheduler(Fibre* fibre);

/// Makes a signal's handler return into the scheduler; the fibre that ran is never gone back to.
/// @param context the ucontext_t that the handler got.
void returnToScheduler(void* context);
}
