typedef struct { __global const float* Values; long Values_length; int Stride; } Table_readonly;
static Table_readonly make_Table_readonly(__global const float* Values, long Values_length, int Stride) { Table_readonly value = {Values, Values_length, Stride}; return value; }
typedef struct { int Item1; int Item2; } Tuple_int_int;
static Tuple_int_int make_Tuple_int_int(int Item1, int Item2) { Tuple_int_int value = {Item1, Item2}; return value; }
#line 18 "Test.cs"
static Tuple_int_int Sample_Order(int a, int b) {
#line 18 "Test.cs"
    return a < b ? make_Tuple_int_int(a, b) : make_Tuple_int_int(b, a);
}

#line 7 "Test.cs"
static float Table_At_readonly(Table_readonly self, int row, int column) {
#line 7 "Test.cs"
    return self.Values[row * self.Stride + column];
}

#line 6 "Test.cs"
static float Relu_Apply(float x) {
#line 6 "Test.cs"
    return x > 0.0f ? x : 0.0f;
}

#line 11 "Test.cs"
__kernel void Sample_Lookup_Relu(int extent_X, int extent_Y, __global const float* table_Values, long table_Values_offset, long table_Values_length, int table_Stride, __global float* y, long y_offset, long y_length, int kind) {
    Index2D index = make_Index2D(Grid_GlobalX, Grid_GlobalY);
    if (index.X >= extent_X || index.Y >= extent_Y) return;
    table_Values += table_Values_offset;
    Table_readonly table = make_Table_readonly(table_Values, table_Values_length, table_Stride);
    y += y_offset;
#line 13 "Test.cs"
    float scale = kind == 0 ? 1.0f : kind > 3 && kind < 6 ? 0.5f : -1.0f;
    Tuple_int_int value = Sample_Order(index.X, index.Y);
    int low = value.Item1;
#line 14
    int high = value.Item2;
    y[index.X] = Relu_Apply(Table_At_readonly(table, low, high)) * scale;
}

