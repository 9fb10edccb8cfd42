// atom and red. Lanes switch only inside of the machine's functions, so a load and a store make an atomic operation.

template <class T, class Operation> INLINE T atomically(u64 address, Operation next)
{
    turn(16);
    FENCE;
    T old = load<T>(address);
    store<T>(address, next(old));
    FENCE;
    return old;
}

// PTX ISA, atom: .add.f32 on global memory "flushes subnormal inputs and results to sign-preserving zero"; on shared
// memory it does not.
template <class T> INLINE T atomicSum(u64 address, T old, T value)
{
    if constexpr (isInteger<T>) return add(old, value);
    else if constexpr (IsSame<T, f32>::value)
        return isShared(address) ? addReal<Rn>(old, value) : flush(addReal<Rn>(flush(old), flush(value)));
    else return addReal<Rn>(old, value);
}

template <class T> INLINE T atomicAdd(u64 address, T value)
{
    return atomically<T>(address, [&](T old) { return atomicSum(address, old, value); });
}
template <class T> INLINE T atomicMin(u64 address, T value)
{
    return atomically<T>(address, [&](T old) { return least(old, value); });
}
template <class T> INLINE T atomicMax(u64 address, T value)
{
    return atomically<T>(address, [&](T old) { return most(old, value); });
}
template <class T> INLINE T atomicAnd(u64 address, T value)
{
    return atomically<T>(address, [&](T old) { return (T)(old & value); });
}
template <class T> INLINE T atomicOr(u64 address, T value)
{
    return atomically<T>(address, [&](T old) { return (T)(old | value); });
}
template <class T> INLINE T atomicXor(u64 address, T value)
{
    return atomically<T>(address, [&](T old) { return (T)(old ^ value); });
}
template <class T> INLINE T atomicExchange(u64 address, T value)
{
    return atomically<T>(address, [&](T) { return value; });
}
template <class T> INLINE T atomicCompareAndSwap(u64 address, T expected, T value)
{
    return atomically<T>(address, [&](T old) { return old == expected ? value : old; });
}
// Up to value, then 0 again; and down.
template <class T> INLINE T atomicIncrement(u64 address, T value)
{
    return atomically<T>(address, [&](T old) { return old >= value ? 0 : old + 1; });
}
template <class T> INLINE T atomicDecrement(u64 address, T value)
{
    return atomically<T>(address, [&](T old) { return old == 0 || old > value ? value : old - 1; });
}
