#line 21 "Test.cs"
static float Sample_Squared_float_readonly(__global const float* values, long values_length, int i) {
#line 21 "Test.cs"
    return values[i] * values[i];
}

#line 21 "Test.cs"
static float Sample_Squared_float_shared(__local float* values, long values_length, int i) {
#line 21 "Test.cs"
    return values[i] * values[i];
}

DEFINE_Group_AllReduce(Group_AllReduce_Add_float, float, Add_Apply, 0.0f)
#line 8 "Test.cs"
__kernel void Sample_RowSum_float(__global const float* x, long x_offset, long x_length, int columns, __global float* sums, long sums_offset, long sums_length) {
    x += x_offset;
    sums += sums_offset;
    __local float partial[SPEC_width];
    __local ulong collective_scratch[1024];
#line 11 "Test.cs"
    __global const float* row = x + Grid_IdxX * columns;
    long row_length = columns;
#line 12
    float sum = 0.0f;
    for (int i = Group_IdxX; i < columns; i += Group_DimX) {
#line 13
        sum += Sample_Squared_float_readonly(row, row_length, i);
    }
#line 14
    partial[Group_IdxX] = sum;
    Group_Barrier();
    float first = Sample_Squared_float_shared(partial, SPEC_width, 0);
    float total = Group_AllReduce_Add_float(sum, collective_scratch);
    if (Group_IdxX == 0) {
#line 18
        sums[Grid_IdxX] = total + first;
    }
}

