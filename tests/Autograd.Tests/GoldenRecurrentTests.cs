using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Tests;

/// <summary>Recurrent layers and dense stacks against PyTorch's: outputs, final states, every gradient.</summary>
public class GoldenRecurrentTests
{
    static readonly CpuDevice Device = new(2);

    /// <summary>Every unit.</summary>
    public static TheoryData<string, RecurrentUnit, string> Layers()
    {
        var cases = new TheoryData<string, RecurrentUnit, string>();
        foreach (var unit in Enum.GetValues<RecurrentUnit>())
            foreach (var name in new[] { "one_direction", "wide", "both_directions_lengths" })
                cases.Add(FileOf(unit), unit, name);
        return cases;
    }

    // After PyTorch's classes; a new unit needs numbers of its own.
    static string FileOf(RecurrentUnit unit) => unit switch
    {
        RecurrentUnit.Lstm => "lstm",
        RecurrentUnit.Gru => "gru",
        RecurrentUnit.Tanh => "rnn",
        _ => throw new ArgumentException($"No golden numbers for {unit}.", nameof(unit)),
    };

    [Theory, MemberData(nameof(Layers))]
    public void LayersAgreeInDouble(string file, RecurrentUnit unit, string name) =>
        LayerAgrees<double>(file, unit, name);

    [Theory, MemberData(nameof(Layers))]
    public void LayersAgreeInFloat(string file, RecurrentUnit unit, string name) =>
        LayerAgrees<float>(file, unit, name);

    static void LayerAgrees<T>(string file, RecurrentUnit unit, string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var golden = Golden.Load(file).Case(name);
        var backend = new CpuBackend<T>(Device);
        using var scope = new TensorScope();
        using var tape = new Tape<T>();
        var input = golden.Leaf(backend, "input/input");
        var lengths = golden.Has("input/lengths") ? golden.Indices(backend, "input/lengths") : null;
        var directions = Enumerable.Range(0, golden.Shape("input/initial_hidden")[0])
            .Select(d => new Direction<T>(golden, backend, unit, d)).ToArray();
        var outputs = Array.ConvertAll(directions, direction => direction.Run(input, lengths));
        var output = RowOperations.Concatenate(Array.ConvertAll(outputs, pair => pair.Hidden));

        golden.AssertClose("output/output", output.ToArray());
        golden.AssertClose("output/final_hidden", [.. outputs.SelectMany(pair => pair.Final.Hidden.ToArray())]);
        if (unit.Traits().HasCell)
            golden.AssertClose("output/final_cell", [.. outputs.SelectMany(pair => pair.Final.Cell!.ToArray())]);

        var seeds = new List<(Tensor<T>, Tensor<T>)> { (output, golden.Tensor(backend, "cotangent/output")) };
        for (var d = 0; d < directions.Length; d++)
        {
            seeds.Add((outputs[d].Final.Hidden, golden.LeafOf(backend, "cotangent/final_hidden", d)));
            if (outputs[d].Final.Cell is { } cell) seeds.Add((cell, golden.LeafOf(backend, "cotangent/final_cell", d)));
        }
        tape.Backward([.. seeds]);

        golden.AssertGradient("input", input);
        foreach (var (parameter, leaf) in directions.SelectMany(
            direction => direction.Parameters)) golden.AssertGradient(parameter, leaf);
        golden.AssertClose("gradient/initial_hidden",
            [.. directions.SelectMany(direction => direction.Initial.Hidden.GradientToArray()!)]);
        if (unit.Traits().HasCell)
            golden.AssertClose("gradient/initial_cell",
                [.. directions.SelectMany(direction => direction.Initial.Cell!.GradientToArray()!)]);
    }

    /// <summary>One direction of a layer: its parameters and initial state.</summary>
    sealed class Direction<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        readonly RecurrentWeights<T> weights;
        readonly bool reverse;

        public Direction(Golden golden, DeviceBackend<T> backend, RecurrentUnit unit, int direction)
        {
            reverse = direction == 1;
            var suffix = reverse ? "_l0_reverse" : "_l0";
            Parameters = [.. new[] { "weight_ih", "weight_hh", "bias_ih", "bias_hh" }
                .Select(name => (name + suffix, golden.Leaf(backend, $"parameter/{name}{suffix}")))];
            weights = new(unit, Parameters[0].Leaf, Parameters[1].Leaf, Parameters[2].Leaf, Parameters[3].Leaf);
            Initial = new(golden.LeafOf(backend, "input/initial_hidden", direction),
                unit.Traits().HasCell ? golden.LeafOf(backend, "input/initial_cell", direction) : null);
        }

        public (string Name, Tensor<T> Leaf)[] Parameters { get; }

        public RecurrentState<T> Initial { get; }

        public (Tensor<T> Hidden, RecurrentState<T> Final) Run(Tensor<T> input, IntTensor? lengths) =>
            input.Recurrent(weights, lengths, reverse, Initial);
    }

    public static TheoryData<string> Stacks => ["plain", "layer_dropped", "scaled"];

    [Theory, MemberData(nameof(Stacks))]
    public void DenseStacksAgreeInDouble(string name) => StackAgrees<double>(name);

    [Theory, MemberData(nameof(Stacks))]
    public void DenseStacksAgreeInFloat(string name) => StackAgrees<float>(name);

    static void StackAgrees<T>(string name) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var golden = Golden.Load("dense_stack").Case(name);
        var backend = new CpuBackend<T>(Device);
        using var scope = new TensorScope();
        using var tape = new Tape<T>();
        var leaves = golden.Names.Where(entry => entry.StartsWith("parameter/", StringComparison.Ordinal))
            .ToDictionary(entry => entry["parameter/".Length..], entry => golden.Leaf(backend, entry));
        var input = golden.Leaf(backend, "input/input");
        var layers = Enumerable.Range(0, 3)
            .Select(
                l => new RecurrentWeights<T>(RecurrentUnit.Lstm, Of(l, "weight_ih"), Of(l, "weight_hh"),
                    Of(l, "bias_ih"), Of(l, "bias_hh")))
            .ToArray();
        var output = input.DenseRecurrent(layers, new()
        {
            Dropped = Array.ConvertAll(golden.Indices("input/dropped"), flag => flag == 1),
            LayerScale = leaves.GetValueOrDefault("rnn.weight_list"),
        }).Output;
        golden.AssertClose("output/output", output.ToArray());
        tape.Backward((output, golden.Tensor(backend, "cotangent/output")));
        golden.AssertGradient("input", input);
        foreach (var (parameter, leaf) in leaves) golden.AssertGradient(parameter, leaf);

        Tensor<T> Of(int layer, string weight) => leaves[$"rnn.layer.{layer}.layer.{weight}_l0"];
    }
}
