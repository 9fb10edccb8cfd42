using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>
/// Twenty steps of each optimizer against PyTorch's, with clipping by global norm, and tables whose untouched rows lag
/// behind.
/// </summary>
public class GoldenOptimizerTests
{
    static readonly CpuDevice Device = new(2);

    public static TheoryData<string> Cases =>
        ["sgd", "adam", "adagrad", "adadelta", "sgd_clipped", "adam_clipped", "sgd_rows", "adam_rows"];

    [Theory, MemberData(nameof(Cases))]
    public void TrajectoriesAgreeInDouble(string name) => TrajectoryAgrees<double>(name);

    [Theory, MemberData(nameof(Cases))]
    public void TrajectoriesAgreeInFloat(string name) => TrajectoryAgrees<float>(name);

    static void TrajectoryAgrees<T>(string name) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var golden = Golden.Load("optimizers").Case(name);
        var backend = new CpuBackend<T>(Device);
        var byRows = golden.Has("input/touched");
        var parameters = golden.Names
            .Where(entry => entry.EndsWith("_gradients", StringComparison.Ordinal)
            && entry.StartsWith("input/", StringComparison.Ordinal))
            .Select(entry => entry["input/".Length..^"_gradients".Length])
            .Select(entry => (Name: entry, Parameter: Start(golden, backend, entry, byRows))).ToArray();
        using var optimizer = Create(name.Split('_')[0], parameters, golden.Scalar("input/learning_rate"),
            golden.Scalar("input/momentum"));
        double? maximum = golden.Has("input/max_norm") ? golden.Scalar("input/max_norm") : null;
        for (var step = 0; step < 20; step++)
        {
            using var scope = new TensorScope();
            using var tape = new Tape<T>();
            tape.Backward(
                [.. parameters.Select(entry => byRows
                    ? LookUp(golden, entry, step) : (entry.Parameter.Scale(1), At(golden, entry, step)))]);
            optimizer.Step(maximum);
            if (maximum is not null)
                golden.AssertClose($"output/norms[{step}]", [golden.Values("output/norms")[step]],
                    [T.CreateChecked(optimizer.Outcome().GradientNorm)]);
            // Reading the whole table is reading every row: it must be up to date, and training must go on as if nobody
            // had looked.
            optimizer.WhileFlushed(() =>
            {
                foreach (var (entry, parameter) in parameters)
                    golden.AssertClose($"output/{entry}[{step}]",
                        golden.Values($"output/{entry}")[Part(parameter, step)], parameter.ToArray());
            });
        }
        foreach (var (_, parameter) in parameters) parameter.Dispose();
    }

    static Parameter<T> Start<T>(Golden golden, DeviceBackend<T> backend, string name, bool byRows)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var parameter = new Parameter<T>(backend, golden.Shape($"input/{name}"), byRows);
        parameter.CopyFrom(Array.ConvertAll(golden.Values($"input/{name}"), T.CreateChecked));
        return parameter;
    }

    static Optimizer<T> Create<T>(string rule, (string, Parameter<T>)[] parameters, double learningRate,
        double momentum)
        where T : unmanaged, IFloatingPointIeee754<T> => rule switch
    {
        "sgd" => new Sgd<T>(parameters, learningRate, momentum),
        "adam" => new Adam<T>(parameters, learningRate),
        "adagrad" => new Adagrad<T>(parameters, learningRate),
        "adadelta" => new Adadelta<T>(parameters, learningRate),
        _ => throw new ArgumentException(rule),
    };

    static (Tensor<T>, Tensor<T>) LookUp<T>(Golden golden, (string Name, Parameter<T> Parameter) entry, int step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var rows = golden.Shape("input/touched")[1];
        int[] touched = [
            .. Enumerable.Range(0, rows).Where(row => golden.Indices("input/touched")[step * rows + row] == 1)];
        var indices = new IntTensor(Device, touched);
        return (entry.Parameter.GatherRows(indices), At(golden, entry, step).GatherRows(indices));
    }

    static Tensor<T> At<T>(Golden golden, (string Name, Parameter<T> Parameter) entry, int step)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Tensor.From(entry.Parameter.Backend,
            Array.ConvertAll(golden.Values($"input/{entry.Name}_gradients")[Part(entry.Parameter, step)],
                T.CreateChecked), entry.Parameter.Shape);

    static Range Part<T>(Parameter<T> parameter, int step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var count = (int)parameter.Shape.Count;
        return (step * count)..((step + 1) * count);
    }
}
