#include "faults.h"
#include "blocks.h"
#include "report.h"

namespace emu
{
Fault fault;

std::string nameLane(const Lane& lane)
{
    const EmuLane& at = lane.position;
    return format("lane %d of block %u,%u,%u", lane.index, at.block[0], at.block[1], at.block[2]);
}

void setFault(int code, const std::string& what, const Lane& lane, const Place& place)
{
    fault = {};
    fault.code = code;
    fault.what = what;
    fault.lane = nameLane(lane);
    fault.place = place;
}

void setFault(int code, const std::string& what, const Lane& lane, const Lane& other)
{
    setFault(code, what, lane, lane.place);
    fault.otherLane = nameLane(other);
    fault.otherPlace = other.place;
}

void failLane(int code, const std::string& what, const Place& place)
{
    setFault(code, what, *running, place);
    switchToScheduler(running->fibre);
    __builtin_unreachable();
}
}
