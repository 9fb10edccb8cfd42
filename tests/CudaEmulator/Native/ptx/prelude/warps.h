// Operations of a warp: the lanes of the mask meet, and each sees what every other one brought.

struct Meeting
{
    u64 values[32];
    u32 lanes; // that took part
};

INLINE Meeting meet(int operation, u32 mask, u64 value, int line)
{
    Meeting meeting;
    FENCE;
    meeting.lanes = emu->meet(operation, mask, value, meeting.values, at(line));
    FENCE;
    return meeting;
}

INLINE bool tookPart(const Meeting& meeting, u32 lane) { return meeting.lanes >> lane & 1; }

INLINE void warpBarrier(u32 mask, int line) { meet(EmuWarpSync, mask, 0, line); }

// PTX ISA, shfl: c holds the segment's mask (bits 8 to 12) and a limit (0 to 4); a lane out of range reads itself.
template <Modifier mode> static u32 shuffle(u32 value, u32 b, u32 c, u32 mask, bool& inRange, int line)
{
    Meeting meeting = meet(EmuWarpShuffle + (mode - Idx), mask, value, line);
    u32 lane = laneId(), offset = b & 31, limit = c & 31, segment = c >> 8 & 31;
    int last = (int)((lane & segment) | (limit & ~segment)), first = (int)(lane & segment);
    int source = mode == Up ? (int)lane - (int)offset
        : mode == Down      ? (int)(lane + offset)
        : mode == Bfly      ? (int)(lane ^ offset)
                            : first | (int)(offset & ~segment);
    inRange = mode == Up ? source >= last : source <= last;
    if (!inRange) source = (int)lane;
    if (tookPart(meeting, (u32)source)) return (u32)meeting.values[source];
    emu->fault(0, "shfl reads a lane that does not take part", at(line));
    return 0x7fe1dead;
}

// The lanes whose value is the given one.
INLINE u32 lanesWith(const Meeting& meeting, u64 value)
{
    u32 lanes = 0;
    for (u32 i = 0; i < 32; i++)
        if (tookPart(meeting, i) && meeting.values[i] == value) lanes |= 1u << i;
    return lanes;
}

static u32 ballot(u32 mask, bool p, int line) { return lanesWith(meet(EmuWarpVote, mask, p, line), 1); }

template <Modifier mode> static bool vote(u32 mask, bool p, int line)
{
    Meeting meeting = meet(EmuWarpVote, mask, p, line);
    u32 lanes = lanesWith(meeting, 1);
    return mode == All ? lanes == meeting.lanes : mode == Any ? lanes != 0 : lanes == 0 || lanes == meeting.lanes;
}

static u32 matchAny(u32 mask, u64 value, int line) { return lanesWith(meet(EmuWarpMatch, mask, value, line), value); }

static u32 matchAll(u32 mask, u64 value, bool& same, int line)
{
    Meeting meeting = meet(EmuWarpMatch, mask, value, line);
    same = lanesWith(meeting, value) == meeting.lanes;
    return same ? meeting.lanes : 0;
}

template <Modifier how, class T> INLINE T reduced(T a, T b)
{
    switch (how)
    {
        case Add: return (T)(a + b);
        case Min: return b < a ? b : a;
        case Max: return b > a ? b : a;
        case And: return a & b;
        case Or: return a | b;
        default: return a ^ b;
    }
}

template <Modifier how, class T> static T reduce(u32 mask, T value, int line)
{
    const int operation = how >= Add ? how - Add : 3 + (how - And);
    Meeting meeting = meet(EmuWarpReduce + operation, mask, (u64)value, line);
    u32 first = __builtin_ctz(meeting.lanes);
    T result = (T)meeting.values[first];
    for (u32 i = first + 1; i < 32; i++)
        if (tookPart(meeting, i)) result = reduced<how>(result, (T)meeting.values[i]);
    return result;
}

// elect.sync: one lane of the mask, here the first.
static u32 elect(u32 mask, bool& elected, int line)
{
    Meeting meeting = meet(EmuWarpVote, mask, 0, line);
    u32 leader = __builtin_ctz(meeting.lanes);
    elected = leader == laneId();
    return leader;
}
