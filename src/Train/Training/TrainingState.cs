using System.Globalization;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Train.Checkpoints;

namespace LdNetGpu.Train.Training;

/// <summary>
/// training.safetensors: trainable parameters as they are, the optimizer's tensors, tensors of the trainer's own, and
/// its position as JSON. Everything a run needs to go on to the same bits.
/// </summary>
static class TrainingState
{
    public const string FileName = "training.safetensors";
    const string PositionKey = "position", StepsKey = "optimizer_steps";

    /// <summary>
    /// The optimizer's tensors, to be written. Where several ranks keep them, all of them call it, and the tables by
    /// rows are brought together too.
    /// </summary>
    public static IReadOnlyList<NamedTensor> Collect(Optimizer<float> optimizer)
    {
        optimizer.ShareRows();
        return [.. optimizer.State.Select(one => one.IsWhole ? StateDict.ToNamed(one.Name, one.Part)
            : NamedTensor.Of<float>(one.Name, StateDict.Sizes(one.Shape), one.Gather())),
            .. optimizer.RowSteps.Select(one => NamedTensor.Of(one.Name, [one.Steps.Length], one.Steps))];
    }

    /// <exception cref="DivergedException">A parameter is NaN or infinite: not a state to go on from.</exception>
    /// <param name="writer">Takes the file.</param>
    /// <param name="model">What is trained.</param>
    /// <param name="optimizer">Trains it.</param>
    /// <param name="state">As <see cref="Collect"/> gives it.</param>
    /// <param name="position">JSON.</param>
    /// <param name="own">The trainer's tensors.</param>
    public static void Write(CheckpointWriter writer, Module<float> model, Optimizer<float> optimizer,
        IReadOnlyList<NamedTensor> state, string position, IEnumerable<(string Name, Tensor<float> Value)> own)
    {
        foreach (var (name, parameter) in model.Trainable())
            if (model.Backend.Reduction.SquaredNorm(parameter.View) is var norm && !double.IsFinite(norm))
                throw new DivergedException(optimizer.StepsTaken, name, norm, $"{name} is no longer finite");
        NamedTensor[] tensors =
            [.. Tensors(model, own).Select(one => StateDict.ToNamed(one.Name, one.Value)), .. state];
        writer.AddTensors(FileName, tensors, new Dictionary<string, string>
        {
            [PositionKey] = position,
            [StepsKey] = Invariant($"{optimizer.StepsTaken}"),
        });
    }

    /// <summary>The position alone.</summary>
    /// <exception cref="UserException">There is none: no run was saved here.</exception>
    public static string ReadPosition(CheckpointFolder folder) => folder.ReadTensors(FileName, PositionOf);

    /// <summary>
    /// Puts everything back; returns the position. own names the trainer's tensors, already made with their shapes.
    /// </summary>
    public static string Read(CheckpointFolder folder, Module<float> model, Optimizer<float> optimizer,
        Func<string, IEnumerable<(string Name, Tensor<float> Value)>> own) =>
        folder.ReadTensors(FileName, reader =>
        {
            var position = PositionOf(reader);
            if (!reader.Metadata.TryGetValue(StepsKey, out var steps) || !int.TryParse(steps,
                NumberStyles.None, CultureInfo.InvariantCulture, out var taken))
                throw NoPosition(reader);
            foreach (var (name, tensor) in Tensors(model, own(position))) StateDict.ReadInto(reader, name, tensor);
            foreach (var tensor in optimizer.State) ReadState(reader, tensor, model.Backend);
            foreach (var (name, rows) in optimizer.RowSteps) ReadSteps(reader, name, rows, taken);
            optimizer.StepsTaken = taken;
            return position;
        });

    static void ReadState(SafeTensorsReader reader, OptimizerTensor<float> tensor, DeviceBackend<float> backend)
    {
        if (tensor.IsWhole)
        {
            StateDict.ReadInto(reader, tensor.Name, tensor.Part);
            return;
        }
        using var whole = new Parameter<float>(backend, tensor.Shape);
        StateDict.ReadInto(reader, tensor.Name, whole);
        tensor.CopyFrom(whole.ToArray());
    }

    // A row is brought up to date step by step: a number out of range would be hours of steps.
    static void ReadSteps(SafeTensorsReader reader, string name, DeviceBuffer<int> rows, int taken)
    {
        reader.Read(reader.Require(name, rows.Length), rows);
        var steps = new int[rows.Length];
        rows.CopyTo(steps);
        foreach (var step in steps)
            if (step < 0 || step > taken)
                throw new UserException($"{reader.Source}: tensor '{name}' says step {step} of {taken}: damaged.");
    }

    /// <exception cref="ResumeException">The checkpoint counts its position in something else.</exception>
    public static void RequireSame(CheckpointFolder folder, string saved, string here)
    {
        if (saved != here)
            throw new ResumeException(folder.PathOf(FileName), saved, here);
    }

    static string PositionOf(SafeTensorsReader reader) =>
        reader.Metadata.TryGetValue(PositionKey, out var position) ? position : throw NoPosition(reader);

    static UserException NoPosition(SafeTensorsReader reader) =>
        new($"{reader.Source}: holds no training position: it cannot be resumed.");

    static IEnumerable<(string Name, Tensor<float> Value)> Tensors(Module<float> model,
        IEnumerable<(string Name, Tensor<float> Value)> own) =>
        model.Trainable().Select(entry => (entry.Name, (Tensor<float>)entry.Parameter))
            .Concat(own.Select(entry => ($"trainer/{entry.Name}", entry.Value)));
}
