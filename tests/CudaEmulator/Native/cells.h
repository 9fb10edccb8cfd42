// What the checker knows of a word of memory.
#pragma once
#include <cstdint>

namespace emu
{
/// One lane's access.
struct Trace
{
    unsigned site;       // of the checker's, for the line
    unsigned block;      // its place among the blocks that run at once, or its number where it runs alone
    unsigned blockClock; // of the block's own work, then
    unsigned phase;      // barriers of the block passed
    unsigned clock;      // of the lane's own work, then
    int16_t lane;        // in the block
    uint8_t bytes;       // of the word: bit i for byte i; 0: there was no access
    bool atomic;
};

/// The last accesses of 4 bytes of memory. Of the readers two are enough: of different warps or blocks where there are
/// such, so that whoever writes next finds one that it was not ordered with.
struct Cell
{
    unsigned run; // unless it is the launch's, or for shared memory the block's, nothing is known
    Trace writer, readers[2];
};
}
