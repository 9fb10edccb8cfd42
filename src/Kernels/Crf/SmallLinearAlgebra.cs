using System.Runtime.Intrinsics;

namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// Vectors and matrices of a few dozen doubles, rows padded to whole 256-bit vectors. The order of every sum is fixed.
/// </summary>
static unsafe class SmallLinearAlgebra
{
    const int Lanes = 4;

    /// <summary>
    /// result[j] = Σ_i vector[i] · matrix[i, j], <paramref name="rows"/> rows of <paramref name="stride"/> elements.
    /// </summary>
    public static void Multiply(double* vector, double* matrix, int rows, int stride, double* result)
    {
        var column = 0;
        for (; column + 5 * Lanes <= stride; column += 5 * Lanes)
            FiveVectors(vector, matrix + column, rows, stride, result + column);
        for (; column < stride; column += Lanes) OneVector(vector, matrix + column, rows, stride, result + column);
    }

    /// <summary>x = x ∘ y; returns Σ x.</summary>
    public static double MultiplyAndSum(double* x, double* y, int stride)
    {
        var sum = Vector256<double>.Zero;
        for (var i = 0; i < stride; i += Lanes)
        {
            var product = Vector256.Load(x + i) * Vector256.Load(y + i);
            product.Store(x + i);
            sum += product;
        }
        return Vector256.Sum(sum);
    }

    /// <summary>result = x ∘ y.</summary>
    public static void Multiply(double* x, double* y, double* result, int stride)
    {
        for (var i = 0; i < stride; i += Lanes) (Vector256.Load(x + i) * Vector256.Load(y + i)).Store(result + i);
    }

    /// <summary>Σ x ∘ y.</summary>
    public static double Dot(double* x, double* y, int stride)
    {
        var sum = Vector256<double>.Zero;
        for (var i = 0; i < stride; i += Lanes)
            sum = Vector256.MultiplyAddEstimate(Vector256.Load(x + i), Vector256.Load(y + i), sum);
        return Vector256.Sum(sum);
    }

    /// <summary>x = factor · x.</summary>
    public static void Scale(double* x, double factor, int stride)
    {
        for (var i = 0; i < stride; i += Lanes) (Vector256.Load(x + i) * factor).Store(x + i);
    }

    /// <summary>Least and largest element; NaN is passed over.</summary>
    public static (double Least, double Largest) Range(double* x, int stride)
    {
        var (least, largest) = (Vector256.Create(double.PositiveInfinity), Vector256.Create(double.NegativeInfinity));
        for (var i = 0; i < stride; i += Lanes)
        {
            // The native minimum hands on its second operand where either is NaN.
            least = Vector256.MinNative(Vector256.Load(x + i), least);
            largest = Vector256.MaxNative(Vector256.Load(x + i), largest);
        }
        var (lower, upper) = (Vector128.Min(least.GetLower(), least.GetUpper()),
            Vector128.Max(largest.GetLower(), largest.GetUpper()));
        return (Math.Min(lower[0], lower[1]), Math.Max(upper[0], upper[1]));
    }

    /// <summary>x = x - subtrahend.</summary>
    public static void Subtract(double* x, double subtrahend, int stride)
    {
        var subtrahends = Vector256.Create(subtrahend);
        for (var i = 0; i < stride; i += Lanes) (Vector256.Load(x + i) - subtrahends).Store(x + i);
    }

    /// <summary>matrix[i, j] += factor · x[i] · y[j].</summary>
    public static void AddOuter(double* matrix, double factor, double* x, double* y, int rows, int stride)
    {
        for (var row = 0; row < rows; row++, matrix += stride)
        {
            var scaled = Vector256.Create(factor * x[row]);
            for (var i = 0; i < stride; i += Lanes)
                Vector256.MultiplyAddEstimate(scaled, Vector256.Load(y + i), Vector256.Load(matrix + i))
                    .Store(matrix + i);
        }
    }

    /// <summary>sum[i] += x[i] · y[i].</summary>
    public static void AddProduct(double* sum, double* x, double* y, int count)
    {
        for (var i = 0; i < count; i += Lanes)
            Vector256.MultiplyAddEstimate(Vector256.Load(x + i), Vector256.Load(y + i), Vector256.Load(sum + i))
                .Store(sum + i);
    }

    // Ten sums in registers, two a column: an addition waits four cycles for the one before it.
    static void FiveVectors(double* vector, double* matrix, int rows, int stride, double* result)
    {
        Vector256<double> even0 = default, even1 = default, even2 = default, even3 = default, even4 = default;
        Vector256<double> odd0 = default, odd1 = default, odd2 = default, odd3 = default, odd4 = default;
        var row = 0;
        for (; row + 2 <= rows; row += 2, matrix += 2 * stride)
        {
            var (factor, nextFactor) = (Vector256.Create(vector[row]), Vector256.Create(vector[row + 1]));
            var next = matrix + stride;
            even0 = Vector256.MultiplyAddEstimate(factor, Vector256.Load(matrix), even0);
            even1 = Vector256.MultiplyAddEstimate(factor, Vector256.Load(matrix + Lanes), even1);
            even2 = Vector256.MultiplyAddEstimate(factor, Vector256.Load(matrix + 2 * Lanes), even2);
            even3 = Vector256.MultiplyAddEstimate(factor, Vector256.Load(matrix + 3 * Lanes), even3);
            even4 = Vector256.MultiplyAddEstimate(factor, Vector256.Load(matrix + 4 * Lanes), even4);
            odd0 = Vector256.MultiplyAddEstimate(nextFactor, Vector256.Load(next), odd0);
            odd1 = Vector256.MultiplyAddEstimate(nextFactor, Vector256.Load(next + Lanes), odd1);
            odd2 = Vector256.MultiplyAddEstimate(nextFactor, Vector256.Load(next + 2 * Lanes), odd2);
            odd3 = Vector256.MultiplyAddEstimate(nextFactor, Vector256.Load(next + 3 * Lanes), odd3);
            odd4 = Vector256.MultiplyAddEstimate(nextFactor, Vector256.Load(next + 4 * Lanes), odd4);
        }
        if (row < rows)
        {
            var factor = Vector256.Create(vector[row]);
            even0 = Vector256.MultiplyAddEstimate(factor, Vector256.Load(matrix), even0);
            even1 = Vector256.MultiplyAddEstimate(factor, Vector256.Load(matrix + Lanes), even1);
            even2 = Vector256.MultiplyAddEstimate(factor, Vector256.Load(matrix + 2 * Lanes), even2);
            even3 = Vector256.MultiplyAddEstimate(factor, Vector256.Load(matrix + 3 * Lanes), even3);
            even4 = Vector256.MultiplyAddEstimate(factor, Vector256.Load(matrix + 4 * Lanes), even4);
        }
        (even0 + odd0).Store(result);
        (even1 + odd1).Store(result + Lanes);
        (even2 + odd2).Store(result + 2 * Lanes);
        (even3 + odd3).Store(result + 3 * Lanes);
        (even4 + odd4).Store(result + 4 * Lanes);
    }

    // Two sums, as one would wait for its own result at every row.
    static void OneVector(double* vector, double* matrix, int rows, int stride, double* result)
    {
        Vector256<double> even = default, odd = default;
        var row = 0;
        for (; row + 2 <= rows; row += 2, matrix += 2 * stride)
        {
            even = Vector256.MultiplyAddEstimate(Vector256.Create(vector[row]), Vector256.Load(matrix), even);
            odd = Vector256.MultiplyAddEstimate(Vector256.Create(vector[row + 1]), Vector256.Load(matrix + stride),
                odd);
        }
        if (row < rows)
            even = Vector256.MultiplyAddEstimate(Vector256.Create(vector[row]), Vector256.Load(matrix), even);
        (even + odd).Store(result);
    }
}
