// Addresses of the state spaces, checked, and what lies there.
//
// .global, .const, .param: addresses of this process. .shared: offset within the block's shared memory. .local: an
// address of the lane's stack with LocalWindow added. Generic: an address of this process, where shared memory is a
// window at emu->shared, or a local address.

// CUresult numbers.
const int IllegalAddress = 700, LaunchFailed = 719, Misaligned = 716, InvalidAddressSpace = 717, Assertion = 710,
          NotSupported = 801;

// No address of this processor has this bit.
const u64 LocalWindow = 1ull << 62;

INLINE bool isLocal(u64 address) { return address & LocalWindow; }
INLINE bool isShared(u64 address) { return address - (u64)emu->shared < emu->sharedBytes; }
INLINE bool isGlobal(u64 address) { return !isLocal(address) && !isShared(address); }

INLINE u64 sharedToGeneric(u64 offset) { return (u64)emu->shared + offset; }
INLINE u64 genericToShared(u64 address) { return address - (u64)emu->shared; }
INLINE u64 dynamicShared() { return (u64)(emu->dynamicShared - emu->shared); }

// PTX ISA, "Addresses as operands": naturally aligned to a multiple of the access size.
INLINE void aligned(u64 address, int bytes, int line)
{
    if (address & (bytes - 1)) emu->fault(Misaligned, "the address is no multiple of the access's size", at(line));
}

INLINE u64 noted(u64 address, int bytes, int kind, int line)
{
    if (emu->access) emu->access((const void*)address, bytes, kind, nullptr, at(line));
    return address;
}

INLINE u64 global(u64 address, int bytes, int kind, int line)
{
    if (!isGlobal(address))
        emu->fault(InvalidAddressSpace, "a .global access to an address of shared or local memory", at(line));
    aligned(address, bytes, line);
    return noted(address, bytes, kind, line);
}

INLINE u64 shared(u64 offset, int bytes, int kind, int line)
{
    if (offset > emu->sharedBytes || offset + bytes > emu->sharedBytes)
        emu->fault(
            IllegalAddress, "outside of the block's shared memory (a generic address needs cvta.to.shared)", at(line));
    aligned(offset, bytes, line);
    return noted((u64)emu->shared + offset, bytes, kind, line);
}

INLINE u64 local(u64 address, int bytes, int, int line)
{
    if (!isLocal(address)) emu->fault(IllegalAddress, "a .local access to what is no local memory", at(line));
    aligned(address, bytes, line);
    return address & ~LocalWindow;
}

INLINE u64 generic(u64 address, int bytes, int kind, int line)
{
    aligned(address, bytes, line);
    return isLocal(address) ? address & ~LocalWindow : noted(address, bytes, kind, line);
}

INLINE u64 constant(u64 address, int bytes, int, int line)
{
    aligned(address, bytes, line);
    return address;
}

// The translator has checked that the access lies within the parameter.
INLINE u64 parameter(u64 address, int, int, int) { return address; }

template <class T> INLINE T load(u64 address)
{
    T value;
    __builtin_memcpy(&value, (const void*)address, sizeof value);
    return value;
}

template <class T> INLINE void store(u64 address, T value) { __builtin_memcpy((void*)address, &value, sizeof value); }

// How long since other lanes had their turn: a lane may wait for what another one writes, or never end.
static int turns;
INLINE void turn(int weight)
{
    turns += weight;
    if (__builtin_expect(turns < 1024, 1)) return;
    turns = 0;
    FENCE;
    emu->yield();
    FENCE;
}

INLINE void branchBack() { turn(1); }

// .volatile, .relaxed, .acquire, .release: other lanes see each one, in order.
template <class T> INLINE T loadStrong(u64 address)
{
    turn(16);
    FENCE;
    T value = load<T>(address);
    FENCE;
    return value;
}

template <class T> INLINE void storeStrong(u64 address, T value)
{
    FENCE;
    store<T>(address, value);
    FENCE;
}

INLINE void fence() { FENCE; }

// mov of registers in braces: the first is the lowest part.
template <class R, class T, int N> INLINE R join(Pack<T, N> parts)
{
    R all = 0;
    for (int i = 0; i < N; i++) all |= (R)parts.v[i] << bitsIn<T> * i;
    return all;
}

template <class T, int N, class R> INLINE Pack<T, N> split(R all)
{
    Pack<T, N> parts;
    for (int i = 0; i < N; i++) parts.v[i] = (T)(all >> bitsIn<T> * i);
    return parts;
}
