#line 6 "Test.cs"
__kernel void Sample_Scale(int extent_X, float factor, __global float* x, long x_offset, long x_length) {
    int i = Grid_GlobalX;
    if (i >= extent_X) return;
    x += x_offset;
#line 8 "Test.cs"
    x[i] *= factor;
}

