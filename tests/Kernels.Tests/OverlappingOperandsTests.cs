using System.Reflection;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Crf;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>
/// The rule of <see cref="DeviceBackend{T}"/>, for every two operands of every operation that are laid into one buffer:
/// where one of them is written, the call is refused with nothing written, unless they lie apart or the operation may
/// work in place; else its numbers are those of operands in buffers of their own.
/// </summary>
public sealed class OverlappingOperandsTests
{
    /// <summary>How two operands lie in one buffer.</summary>
    public enum Layout
    {
        /// <summary>The second one starts at the first one's second row.</summary>
        OneRowLater,

        /// <summary>The first one's last element is the second one's first.</summary>
        OneElement,

        /// <summary>Both are the same view.</summary>
        Same,

        /// <summary>Columns of one matrix, side by side.</summary>
        Alternating,
    }

    public static TheoryData<string, Layout> Layouts()
    {
        var data = new TheoryData<string, Layout>();
        foreach (var operation in OverlapCase.All)
            foreach (var layout in Enum.GetValues<Layout>()) data.Add(operation.Name, layout);
        return data;
    }

    [Theory, MemberData(nameof(Layouts))]
    public void OnTheCpu(string name, Layout layout)
    {
        using var device = new CpuDevice(2);
        Check(new CpuBackend<float>(device), OverlapCase.Named(name), layout);
    }

    [Theory, MemberData(nameof(Layouts))]
    public void OnTheManagedDevice(string name, Layout layout)
    {
        using var device = new ManagedDevice();
        Check(new GpuBackend<float>(device), OverlapCase.Named(name), layout);
    }

    [Fact]
    public void EveryOperationWithAnOutputIsHere()
    {
        var missing = from part in typeof(DeviceBackend<float>).GetProperties()
                      where part.PropertyType.IsInterface
                      from method in part.PropertyType.GetMethods()
                      where method.GetParameters().Count(IsOperand) > 1
                          || method.GetParameters().Any(parameter => parameter.ParameterType.IsByRef)
                      let name = $"{part.Name}.{method.Name}"
                      where !OverlapCase.All.Any(operation => operation.Name.StartsWith(name))
                      select name;
        // Gives its paths to the host; sums are held to the rule by tests of their own.
        Assert.Equal(["Crf.NBest"], missing.Distinct());
    }

    static bool IsOperand(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(MatrixView<float>) || parameter.ParameterType == typeof(IndexView)
        || parameter.ParameterType.IsByRefLike;

    [Fact]
    public void RowsOfTheIssueThatMeetTheirInput()
    {
        using var device = new CpuDevice(1);
        var backend = new CpuBackend<float>(device);
        var all = Views.From<float>(device, 1, 40, (_, column) => column + 1).Buffer;
        MatrixView<float> a = new(all, 0, 3, 5, 6), output = new(all, 6, 3, 5, 6);
        var error = Assert.Throws<ShapeException>(() => backend.Elementwise.Add(a, a, output));
        Assert.Contains("Add: output [3 x 5, row stride 6] from element 6 on shares elements with a "
            + "[3 x 5, row stride 6] from element 0 on", error.Message);
        Assert.Throws<ShapeException>(() => backend.Elementwise.Copy(a, output));
        MatrixView<float> rows = new(all, 0, 3, 5, 5);
        Assert.Throws<ShapeException>(() => backend.Elementwise.AddRow(rows, rows.SliceRows(1, 1), rows));
        Assert.Throws<ShapeException>(() => backend.Elementwise.Add(rows, rows, new(all, 5, 3, 5, 5)));
        Assert.Equal(Enumerable.Range(1, 40).Select(i => (float)i), new MatrixView<float>(all, 0, 1, 40, 40).ToArray());
    }

    [Fact]
    public void AProductWithAPackThatMeetsItsOtherOperands()
    {
        using var device = new CpuDevice(1);
        var gemm = new CpuGemm<float>(device);
        using var packed = gemm.Pack(Views.Random<float>(device, 3, 3), transposed: false);
        var a = Views.Random<float>(device, 4, 3);
        var before = a.ToArray();
        Assert.Throws<ShapeException>(() => gemm.Multiply(a, packed, a));
        Assert.Throws<ShapeException>(() => gemm.Multiply(a.SliceRows(0, 2), packed, a.SliceRows(1, 2)));
        Assert.Throws<ShapeException>(() => gemm.Multiply(Views.Random<float>(device, 4, 3), packed, a,
            bias: a.SliceRows(2, 1)));
        Assert.Equal(before, a.ToArray());
    }

    [Fact]
    public void BestTagsOverTheLengths()
    {
        using var device = new CpuDevice(1);
        using var managed = new ManagedDevice();
        foreach (var backend in (DeviceBackend<float>[])[new CpuBackend<float>(device), new GpuBackend<float>(managed)])
        {
            var indices = Views.Indices(backend.Device, 1, 1, 1);
            var batch = new CrfBatch<float>
            {
                Steps = 1, Batch = 2, StartTag = 0, EndTag = 1, Lengths = indices.Slice(0, 2),
                Emissions = Views.Random<float>(backend.Device, 2, 3),
                Transitions = Views.Random<float>(backend.Device, 3, 3),
            };
            var scores = Views.Filled<float>(backend.Device, 2, 1);
            Assert.Throws<ShapeException>(() => backend.Crf.Viterbi(batch, indices.Slice(1, 2), scores));
            Assert.Equal([1, 1, 1], indices.ToArray());
            Assert.Equal([0f, 0f], scores.ToArray());
        }
    }

    static void Check(DeviceBackend<float> backend, OverlapCase operation, Layout layout)
    {
        var names = operation.Operands;
        using var apart = new Call(backend.Device, operation);
        apart.Run(backend);
        var written = names.Select((_, i) => apart.IsWritten(i)).ToArray();
        Assert.Contains(true, written);
        for (var i = 0; i < names.Length; i++)
            for (var j = i + 1; j < names.Length; j++)
            {
                if (Places(layout, names[i], names[j]) is not { } places) continue;
                using var call = new Call(backend.Device, operation, i, j, places.First, places.Second);
                var (first, second) = (names[i].Name, names[j].Name);
                var isAllowed = !written[i] && !written[j] || layout == Layout.Alternating
                    || layout == Layout.Same && operation.InPlace.Contains(written[i] ? (first, second)
                        : (second, first));
                if (isAllowed) call.RunsAsApart(backend, written, $"{first}, {second}");
                else call.IsRefused(backend, first, second);
            }
    }

    /// <summary>Offset, rows, columns and row stride of both, or null where they cannot lie so.</summary>
    static (int[] First, int[] Second)? Places(Layout layout, OverlapCase.Operand a, OverlapCase.Operand b) =>
        layout switch
        {
            Layout.OneRowLater when a.Rows > 1 =>
                ([0, a.Rows, a.Columns, a.Columns + 1],
                [a.Columns + 1, b.Rows, b.Columns, Math.Max(b.Columns, a.Columns + 1)]),
            Layout.OneElement when a.Rows * a.Columns * b.Rows * b.Columns > 1 =>
                ([0, a.Rows, a.Columns, a.Columns], [a.Rows * a.Columns - 1, b.Rows, b.Columns, b.Columns + 2]),
            Layout.Same when (a.Rows, a.Columns) == (b.Rows, b.Columns) =>
                ([0, a.Rows, a.Columns, a.Columns + 1], [0, b.Rows, b.Columns, b.Columns + 1]),
            Layout.Alternating when a.Rows > 1 && b.Rows > 1 =>
                ([0, a.Rows, a.Columns, a.Columns + b.Columns], [a.Columns, b.Rows, b.Columns, a.Columns + b.Columns]),
            _ => null,
        };

    /// <summary>Operands of an operation, and what they held before it.</summary>
    sealed class Call : IDisposable
    {
        readonly OverlapCase operation;
        readonly MatrixView<float>[] views;
        readonly float[][] before;

        // All in buffers of their own.
        public Call(ComputeDevice device, OverlapCase operation)
        {
            this.operation = operation;
            views =
            [
                .. operation.Operands.Select((operand, i) =>
                    Views.Random<float>(device, operand.Rows, operand.Columns, seed: (ulong)i + 1, low: 0.1f,
                        high: 0.9f)),
            ];
            before = Array.ConvertAll(views, Whole);
        }

        // Two of them in one buffer.
        public Call(ComputeDevice device, OverlapCase operation, int i, int j, int[] first, int[] second)
            : this(device, operation)
        {
            views[i].Buffer.Dispose();
            views[j].Buffer.Dispose();
            var shared = Views.Random<float>(device, 1, 1000, seed: 99, low: 0.1f, high: 0.9f).Buffer;
            (views[i], views[j]) = (new(shared, first[0], first[1], first[2], first[3]),
                new(shared, second[0], second[1], second[2], second[3]));
            (before[i], before[j]) = (Whole(views[i]), Whole(views[j]));
        }

        public void Run(DeviceBackend<float> backend) => operation.Run(backend, views);

        public bool IsWritten(int operand) => !Whole(views[operand]).AsSpan().SequenceEqual(before[operand]);

        public void IsRefused(DeviceBackend<float> backend, string first, string second)
        {
            var error = Assert.Throws<ShapeException>(() => Run(backend));
            Assert.Contains("shares elements with", error.Message);
            Assert.Contains(first, error.Message);
            Assert.Contains(second, error.Message);
            for (var i = 0; i < views.Length; i++) Assert.Equal(before[i], Whole(views[i]));
        }

        public void RunsAsApart(DeviceBackend<float> backend, bool[] written, string pair)
        {
            var own = Array.ConvertAll(views, view => view.Clone());
            operation.Run(backend, own);
            Run(backend);
            for (var i = 0; i < views.Length; i++)
            {
                if (!written[i]) continue;
                float[] expected = own[i].ToArray(), actual = views[i].ToArray();
                for (var k = 0; k < expected.Length; k++)
                    Assert.True(Math.Abs(expected[k] - actual[k]) < 1e-5,
                        $"{pair}: {operation.Operands[i].Name}[{k}] is {actual[k]}, apart {expected[k]}");
            }
            foreach (var view in own) view.Buffer.Dispose();
        }

        public void Dispose()
        {
            foreach (var view in views) view.Buffer.Dispose();
        }

        static float[] Whole(MatrixView<float> view)
        {
            var all = new float[view.Buffer.Length];
            view.Buffer.CopyTo(all, 0);
            return all;
        }
    }
}
