#include "fibres.h"
#include <cstdint>
#include <new>
#include <sys/mman.h>
#include <ucontext.h>
#include <vector>

// Keeps the registers that System V's x86-64 ABI leaves to the called function, and goes on where the other stack left
// off.
extern "C" void emu_switch(void** from, void* to);
extern "C" void emu_resume(); // its second half: the stack to go on with is in rsi
asm(R"(
    .text
    .globl emu_switch
    .hidden emu_switch
    .globl emu_resume
    .hidden emu_resume
emu_switch:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, (%rdi)
emu_resume:
    mov %rsi, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret
)");

namespace emu
{
namespace
{
constexpr size_t PageBytes = 4096, SavedRegisters = 6;

// Tops of stacks begin at so many different places of a page, for the same reason.
constexpr size_t Colours = 16, ColourBytes = 128;

// Linux lets a process have some 65,000 mappings, of which a guarded stack takes two: with more lanes than this at once
// the others' stacks have no guard.
constexpr size_t GuardedStacks = 16 << 10;

std::vector<Fibre*> idle;
size_t stacks;
void* scheduler;

Fibre* newFibre()
{
    void* stack = mmap(nullptr, StackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stack == MAP_FAILED) throw std::bad_alloc();
    if (stacks++ < GuardedStacks) mprotect(stack, PageBytes, PROT_NONE);
    char* begin = static_cast<char*>(stack);
    return new Fibre{begin, begin + StackBytes - 64 - stacks % Colours * ColourBytes, nullptr};
}
}

Fibre* takeFibre(void (*main)())
{
    if (idle.empty()) idle.push_back(newFibre());
    Fibre* fibre = idle.back();
    idle.pop_back();
    auto** top = reinterpret_cast<void**>(fibre->top);
    *--top = nullptr; // main begins as if called: its stack is 8 beyond a multiple of 16
    *--top = reinterpret_cast<void*>(main);
    for (size_t i = 0; i < SavedRegisters; i++) *--top = nullptr;
    fibre->sp = top;
    return fibre;
}

void giveFibre(Fibre* fibre) { idle.push_back(fibre); }

void switchTo(Fibre* fibre) { emu_switch(&scheduler, fibre->sp); }

void switchToScheduler(Fibre* fibre) { emu_switch(&fibre->sp, scheduler); }

void returnToScheduler(void* context)
{
    auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    registers[REG_RSI] = reinterpret_cast<greg_t>(scheduler);
    registers[REG_RIP] = reinterpret_cast<greg_t>(emu_resume);
}
}
