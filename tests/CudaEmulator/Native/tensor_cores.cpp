#include "tensor_cores.h"
#include "faults.h"
#include "report.h"
#include "results.h"
#include "warps.h"
#include <cstring>

namespace emu
{
namespace
{
constexpr int Rows = 16, Columns = 8, MaxDepth = 16;
constexpr unsigned AllLanes = 0xffffffffu, Tf32Bits = 0xffffe000u, HighHalf = 0xffff0000u;

struct Operands
{
    float a[Rows][MaxDepth], b[MaxDepth][Columns], c[Rows][Columns];
};

float asFloat(unsigned bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

// PTX ISA, matrix fragments of mma.m16n8k8 with .tf32: lane = 4 * group + place; A's registers are rows group and group
// + 8 of columns place and place + 4, B's are rows place and place + 4 of column group.
void gatherTf32(Operands& operands, const Lane& lane, int group, int place)
{
    for (int i = 0; i < 4; i++)
    {
        // PTX ISA: of tf32 the 13 low bits are not read; what is there was not rounded.
        if (lane.a[i] & ~Tf32Bits) warn("an operand of a matrix product is not rounded to tf32: " + kernelName());
        operands.a[group + i % 2 * 8][place + i / 2 * 4] = asFloat(lane.a[i] & Tf32Bits);
    }
    for (int i = 0; i < 2; i++) operands.b[place + i * 4][group] = asFloat(lane.b[i] & Tf32Bits);
}

// PTX ISA, matrix fragments of mma.m16n8k16 with .bf16: as above, with two neighbouring columns of A and rows of B in
// each register.
void gatherBf16(Operands& operands, const Lane& lane, int group, int place)
{
    for (int i = 0; i < 4; i++)
    {
        float* pair = &operands.a[group + i % 2 * 8][2 * place + i / 2 * 8];
        pair[0] = asFloat(lane.a[i] << 16);
        pair[1] = asFloat(lane.a[i] & HighHalf);
    }
    for (int i = 0; i < 2; i++)
    {
        operands.b[2 * place + i * 8][group] = asFloat(lane.b[i] << 16);
        operands.b[2 * place + i * 8 + 1][group] = asFloat(lane.b[i] & HighHalf);
    }
}

/// The element of C and D that a register of a lane holds.
float& element(float (&matrix)[Rows][Columns], int i, int group, int place)
{
    return matrix[group + i / 2 * 8][2 * place + i % 2];
}

/// Products are exact in double and the sum is rounded once; the order of a tensor core's sums is not documented.
void multiply(Operands& operands, int depth)
{
    for (auto row = 0; row < Rows; row++)
        for (int column = 0; column < Columns; column++)
        {
            double sum = operands.c[row][column];
            for (int k = 0; k < depth; k++) sum += static_cast<double>(operands.a[row][k]) * operands.b[k][column];
            operands.c[row][column] = static_cast<float>(sum);
        }
}
}

void multiplyMet(Block& block, int warp, unsigned met, int shape)
{
    Lane* lanes = &block.lanes[warp * WarpLanes];
    // PTX ISA, mma.sync.aligned: all lanes of the warp execute it.
    if (met != AllLanes)
        return setFault(
            LaunchFailed, "a matrix product without all lanes of the warp", lanes[__builtin_ctz(met)], lanes[0]);
    static Operands operands;
    for (int i = 0; i < WarpLanes; i++)
    {
        const int group = i / 4, place = i % 4;
        if (shape == EmuMmaTf32) gatherTf32(operands, lanes[i], group, place);
        else gatherBf16(operands, lanes[i], group, place);
        for (int j = 0; j < 4; j++) element(operands.c, j, group, place) = lanes[i].c[j];
    }
    multiply(operands, shape == EmuMmaTf32 ? 8 : 16);
    for (int i = 0; i < WarpLanes; i++)
        for (int j = 0; j < 4; j++) lanes[i].c[j] = element(operands.c, j, i / 4, i % 4);
}

void multiply(int shape, const unsigned* a, const unsigned* b, float* c, EmuSite site)
{
    running->place = {__builtin_return_address(0), site};
    running->a = a;
    running->b = b;
    running->c = c;
    meet(FirstMultiplication + shape, AllLanes, 0, nullptr);
}
}
