using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>Forward kernels of every form that has an adjoint; the rest is generated.</summary>
static partial class DifferentiableKernels
{
    [Kernel, Differentiable]
    public static void Gate<T>(Index1D i, ArrayView<T> a, ArrayView<T> b, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> => y[i] = a[i] * Sigmoid(b[i]);

    static T Sigmoid<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.One / (T.One + T.Exp(-x));

    // Every function with a derivative, and a constant.
    [Kernel, Differentiable]
    public static void Functions<T>(Index1D i, ArrayView<T> x, T scale, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var v = x[i];
        var positive = v * v + T.One;
        var small = T.Tanh(v) * T.CreateTruncating(0.5);
        var sum = T.Exp(v) + T.Exp2(v) + T.ExpM1(v) + T.Log(positive) + T.Log2(positive)
            + T.Log10(positive) + T.LogP1(positive) + T.Sqrt(positive);
        sum += T.Sin(v) + T.Cos(v) + T.Tan(small) + T.Atan(v) - T.Abs(v) / T.Pow(positive, v);
        sum *= T.FusedMultiplyAdd(v, small, positive) + T.CopySign(positive, v);
        var extremes = T.Max(v, small) + T.MaxNumber(v, small) + T.Min(v, small) + T.MinNumber(v, small);
        sum /= extremes + T.CreateTruncating(9);
        y[i] = scale * (sum + T.Floor(v));
    }

    [Kernel, Differentiable]
    public static void Branches<T>(Index1D i, ArrayView<T> x, ArrayView<int> kind, ArrayView<T> y, ArrayView<T> z)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var v = x[i];
        if (kind[i] < 0)
        {
            y[i] = T.Zero;
            z[i] = v;
            return;
        }
        var w = v;
        if (kind[i] == 0) w = v * v;
        else if (kind[i] == 1)
        {
            var half = w / T.CreateTruncating(2);
            w = T.Exp(half) + w;
        }
        // The logarithm's derivative is infinite on the other side.
        y[i] = v > T.Zero ? T.Log(v) * w : -w;
        z[i] = w * v;
    }

    // Values that branches choose, wherever a value can stand.
    [Kernel, Differentiable]
    public static void Chosen<T>(Index1D i, ArrayView<T> x, ArrayView<T> slope, ArrayView<T> y, ArrayView<T> z)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var v = x[i];
        var declared = v < T.Zero ? slope[i] * v : v * v;
        var assigned = T.One;
        assigned = v < T.Zero ? slope[i] : assigned + v;
        var added = v * v;
        added += v < T.Zero ? slope[i] * v : v;
        var called = T.Zero;
        called = Leak(v, slope[i]);
        called -= Leak(v * v, slope[i]) * Leak(v, T.One);
        var unrolled = v;
        for (var k = 0; k < 3; k++) unrolled = unrolled < T.Zero ? slope[i] * unrolled : unrolled * unrolled;
        var (one, two) = (v < T.Zero ? slope[i] : v, Leak(v, declared));
        var summed = T.Zero;
        for (var k = 0; k < 20; k++) summed += v < T.Zero ? slope[i] * v : v * v;
        if (slope[i] > T.Zero) one = assigned < T.Zero ? one * one : one + declared;
        y[i] = declared * assigned + (added < T.Zero ? added : called) + unrolled;
        z[i] = one * two + summed * (v < T.Zero ? T.One : v);
    }

    static T Leak<T>(T v, T slope) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (v < T.Zero) return slope * v;
        return v * v;
    }

    // Two elements a lane, beside each other.
    [Kernel, Differentiable]
    public static void Pair<T>(Index1D i, ArrayView<T> x, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        y[2 * i] = T.Sin(x[i]);
        y[2 * i + 1] = T.Cos(x[i]);
    }

    // Rows read from their end.
    [Kernel, Differentiable]
    public static void Reversed<T>(Index1D row, ArrayView<T> x, ArrayView<T> w, int columns, int width, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var c = 0; c < columns; c++)
            y[row * width + c] = x[row * columns + (columns - 1 - c)] * w[columns - 1 - c];
    }

    // A plane whose rows are the input's columns.
    [Kernel, Differentiable]
    public static void Transposed<T>(Index2D p, ArrayView<T> x, int width, int height, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        y[p.Y * width + p.X] = x[p.X * height + p.Y] * x[p.X * height + p.Y];

    // A lane a row: maximum, sum, and a pass over the columns.
    [Kernel, Differentiable]
    public static void Softmax<T>(Index1D row, ArrayView<T> x, int columns, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var largest = x[row * columns];
        for (var c = 1; c < columns; c++) largest = T.Max(largest, x[row * columns + c]);
        var sum = T.Zero;
        for (var c = 0; c < columns; c++) sum += T.Exp(x[row * columns + c] - largest);
        for (var c = 0; c < columns; c++) y[row * columns + c] = T.Exp(x[row * columns + c] - largest) / sum;
    }

    [Kernel, Differentiable]
    public static void CrossEntropy<T>(Index1D row, ArrayView<T> logits, ArrayView<int> targets, int columns,
        ArrayView<T> loss)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var largest = T.NegativeInfinity;
        for (var c = 0; c < columns; c++) largest = T.Max(largest, logits[row * columns + c]);
        var sum = T.Zero;
        for (var c = 0; c < columns; c++) sum += T.Exp(logits[row * columns + c] - largest);
        var target = targets[row];
        if (target < 0) loss[row] = T.Zero;
        else loss[row] = largest + T.Log(sum) - logits[row * columns + target];
    }

    // A step of a CRF's forward recursion, a lane a sentence: α'_k = e_k + log Σ_j exp(α_j + T_jk).
    [Kernel, Differentiable]
    public static void CrfStep<T>(Index1D row, ArrayView<T> alpha, ArrayView<T> transitions, ArrayView<T> emissions,
        int tags, ArrayView<T> next)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var k = 0; k < tags; k++)
        {
            var largest = T.NegativeInfinity;
            for (var j = 0; j < tags; j++) largest = T.Max(largest, alpha[row * tags + j] + transitions[j * tags + k]);
            var sum = T.Zero;
            for (var j = 0; j < tags; j++)
                sum += T.Exp(alpha[row * tags + j] + transitions[j * tags + k] - largest);
            next[row * tags + k] = emissions[row * tags + k] + largest + T.Log(sum);
        }
    }

    // What a CRF's emissions add to a sentence's score: those of its tags, where it has some; a lane a word.
    [Kernel, Differentiable]
    public static void CrfEmissions<T>(Index1D word, ArrayView<T> emissions, ArrayView<int> gold, int tags,
        ArrayView<T> score)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        score[word] = gold[word] < 0 ? T.Zero : emissions[word * tags + gold[word]];

    // Scale and shift are read by every row.
    [Kernel, Differentiable]
    public static void LayerNorm<T>(Index1D row, ArrayView<T> x, ArrayView<T> scale, ArrayView<T> shift, int columns,
        T epsilon, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var count = T.CreateTruncating(columns);
        var mean = T.Zero;
        for (var c = 0; c < columns; c++) mean += x[row * columns + c] / count;
        var variance = T.Zero;
        for (var c = 0; c < columns; c++)
        {
            var off = x[row * columns + c] - mean;
            variance += off * off / count;
        }
        var deviation = T.Sqrt(variance + epsilon);
        for (var c = 0; c < columns; c++)
            y[row * columns + c] = (x[row * columns + c] - mean) / deviation * scale[c] + shift[c];
    }

    // A lane an element; the four gates beside each other, a bias for all rows, a peephole for all columns.
    [Kernel, Differentiable]
    public static void LstmCell<T>(Index1D index, ArrayView<T> gates, ArrayView<T> bias, ArrayView<T> cell, int hidden,
        ArrayView<T> newCell, ArrayView<T> output)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = At(index, hidden);
        var i = Sigmoid(gates[row * 4 * hidden + column] + bias[column]);
        var f = Sigmoid(gates[row * 4 * hidden + column + hidden] + bias[column + hidden]);
        var g = T.Tanh(gates[row * 4 * hidden + column + 2 * hidden] + bias[column + 2 * hidden]);
        var o = Sigmoid(gates[row * 4 * hidden + column + 3 * hidden] + bias[column + 3 * hidden]);
        var c = f * cell[index] + i * g;
        newCell[index] = c;
        output[index] = o * T.Tanh(c);
    }

    static (int Row, int Column) At(int index, int columns)
    {
        var row = index / columns;
        return (row, index - row * columns);
    }

    // Two axes, and what every row and every column shares.
    [Kernel, Differentiable]
    public static void Outer<T>(
        Index2D p, ArrayView<T> x, ArrayView<T> row, ArrayView<T> column, int width, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        y[p.Y * width + p.X] = x[p.Y * width + p.X] * row[p.X] + T.Tanh(column[p.Y] * x[p.Y * width + p.X]);

    // A short loop of constant bounds is written out, whatever it hands on; one number for all lanes.
    [Kernel, Differentiable]
    public static void Newton<T>(Index1D i, ArrayView<T> x, ArrayView<T> start, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var square = x[i] * x[i] + T.One;
        var root = start[0] * start[0] + T.One;
        for (var k = 0; k < 2; k++) root = (root + square / root) / T.CreateTruncating(2);
        y[i] = root;
    }

    // Loops in loops, sums in branches, and a difference carried along.
    [Kernel, Differentiable]
    public static void Pairs<T>(Index1D row, ArrayView<T> x, ArrayView<T> weight, int columns, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var first = x[row * columns];
        var energy = first * first;
        for (var a = 0; a < columns; a++)
        {
            var inner = T.Zero;
            for (var b = 0; b < columns; b++) inner += x[row * columns + a] * x[row * columns + b] * weight[b] * first;
            if (a > 0) energy -= T.Sin(inner);
            else energy += inner * inner;
        }
        y[row] = energy;
    }

    // A bound and an offset that are computed from a parameter; elements every few; a parameter that is changed.
    [Kernel, Differentiable]
    public static void GatedHalves<T>(
        Index1D row, ArrayView<T> x, ArrayView<T> every, ArrayView<int> signs, int width, int step, T slope,
        ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var half = width / 2;
        slope *= x[row * width];
        if (signs[row] < 0) slope = -slope;
        for (var c = 0; c <= half - 1; c++)
        {
            var value = x[row * width + c] * every[c * step];
            y[row * half + c] = value / (T.One + T.Exp(-x[row * width + half + c])) + slope;
        }
    }

    // A value that goes up and down by one, constants, steps of two.
    [Kernel, Differentiable]
    public static void Counted<T>(Index1D i, ArrayView<T> x, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const double third = 1.0 / 3;
        const int many = 5;
        var value = x[i];
        value++;
        for (var k = 1; k <= many; k += 2) value = T.Sin(value) * T.CreateTruncating(k) + x[i];
        --value;
        y[i] = value * T.CreateTruncating(third);
    }

    // What each round adds cancels, at some elements to nothing.
    [Kernel, Differentiable]
    public static void Telescope<T>(Index1D row, ArrayView<T> x, int columns, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sum = T.Zero;
        for (var c = 1; c < columns - 1; c++)
            sum += (x[row * columns + c + 1] - x[row * columns + c - 1]) * x[row * columns + c];
        y[row] = sum;
    }

    // An index of data into a row.
    [Kernel, Differentiable]
    public static void PickedInRow<T>(Index1D row, ArrayView<T> x, ArrayView<int> picks, int columns, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        y[row] = x[row * columns + picks[row]] * x[row * columns];

    // What all rows share, several elements a column; the lane's own elements tell how many lanes there are.
    [Kernel, Differentiable]
    public static void ColumnPairs<T>(Index1D i, ArrayView<T> x, ArrayView<T> w, ArrayView<T> v, int columns, int depth,
        ArrayView<T> y, ArrayView<T> z)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = At(i, columns);
        var sum = x[i * 2] * x[i * 2 + 1];
        for (var k = 0; depth > k; k++) sum += w[column * depth + k] * T.Sin(v[row * depth + k]) * x[i * 2];
        y[i] = sum * T.Clamp(sum, -T.One, T.One);
        z[i * 2] = sum * w[column * depth];
        z[i * 2 + 1] = T.Max(x[i * 2], sum);
    }

    // The largest of the smallest: each loop finds an extreme of its own.
    [Kernel, Differentiable]
    public static void MaxOfMin<T>(Index1D row, ArrayView<T> x, ArrayView<T> weight, int columns, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var largest = T.NegativeInfinity;
        for (var a = 0; a < columns; a++)
        {
            var smallest = T.PositiveInfinity;
            for (var b = 0; b < columns; b++)
                smallest = T.Min(smallest, x[row * columns + a] * weight[b] - x[row * columns + b]);
            largest = T.Max(largest, smallest);
        }
        y[row] = largest;
    }

    [Kernel, Differentiable]
    public static void LogSoftmax<T>(Index1D row, ArrayView<T> x, int columns, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var largest = T.NegativeInfinity;
        for (var c = 0; c < columns; c++) largest = T.Max(largest, x[row * columns + c]);
        var sum = T.Zero;
        for (var c = 0; c < columns; c++) sum += T.Exp(x[row * columns + c] - largest);
        var partition = largest + T.Log(sum);
        for (var c = 0; c < columns; c++) y[row * columns + c] = x[row * columns + c] - partition;
    }

    // As Unary numbers them; the same for every lane.
    [Kernel, Differentiable]
    public static void Map<T>(Index1D i, ArrayView<T> x, int function, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var v = x[i];
        y[i] = function == 0 ? (v < T.Zero ? T.Zero : v)
            : function == 1 ? Sigmoid(v)
            : function == 2 ? T.Tanh(v)
            : function == 3 ? T.Exp(v)
            : function == 4 ? T.Log(v)
            : function == 5 ? v * v : -v;
    }

    // What the state adds to the gates comes as its product with the recurrent weight.
    [Kernel, Differentiable]
    public static void GruCell<T>(
        Index1D index, ArrayView<T> gates, ArrayView<T> product, ArrayView<T> state, int hidden, ArrayView<T> output)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = At(index, hidden);
        var first = row * 3 * hidden + column;
        var r = Sigmoid(gates[first] + product[first]);
        var z = Sigmoid(gates[first + hidden] + product[first + hidden]);
        var n = T.Tanh(gates[first + 2 * hidden] + r * product[first + 2 * hidden]);
        output[index] = n + z * (state[index] - n);
    }

    public readonly record struct Normalised<T>(ArrayView<T> X, ArrayView<T> Scale, int Columns, T Epsilon)
        where T : unmanaged, IFloatingPointIeee754<T>;

    // A struct of views and numbers.
    [Kernel, Differentiable]
    public static void RootMeanSquare<T>(Index1D row, Normalised<T> rms, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var squares = T.Zero;
        for (var c = 0; c < rms.Columns; c++)
        {
            var value = rms.X[row * rms.Columns + c];
            squares = T.FusedMultiplyAdd(value, value, squares);
        }
        var root = T.Sqrt(squares / T.CreateTruncating(rms.Columns) + rms.Epsilon);
        for (var c = 0; c < rms.Columns; c++)
            y[row * rms.Columns + c] = rms.X[row * rms.Columns + c] / root * rms.Scale[c];
    }
}
