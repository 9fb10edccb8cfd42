#line 21 "Test.cs"
static __device__ float Sample_Squared_float_readonly(const float* values, long long values_length, int i) {
#line 21 "Test.cs"
    return values[i] * values[i];
}

#line 21 "Test.cs"
static __device__ float Sample_Squared_float(float* values, long long values_length, int i) {
#line 21 "Test.cs"
    return values[i] * values[i];
}

DEFINE_Group_AllReduce(Group_AllReduce_Add_float, float, Add_Apply, 0.0f)
#line 8 "Test.cs"
extern "C" __global__ void Sample_RowSum_float(const float* x, long long x_length, int columns, float* sums, long long sums_length) {
#line 10 "Test.cs"
    __shared__ __align__(16) float partial[SPEC_width];
    const float* row = x + Grid_IdxX * columns;
    long long row_length = columns;
#line 12
    float sum = 0.0f;
    for (int i = Group_IdxX; i < columns; i += Group_DimX) {
#line 13
        sum += Sample_Squared_float_readonly(row, row_length, i);
    }
#line 14
    partial[Group_IdxX] = sum;
    Group_Barrier();
    float first = Sample_Squared_float(partial, SPEC_width, 0);
    float total = Group_AllReduce_Add_float(sum);
    if (Group_IdxX == 0) {
#line 18
        sums[Grid_IdxX] = total + first;
    }
}

