using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Tests;

/// <summary>
/// The language model against PyTorch's: two chunks of a stream with the state carried over, loss, distribution, every
/// gradient.
/// </summary>
public class GoldenLanguageModelTests
{
    const int Words = 30, Steps = 4, Batch = 3;
    static readonly CpuDevice Device = new(2);

    static readonly LanguageModelOptions Options = new()
    {
        EmbeddingSize = 6, Layers = 2, HiddenSize = 4, ProjectionSize = 8, Cutoffs = [8, 16], TailExponentStart = 0,
        LayerDropout = 0, Dropout = 0,
    };

    [Theory, InlineData(true), InlineData(false)]
    public void AgreesInDouble(bool relu) => Agrees<double>(relu);

    [Theory, InlineData(true), InlineData(false)]
    public void AgreesInFloat(bool relu) => Agrees<float>(relu);

    static void Agrees<T>(bool relu) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var golden = Golden.Load("lm");
        var backend = new CpuBackend<T>(Device);
        using var model = new LanguageModel<T>(backend, Options with { ProjectionRelu = relu }, Words);
        GoldenModels.Fill(model, golden);
        using var scope = new TensorScope();
        RecurrentState<T>[]? state = null;
        foreach (var chunk in new[] { "chunk0", "chunk1" })
        {
            var expected = golden.Case($"{(relu ? "relu" : "linear")}_{chunk}");
            var ids = expected.Indices(backend, "input/ids");
            expected.AssertClose("output/log_prob", model.LogProb(ids, Steps, Batch, state).ToArray());
            using var tape = new Tape<T>();
            var (losses, final) = model.Losses(ids, expected.Indices(backend, "input/targets"), Steps, Batch, state,
                ForwardContext.Training(1, 1));
            var loss = losses.Mean();
            tape.Backward(loss);
            expected.AssertClose("output/loss", loss.ToArray());
            expected.AssertClose("output/final_hidden", [.. final.SelectMany(layer => layer.Hidden.ToArray())]);
            expected.AssertClose("output/final_cell", [.. final.SelectMany(layer => layer.Cell!.ToArray())]);
            foreach (var (name, parameter) in model.Parameters())
            {
                expected.AssertGradient(name, parameter);
                parameter.ClearGradient();
            }
            state = final;
        }
    }

    [Fact]
    public void SpareSoftmaxRowAgreesInDouble() => SpareRowAgrees<double>();

    [Fact]
    public void SpareSoftmaxRowAgreesInFloat() => SpareRowAgrees<float>();

    // The published train_lm.py's cut-offs end one behind the vocabulary.
    static void SpareRowAgrees<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        var golden = Golden.Load("published_lm");
        var backend = new CpuBackend<T>(Device);
        using var model = new LanguageModel<T>(backend,
            Options with { ProjectionRelu = false, SpareSoftmaxRow = true }, Words);
        GoldenModels.Fill(model, golden);
        using var scope = new TensorScope();
        var expected = golden.Case("linear");
        var ids = expected.Indices(backend, "input/ids");
        expected.AssertClose("output/log_prob", model.LogProb(ids, Steps, Batch).ToArray());
        using var tape = new Tape<T>();
        var (losses, _) = model.Losses(ids, expected.Indices(backend, "input/targets"), Steps, Batch, null,
            ForwardContext.Training(1, 1));
        var loss = losses.Mean();
        tape.Backward(loss);
        expected.AssertClose("output/loss", loss.ToArray());
        foreach (var (name, parameter) in model.Parameters()) expected.AssertGradient(name, parameter);
    }

    public static TheoryData<string> Softmaxes => ["every_tail", "tail_without_target", "head_only", "paper_widths"];

    [Theory, MemberData(nameof(Softmaxes))]
    public void AdaptiveSoftmaxGivesTheWholeDistribution(string name)
    {
        var golden = Golden.Load("adaptive_softmax").Case(name);
        var backend = new CpuBackend<double>(Device);
        var cutoffs = golden.Indices("input/cutoffs");
        using var softmax =
            new AdaptiveSoftmax<double>(backend, 16, cutoffs, cutoffs[^1], name == "paper_widths" ? 1 : 0);
        foreach (var (entry, parameter) in softmax.Parameters()) parameter.CopyFrom(
            golden.Values($"parameter/soft_max.{entry}"));
        using var scope = new TensorScope();
        var distribution = softmax.LogProb(golden.Tensor(backend, "input/input")).ToArray();
        golden.AssertClose("output/log_prob", distribution);
        foreach (var row in distribution.Chunk(softmax.Words)) Assert.Equal(1, row.Sum(Math.Exp), 1e-12);
    }

    [Fact]
    public void APublishedCheckpointLoadsAndIsWrittenBackTheSame()
    {
        var backend = new CpuBackend<float>(Device);
        using var model = new LanguageModel<float>(backend, Options, Words);
        using var file = File.OpenRead(Golden.PathOf("lm_checkpoint"));
        var reader = new SafeTensorsReader(file, "lm_checkpoint");
        StateDict.Load(model, reader);
        var golden = Golden.Load("lm").Case("model");
        foreach (var (name, parameter) in model.Parameters()) golden.AssertClose($"parameter/{name}",
            parameter.ToArray());

        var written = new MemoryStream();
        SafeTensorsWriter.Write(written, StateDict.Of(model));
        written.Position = 0;
        var again = new SafeTensorsReader(written, "written");
        Assert.Equal(reader.Tensors.Select(tensor => tensor.Name).Order(),
            again.Tensors.Select(tensor => tensor.Name).Order());
        foreach (var tensor in reader.Tensors)
            Assert.Equal(reader.ReadArray<float>(tensor.Name), again.ReadArray<float>(tensor.Name));
    }

    [Fact]
    public void ACheckpointThatDoesNotFitIsRefusedByNameAndChangesNothing()
    {
        var backend = new CpuBackend<float>(Device);
        using var deeper = new LanguageModel<float>(backend, Options with { Layers = 3 }, Words);
        using var wider = new LanguageModel<float>(backend, Options with { HiddenSize = 5 }, Words);
        using var same = new LanguageModel<float>(backend, Options, Words);
        using var file = File.OpenRead(Golden.PathOf("lm_checkpoint"));
        var published = new SafeTensorsReader(file, "lm_checkpoint");
        Assert.Contains("'rnn.layer.2.layer.weight_ih_l0' is missing", Refusal(deeper, published));
        Assert.Contains("'rnn.layer.0.layer.weight_ih_l0' is [16, 6], expected [20, 6]", Refusal(wider, published));

        var stream = new MemoryStream();
        SafeTensorsWriter.Write(stream,
            [.. StateDict.Of(same), NamedTensor.Of<float>("rnn.weight_list", [2], new float[] { 1, 1 })]);
        stream.Position = 0;
        Assert.Contains("'rnn.weight_list' [2] has no place", Refusal(same, new SafeTensorsReader(stream, "surplus")));

        static string Refusal(LanguageModel<float> model, SafeTensorsReader reader)
        {
            foreach (var (_, parameter) in model.Parameters()) Initialization.Fill(parameter, 0.5);
            var message = Assert.Throws<UserException>(() => StateDict.Load(model, reader)).Message;
            Assert.All(model.Parameters().SelectMany(entry => entry.Parameter.ToArray()),
                value => Assert.Equal(0.5f, value));
            return message;
        }
    }
}
