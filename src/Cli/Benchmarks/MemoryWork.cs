using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>Operations that move memory: element by element, reductions, rows, losses, optimizers.</summary>
static class MemoryWork
{
    /// <summary>The row that the others' floors are counted from.</summary>
    public static DeviceWork<T> Copy<T>(BenchSizes sizes) where T : unmanaged, IFloatingPointIeee754<T> =>
        Elements<T>("copy", (1, sizes.Copied), 1, 1, (backend, x, y) => () => backend.Elementwise.Copy(x[0], y));

    /// <summary>The same by the driver.</summary>
    public static DeviceWork<T> DriverCopy<T>(BenchSizes sizes, NvidiaDevice cuda)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Elements<T>("driver copy", (1, sizes.Copied), 1, 1,
            (_, x, y) => () => cuda.Copy(x[0].Contiguous, y.Contiguous)) with { IsPeers = true };

    public static IEnumerable<DeviceWork<T>> Rows<T>(BenchSizes sizes) where T : unmanaged, IFloatingPointIeee754<T> =>
        [.. Elementwise<T>(sizes), .. Reductions<T>(sizes), .. Tables<T>(sizes), .. Losses<T>(sizes),
            .. Optimizers<T>(sizes)];

    static IEnumerable<DeviceWork<T>> Elementwise<T>(BenchSizes sizes) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var half = T.CreateChecked(0.5);
        yield return Elements<T>("fill", sizes, 0, 1, (backend, _, y) => () => backend.Elementwise.Fill(y, half));
        yield return Elements<T>("add", sizes, 2, 1, (backend, x, y) => () => backend.Elementwise.Add(x[0], x[1], y));
        yield return Elements<T>("multiply", sizes, 2, 1,
            (backend, x, y) => () => backend.Elementwise.Multiply(x[0], x[1], y));
        yield return Elements<T>("scale", sizes, 1, 1,
            (backend, x, y) => () => backend.Elementwise.Scale(half, x[0], y));
        yield return Elements<T>("add row", sizes, 1, 1,
            (backend, x, y) => () => backend.Elementwise.AddRow(x[0], x[0].SliceRows(0, 1), y));
        foreach (var function in (Unary[])[Unary.Relu, Unary.Sigmoid, Unary.Tanh])
        {
            var name = function.ToString().ToLowerInvariant();
            yield return Elements<T>(name, sizes, 1, 1,
                (backend, x, y) => () => backend.Elementwise.Map(function, x[0], y));
            yield return Elements<T>(name + ".bwd", sizes, 2, 1, (backend, x, y) => () =>
                backend.Elementwise.MapBackward(function, x[0], x[0], x[1], y, accumulate: false));
        }
        yield return Elements<T>("dropout", sizes, 1, 1,
            (backend, x, y) => () => backend.Dropout.Apply(x[0], y, new RandomKey(1, 1, 1), 0.5f));
        yield return Elements<T>("soft threshold", sizes, 1, 1,
            (backend, x, _) => () => backend.Selection.SoftThreshold(x[0], T.CreateChecked(1e-6)));
    }

    static IEnumerable<DeviceWork<T>> Reductions<T>(BenchSizes sizes) where T : unmanaged, IFloatingPointIeee754<T>
    {
        yield return Elements<T>("sum", sizes, 1, 0,
            (backend, x, y) => () => backend.Reduction.Sum(x[0], y.SliceRows(0, 1).SliceColumns(0, 1)));
        yield return Elements<T>("sum rows", sizes, 1, 0,
            (backend, x, y) => () => backend.Reduction.SumRows(x[0], y.SliceRows(0, 1)));
        yield return Elements<T>("dot", sizes, 2, 0,
            (backend, x, y) => () => backend.Reduction.Dot(x[0], x[1], y.SliceRows(0, 1).SliceColumns(0, 1)));
        yield return Elements<T>("squared norm", sizes, 1, 0,
            (backend, x, _) => () => backend.Reduction.SquaredNorm(x[0]));
    }

    static IEnumerable<DeviceWork<T>> Tables<T>(BenchSizes sizes) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (rows, width) = (sizes.Rows, sizes.Width);
        var moved = (double)rows * width * Size<T>();
        yield return new($"gather {rows} of {sizes.TableRows}x{width}", 2 * moved + rows * sizeof(int), 0, backend =>
        {
            var (table, output) = (Operands.Of(backend, new(sizes.TableRows, width)),
                Tensor.Empty(backend, new(rows, width)));
            var words = new IntTensor(backend.Device, Operands.Words(rows, sizes.TableRows));
            return () => backend.Rows.Gather(table.View, words.View, output.View);
        });
        yield return new($"scatter-add {rows} to {sizes.TableRows}x{width}", 3 * moved + rows * sizeof(int), 0,
            backend =>
        {
            var (table, gradient) = (Operands.Of(backend, new(sizes.TableRows, width)),
                Operands.Of(backend, new(rows, width)));
            var words = new IntTensor(backend.Device, Operands.Words(rows, sizes.TableRows));
            return () => backend.Rows.ScatterAdd(gradient.View, words.View, table.View);
        });
    }

    static IEnumerable<DeviceWork<T>> Losses<T>(BenchSizes sizes) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (rows, classes) = (sizes.Rows, sizes.Classes);
        var once = (double)rows * classes * Size<T>();
        yield return new($"log-softmax {rows}x{classes}", 2 * once, 0, backend =>
        {
            var (input, output) = (Operands.Of(backend, new(rows, classes)), Tensor.Empty(backend, new(rows, classes)));
            return () => backend.CrossEntropy.LogSoftmax(input.View, output.View);
        });
        yield return new($"cross-entropy {rows}x{classes}", once, 0, backend =>
        {
            var (logits, partition, losses) =
                (Operands.Of(backend, new(rows, classes)), Tensor.Empty(backend, new(rows, 1)),
                    Tensor.Empty(backend, new(rows, 1)));
            var targets = new IntTensor(backend.Device, Operands.Words(rows, classes));
            return () => backend.CrossEntropy.Forward(logits.View, targets.View, partition.View, losses.View);
        });
        yield return new($"cross-entropy.bwd {rows}x{classes}", 2 * once, 0, backend =>
        {
            var (logits, gradient) =
                (Operands.Of(backend, new(rows, classes)), Tensor.Empty(backend, new(rows, classes)));
            var (partition, losses, cotangent) = (Tensor.Empty(backend, new(rows, 1)),
                Tensor.Empty(backend, new(rows, 1)), Operands.Of(backend, new(rows, 1)));
            var targets = new IntTensor(backend.Device, Operands.Words(rows, classes));
            backend.CrossEntropy.Forward(logits.View, targets.View, partition.View, losses.View);
            return () =>
                backend.CrossEntropy.Backward(logits.View, targets.View, partition.View, cotangent.View, gradient.View);
        });
    }

    // Zeros as states: what they hold costs no time.
    static IEnumerable<DeviceWork<T>> Optimizers<T>(BenchSizes sizes) where T : unmanaged, IFloatingPointIeee754<T>
    {
        yield return Update<T>("sgd", sizes, 5,
            (backend, p, g, m, _) => () => backend.Optimizers.Sgd(p, g, m, new(1e-3, 0.9)));
        yield return Update<T>("adam", sizes, 7,
            (backend, p, g, m, v) => () => backend.Optimizers.Adam(p, g, m, v, new(1e-3, 1)));
        yield return Update<T>("adagrad", sizes, 5,
            (backend, p, g, m, _) => () => backend.Optimizers.Adagrad(p, g, m, new(1e-3)));
        yield return Update<T>("adadelta", sizes, 7,
            (backend, p, g, m, v) => () => backend.Optimizers.Adadelta(p, g, m, v, new(1e-3)));
    }

    static DeviceWork<T> Update<T>(string name, BenchSizes sizes, int passes,
        Func<DeviceBackend<T>, MatrixView<T>, MatrixView<T>, MatrixView<T>, MatrixView<T>, Action> step)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new($"{name} {sizes.Parameters}", (double)passes * sizes.Parameters * Size<T>(), 0, backend =>
        {
            var shape = new Shape(1, sizes.Parameters);
            return step(backend, Operands.Of(backend, shape).View, Operands.Of(backend, shape, 1e-3).View,
                Tensor.Zeros(backend, shape).View, Tensor.Zeros(backend, shape).View);
        });

    static DeviceWork<T> Elements<T>(string name, BenchSizes sizes, int read, int written,
        Func<DeviceBackend<T>, MatrixView<T>[], MatrixView<T>, Action> work)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Elements(name, (sizes.Rows, sizes.Columns), read, written, work);

    // Inputs are read whole; a reduction's result is too small to count.
    static DeviceWork<T> Elements<T>(string name, (int Rows, int Columns) size, int read, int written,
        Func<DeviceBackend<T>, MatrixView<T>[], MatrixView<T>, Action> work)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new($"{name} {size.Rows}x{size.Columns}", (double)(read + written) * size.Rows * size.Columns * Size<T>(), 0,
            backend =>
        {
            var shape = new Shape(size.Rows, size.Columns);
            return work(backend, [.. Enumerable.Range(0, read).Select(_ => Operands.Of(backend, shape).View)],
                Tensor.Empty(backend, shape).View);
        });

    public static unsafe int Size<T>() where T : unmanaged => sizeof(T);
}
