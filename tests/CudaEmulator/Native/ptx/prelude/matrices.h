// mma and ldmatrix.

template <int shape> INLINE Pack<f32, 4> multiply(Pack<u32, 4> a, Pack<u32, 2> b, Pack<f32, 4> c, int line)
{
    FENCE;
    emu->multiply(shape, a.v, b.v, c.v, at(line));
    FENCE;
    return c;
}

// ldmatrix: lane 8m + r has the address of row r of matrix m (eight 16-bit numbers); lane 4r + k gets numbers 2k and 2k
// + 1 of row r, or, transposed, number r of rows 2k and 2k + 1. Rows are read before the lanes meet, so that a lane
// that goes on first changes nothing.
template <int matrices, bool transposed> static Pack<u32, matrices> loadMatrices(u64 offset, int line)
{
    Pack<u64, 2> row = {};
    if (laneId() < 8 * matrices) row = load<Pack<u64, 2>>(shared(offset, sizeof row, EmuRead, line));
    Meeting left = meet(EmuWarpShuffle, ~0u, row.v[0], line), right = meet(EmuWarpShuffle, ~0u, row.v[1], line);
    auto number = [&](u32 matrix, u32 r, u32 column) {
        const Meeting& half = column < 4 ? left : right;
        return (u32)(half.values[8 * matrix + r] >> 16 * (column & 3)) & 0xffff;
    };
    Pack<u32, matrices> result;
    u32 r = laneId() / 4, k = laneId() % 4;
    for (u32 m = 0; m < matrices; m++)
    {
        u32 low = transposed ? number(m, 2 * k, r) : number(m, r, 2 * k);
        u32 high = transposed ? number(m, 2 * k + 1, r) : number(m, r, 2 * k + 1);
        result.v[m] = high << 16 | low;
    }
    return result;
}
