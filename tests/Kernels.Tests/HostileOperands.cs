using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels.Crf;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Kernels.Simd;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>
/// Operands of one call, one after the other: choice 0 gives one that fits the others, as all matrices are [size x
/// size] and batches are as they should be; any other choice gives one that does not.
/// </summary>
sealed class HostileOperands(CpuDevice device, int size, int[] choices) : IDisposable
{
    static readonly int[] Sizes = [0, -1, int.MaxValue, int.MinValue, 65536, 1, 2, 7];
    static readonly double[] Numbers = [0, -1, 1, double.NaN, double.PositiveInfinity, double.MaxValue, 1e-300];
    readonly ManagedDevice other = new();
    readonly List<IDisposable> owned = [];
    int next;
    bool hasBatch;
    MatrixView<float>? last;

    int Choice() => next < choices.Length ? choices[next++] : 0;

    public object? Next(Type type, string name)
    {
        if (type.IsByRef) type = type.GetElementType()!;
        if (type.IsByRefLike || type.IsArray)
        {
            var element = type.IsArray ? type.GetElementType()! : type.GetGenericArguments()[0];
            var array = Array.CreateInstance(element, 2);
            for (var i = 0; i < array.Length; i++) array.SetValue(Next(element, name), i);
            return array;
        }
        if (type == typeof(CrfBatch<float>)) return Batch();
        if (type == typeof(RecurrenceForward<float>)) return Forward();
        if (type == typeof(RecurrenceBackward<float>)) return Backward();
        // Beside a batch, all but marginals and gradients are a number for each sentence.
        if (type == typeof(MatrixView<float>))
            return Matrix(size, hasBatch && name != "marginals" && !name.EndsWith("Gradient") ? 1 : size);
        if (type == typeof(IndexView)) return Indices(size);
        if (type == typeof(PackedMatrix<float>)) return Packed();
        if (type == typeof(CrfSweeps)) return null;
        return Plain(type);
    }

    object? Plain(Type type)
    {
        var choice = Choice();
        if (type == typeof(bool)) return choice % 2 == 1;
        if (type == typeof(int)) return choice == 0 ? 1 : Sizes[choice % Sizes.Length];
        if (type == typeof(double)) return choice == 0 ? 0.5 : Numbers[choice % Numbers.Length];
        if (type == typeof(float)) return choice == 0 ? 0.5f : (float)Numbers[choice % Numbers.Length];
        if (type.IsEnum) return Enum.ToObject(type, choice == 0 ? 0 : choice - 1);
        if (!type.IsValueType) return null;
        // A record of settings: its longest constructor, by the same rules.
        var constructor = type.GetConstructors().OrderByDescending(made => made.GetParameters().Length)
            .FirstOrDefault();
        return constructor is null
            ? Number(type, choice)
            : constructor.Invoke(
                [.. constructor.GetParameters().Select(parameter => Next(parameter.ParameterType, parameter.Name!))]);
    }

    static object Number(Type type, int choice) => Convert.ChangeType(choice, type, null);

    MatrixView<float> Matrix(long rows, long columns)
    {
        var choice = Choice();
        if (choice == 1) return default;
        if (choice == 2) return Disposed(Filled(device, (int)rows, (int)columns));
        if (choice == 3) return Filled(other, (int)rows, (int)columns);
        if (choice == 4) return Filled(device, 0, (int)columns);
        if (choice == 5) return Filled(device, (int)rows, 0);
        if (choice == 6) return new(Filled(device, 1, 1).Buffer, 0, int.MaxValue, 0, 0);
        if (choice == 7) return new(Filled(device, 1, 1).Buffer, 0, 0, int.MaxValue, int.MaxValue);
        if (choice == 8)
            return Filled(device, (int)rows, (int)columns)
                .SliceRows(Sizes[next % Sizes.Length], Sizes[rows % Sizes.Length]);
        if (choice == 9)
            return new(Filled(device, (int)rows, (int)columns).Buffer, long.MaxValue, (int)rows, (int)columns,
                (int)columns);
        if (choice == 10) return Gaps((int)rows, (int)columns);
        if (choice is 11 or 12 && last is { } before && before.Offset + rows * columns < before.Buffer.Length)
            return new(before.Buffer, before.Offset + choice - 11, (int)rows, (int)columns, (int)columns);
        return choice == 0 ? Filled(device, (int)rows, (int)columns) : Filled(device, choice % 5, choice % 3);
    }

    MatrixView<float> Filled(ComputeDevice target, int rows, int columns)
    {
        var view = Views.Random<float>(target, rows, columns, seed: 3);
        owned.Add(view.Buffer);
        last = view;
        return view;
    }

    MatrixView<float> Gaps(int rows, int columns)
    {
        var view = Views.Random<float>(device, rows, columns, columns + 3, seed: 3);
        owned.Add(view.Buffer);
        return view;
    }

    static MatrixView<float> Disposed(MatrixView<float> view)
    {
        view.Buffer.Dispose();
        return view;
    }

    IndexView Indices(int count, int value = 0)
    {
        var choice = Choice();
        if (choice == 1) return default;
        var target = choice == 2 ? (ComputeDevice)other : device;
        // Each its own, as rows that an update names are.
        var length = choice switch { 3 => count + 1, 4 => 0, _ => count };
        int[] values = [.. Enumerable.Range(0, length).Select(i => value == 0 ? i : value)];
        if (choice > 4 && values.Length > 0) values[choice % values.Length] = Sizes[choice % Sizes.Length];
        var view = Views.Indices(target, values);
        owned.Add(view.Buffer);
        if (choice is > 20 and < 30) view = new(view.Buffer, 0, view.Count, promised: 1);
        if (choice is 30) view.Buffer.Dispose();
        return view;
    }

    PackedMatrix<float>? Packed()
    {
        var choice = Choice();
        if (choice == 1) return null;
        var width = choice % 4 == 3 ? SimdWidth.Vector128 : (SimdWidth?)null;
        var (rows, columns) = (choice == 4 ? 7 : size, choice == 5 ? 7 : size);
        var packed = new CpuGemm<float>(device, width).Pack(Filled(device, rows, columns), transposed: false);
        if (choice == 2) packed.Dispose();
        else owned.Add(packed);
        return packed;
    }

    int Size(int fitting)
    {
        var choice = Choice();
        return choice == 0 ? fitting : Sizes[choice % Sizes.Length];
    }

    CrfBatch<float> Batch()
    {
        hasBatch = true;
        return new()
        {
            Steps = Size(1),
            Batch = Size(size),
            StartTag = Size(0),
            EndTag = Size(size - 1),
            Lengths = Indices(size, value: 1),
            Emissions = Matrix(size, size),
            Transitions = Matrix(size, size),
        };
    }

    RecurrenceShape Shape() => new((RecurrentUnit)(Choice() % 5), Size(1), Size(size), Size(size), Choice() % 2 == 1);

    RecurrenceForward<float> Forward()
    {
        var shape = Shape();
        var gates = 4L * size;
        return new()
        {
            Shape = shape,
            Lengths = Choice() == 0 ? default : Indices(size, value: 1),
            Gates = Matrix(size, gates),
            InputRows = Choice() == 0 ? default : Indices(size),
            RecurrentWeight = Matrix(gates, size),
            RecurrentBias = Matrix(1, gates),
            InitialHidden = Matrix(size, size),
            InitialCell = Matrix(size, size),
            Hidden = Matrix(size, size),
            Saved = Matrix(size, size),
            FinalHidden = Matrix(size, size),
            FinalCell = Matrix(size, size),
        };
    }

    RecurrenceBackward<float> Backward()
    {
        var shape = Shape();
        var gates = 4L * size;
        return new()
        {
            Shape = shape,
            Lengths = Choice() == 0 ? default : Indices(size, value: 1),
            Gates = Matrix(size, gates),
            RecurrentWeight = Matrix(gates, size),
            InitialHidden = Matrix(size, size),
            InitialCell = Matrix(size, size),
            Hidden = Matrix(size, size),
            Saved = Matrix(size, size),
            HiddenGradient = Matrix(size, size),
            FinalHiddenGradient = Matrix(size, size),
            FinalCellGradient = Matrix(size, size),
            RecurrentWeightGradient = Matrix(gates, size),
            RecurrentBiasGradient = Matrix(1, gates),
            InitialHiddenGradient = Matrix(size, size),
            InitialCellGradient = Matrix(size, size),
        };
    }

    public void Dispose()
    {
        foreach (var one in owned) one.Dispose();
        owned.Clear();
        other.Dispose();
    }
}
