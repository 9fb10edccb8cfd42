#line 6 "Test.cs"
extern "C" __global__ void Sample_Scale(int extent_X, float factor, float* x, long long x_length) {
    int i = Grid_GlobalX;
    if (i >= extent_X) return;
#line 8 "Test.cs"
    x[i] *= factor;
}

