// What ends a launch early.
#pragma once
#include "source_lines.h"
#include <string>

namespace emu
{
struct Lane;

/// What ends a launch: a CUresult and what happened where; for a race the other access too.
struct Fault
{
    int code = 0;
    std::string what;
    Place place;
    std::string lane;
    std::string otherWhat, otherLane; // none without another lane
    Place otherPlace;
};

/// Of the launch that runs; code 0 while all is well.
extern Fault fault;

/// "lane 35 of block 2,0,0".
std::string nameLane(const Lane& lane);

/// Ends the launch for what a lane did.
void setFault(int code, const std::string& what, const Lane& lane, const Place& place);

/// Ends the launch for what two lanes did together.
void setFault(int code, const std::string& what, const Lane& lane, const Lane& other);

/// Ends the launch; called by the running lane, which is never gone back to.
[[noreturn]] void failLane(int code, const std::string& what, const Place& place);
}
