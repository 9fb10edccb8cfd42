using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests.Fuzz;

/// <summary>training.safetensors of a small language model, in a folder without a manifest that would tell.</summary>
sealed class TrainingStateReader : IDisposable
{
    const string Position = """
        {"pass":1,"chunk":3,"step":7,"tokens":560,"learning_rate":0.001,"loss_sum":3.5,"loss_count":2,
         "best_loss":1.7,"looks_without_better":0,"perplexity":12.5,"has_state":false,"is_done":false,"seed":1,
         "layout":"100 tokens in 2 streams of 4 steps"}
        """;

    readonly TestFiles files = TestFiles.InMemory();
    readonly CpuDevice device = new(1);
    readonly LanguageModel<float> model;
    readonly Optimizer<float> optimizer;

    public TrainingStateReader()
    {
        model = new(new CpuBackend<float>(device),
            new() { EmbeddingSize = 2, Layers = 1, HiddenSize = 2, ProjectionSize = 0, Cutoffs = [3] }, 6);
        optimizer = Optimizers.Create(OptimizerKind.Adam, model, 0.001, 0);
    }

    public FuzzedReader Reader()
    {
        var path = files.PathOf(TrainingState.FileName);
        var folder = new CheckpointFolder(files.Folder);
        return new([Written(Position), Written("null"), Written("{}"), Written("[1"),
            Written("""{"chunk":2147483647,"layout":null}"""), Written("""{"loss_sum":1e999}""")],
            bytes =>
            {
                File.WriteAllBytes(path, bytes);
                TrainingState.Read(folder, model, optimizer, text =>
                {
                    var position = TrainingPosition.LanguageModel(text, path);
                    Assert.True(position.Chunk >= 0 && double.IsFinite(position.LossSum));
                    Assert.NotNull(position.Layout);
                    return [];
                });
                Assert.InRange(optimizer.StepsTaken, 0, int.MaxValue);
            });
    }

    public void Dispose()
    {
        optimizer.Dispose();
        model.Dispose();
        device.Dispose();
        files.Dispose();
    }

    byte[] Written(string position)
    {
        var folder = new CheckpointFolder(files.PathOf("written"));
        folder.Save(writer => TrainingState.Write(writer, model, optimizer,
            TrainingState.Collect(optimizer), position, []));
        return TensorReaders.Unsigned(File.ReadAllBytes(Path.Combine(folder.Root, TrainingState.FileName)));
    }
}
