// One lane's access to memory.
#pragma once
#include "source_lines.h"

namespace emu
{
struct Access
{
    const void* address;
    int bytes, kind; // kind: EmuAccess
    Place place;
};
}
