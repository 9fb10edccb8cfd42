DEFINE_Grid(Grid_Barrier, , , )
#line 27 "Test.cs"
static __device__ FragmentA Sample_Left(float* tile, long long tile_length, int k) {
#line 27 "Test.cs"
    return make_FragmentA(Mma_ToTf32(tile[k]), 1u, 2u, 3u);
}

#line 7 "Test.cs"
extern "C" __global__ void Sample_Tile(const float* a, long long a_length, double* d, long long d_length, float* c, long long c_length) {
#line 9 "Test.cs"
    __shared__ __align__(16) float tile[256];
    FragmentC sums[SPEC_steps];
    AsyncCopy_Bytes16(tile + 4 * Group_IdxX, a + (4ll * Group_IdxX + 1ll), (SPEC_steps - 2) * (int)sizeof(float));
    AsyncCopy_Commit();
    AsyncCopy_Wait(0);
    Grid_Barrier();
    for (int k = 0; k < SPEC_steps; k++) {

        FragmentC zero = {0};
        sums[k] = zero;
#line 18
        sums[k] = Mma_Tf32(Sample_Left(tile, 256, k), make_FragmentB(Mma_ToTf32(tile[k]), 0u), sums[k]);
    }
    FragmentB packed = make_FragmentB(Mma_PackBf16(1.0f, 2.0f), 0u);
    FragmentC sum = Mma_Bf16(Sample_Left(tile, 256, 0), packed, sums[0]);
    Vector_Store(c + (long long)(4 * Group_IdxX), make_FloatQuad(sum.R0, sum.R1, sum.R2, sum.R3));
    DoublePair pair = Vector_Load(d + 2ll);
    Vector_Store(d + 0ll, make_DoublePair(pair.Y, pair.X));
}

