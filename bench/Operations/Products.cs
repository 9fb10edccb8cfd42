using BenchmarkDotNet.Attributes;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace LdNetGpu.Bench;

/// <summary>Matrix products, beside libtorch's and MathNet's, the latter managed and by OpenBLAS.</summary>
public class Products : RowBenchmark
{
    Matrix<float> a = null!, b = null!, c = null!;
    bool transposed;

    [ParamsSource(nameof(Names))]
    public override string Row { get; set; } = "";

    public static IEnumerable<string> Names =>
        WorkList.Groups.Single(group => group.Name == "gemm").Rows.Select(work => work.Name);

    [GlobalSetup(Target = nameof(MathNetManaged))]
    public void PrepareMathNet()
    {
        Control.UseManaged();
        Control.MaxDegreeOfParallelism = Threads;
        Operands();
    }

    [GlobalSetup(Target = nameof(MathNetOpenBlas))]
    public void PrepareOpenBlas()
    {
        if (!Control.TryUseNativeOpenBLAS())
            throw new NotSupportedException(
                "MathNet's OpenBLAS provider needs libMathNetNumericsOpenBLAS, which is not here.");
        Operands();
    }

    [Benchmark]
    public void MathNetManaged() => Multiply();

    [Benchmark]
    public void MathNetOpenBlas() => Multiply();

    void Multiply()
    {
        if (transposed) a.TransposeAndMultiply(b, c);
        else a.Multiply(b, c);
    }

    // gemm.2048x2048x2048, gemm.NT.2560x1200x300: rows, columns, depth.
    void Operands()
    {
        var sizes = Array.ConvertAll(Row.Split('.')[^1].Split('x'), int.Parse);
        var (rows, columns, depth) = (sizes[0], sizes[1], sizes[2]);
        transposed = Row.Contains(".NT.", StringComparison.Ordinal);
        a = Matrix<float>.Build.Random(rows, depth, 1);
        b = transposed ? Matrix<float>.Build.Random(columns, depth, 2) : Matrix<float>.Build.Random(depth, columns, 2);
        c = Matrix<float>.Build.Dense(rows, columns);
    }
}
