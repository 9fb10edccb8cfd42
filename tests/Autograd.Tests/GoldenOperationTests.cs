using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Gemm;

namespace LdNetGpu.Tests;

/// <summary>
/// Single operations against PyTorch's under a random cotangent, and the adaptive softmax's loss and gradients.
/// </summary>
public class GoldenOperationTests
{
    static readonly CpuDevice Device = new(2);

    public static TheoryData<string> Operations =>
        ["embedding", "linear", "linear_relu", "relu", "sigmoid", "tanh", "log_softmax", "cross_entropy",
            "cross_entropy_mean"];

    [Theory, MemberData(nameof(Operations))]
    public void OperationsAgreeInDouble(string name) => OperationAgrees<double>(name);

    [Theory, MemberData(nameof(Operations))]
    public void OperationsAgreeInFloat(string name) => OperationAgrees<float>(name);

    static void OperationAgrees<T>(string name) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var golden = Golden.Load("layers").Case(name);
        var backend = new CpuBackend<T>(Device);
        using var scope = new TensorScope();
        using var tape = new Tape<T>();
        var leaves = golden.Names.Where(
            entry => golden.Has($"gradient/{entry.Split('/')[1]}") && entry.Split('/')[0] is "input" or "parameter")
            .ToDictionary(entry => entry.Split('/')[1], entry => golden.Leaf(backend, entry));
        var output = name switch
        {
            "embedding" => leaves["weight"].GatherRows(golden.Indices(backend, "input/ids"), golden.Shape("input/ids")),
            "linear" => leaves["input"].Linear(leaves["weight"], leaves["bias"]),
            "linear_relu" => leaves["input"].Linear(leaves["weight"], leaves["bias"], Activation.Relu),
            "relu" => leaves["input"].Map(Unary.Relu),
            "sigmoid" => leaves["input"].Map(Unary.Sigmoid),
            "tanh" => leaves["input"].Map(Unary.Tanh),
            "log_softmax" => leaves["logits"].LogSoftmax(),
            "cross_entropy" => leaves["logits"].CrossEntropy(golden.Indices(backend, "input/targets")),
            _ => leaves["logits"].CrossEntropy(golden.Indices(backend, "input/targets")) is var losses
                ? losses.Sum().Scale(1.0 / golden.Indices("input/targets").Count(target => target >= 0)) : losses,
        };
        golden.AssertClose("output/output", output.ToArray());
        tape.Backward((output, golden.Tensor(backend, "cotangent/output").Reshape(output.Shape.Sizes)));
        foreach (var (leafName, leaf) in leaves) golden.AssertGradient(leafName, leaf);
    }

    public static TheoryData<string> Softmaxes => ["every_tail", "tail_without_target", "head_only", "paper_widths"];

    [Theory, MemberData(nameof(Softmaxes))]
    public void AdaptiveSoftmaxAgreesInDouble(string name) => SoftmaxAgrees<double>(name);

    [Theory, MemberData(nameof(Softmaxes))]
    public void AdaptiveSoftmaxAgreesInFloat(string name) => SoftmaxAgrees<float>(name);

    static void SoftmaxAgrees<T>(string name) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var golden = Golden.Load("adaptive_softmax").Case(name);
        var backend = new CpuBackend<T>(Device);
        using var scope = new TensorScope();
        using var tape = new Tape<T>();
        var input = golden.Leaf(backend, "input/input");
        var leaves = golden.Names.Where(entry => entry.StartsWith("parameter/", StringComparison.Ordinal))
            .ToDictionary(entry => entry["parameter/".Length..], entry => golden.Leaf(backend, entry));
        var cutoffs = golden.Indices("input/cutoffs");
        var tails = Enumerable.Range(0, cutoffs.Length - 1)
            .Select(i => (leaves[$"soft_max.tail.{i}.0.weight"], leaves[$"soft_max.tail.{i}.1.weight"])).ToArray();
        var weights = new AdaptiveSoftmaxWeights<T>(cutoffs, leaves["soft_max.head.weight"],
            leaves["soft_max.head.bias"], tails);
        var loss = input.AdaptiveSoftmaxLoss(weights, golden.Indices(backend, "input/targets")).Mean();
        golden.AssertClose("output/loss", loss.ToArray());
        tape.Backward(loss);
        golden.AssertGradient("input", input);
        foreach (var (leafName, leaf) in leaves) golden.AssertGradient(leafName, leaf);
    }
}
