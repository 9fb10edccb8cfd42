using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>
/// One differentiable operation. A subclass takes its inputs in the constructor, computes its outputs in
/// <see cref="Forward"/>, and in <see cref="Backward"/> turns the outputs' gradients into contributions to each
/// input's. Both are abstract, and an input that requires a gradient and gets none is an error that names the
/// operation: nothing is frozen silently.
/// </summary>
public abstract class Function<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly Tensor<T>[] inputs;
    readonly HashSet<Tensor<T>> reached = new(ReferenceEqualityComparer.Instance);
    Tensor<T>[] outputs = [];
    int[] versions = [];
    bool isApplied;

    /// <summary>Notes what the operation reads, and whether a tape records it.</summary>
    /// <param name="inputs">All tensors the operation reads; null for an optional one left out.</param>
    /// <exception cref="ArgumentNullException">All of them are null.</exception>
    /// <exception cref="ArgumentException">There are none.</exception>
    /// <exception cref="ShapeException">They are on two devices.</exception>
    protected Function(params ReadOnlySpan<Tensor<T>?> inputs)
    {
        var present = new List<Tensor<T>>();
        foreach (var input in inputs)
            if (input is not null) present.Add(input);
        if (present.Count == 0)
        {
            var needed = $"{TypeName}: an operation needs at least one tensor";
            throw inputs.Length > 0 ? new ArgumentNullException(nameof(inputs), needed + ", and all are null.")
                : new ArgumentException(needed + ".");
        }
        this.inputs = [.. present];
        Backend = present[0].Backend;
        foreach (var input in present)
            if (input.Backend != Backend)
                throw new ShapeException(Name, Apart(Backend.Device, input.Backend.Device));
        IsRecording = Tape<T>.Current is not null && present.Exists(input => input.RequiresGradient);
    }

    static string Apart(ComputeDevice first, ComputeDevice second) =>
        ReferenceEquals(first, second) ? $"inputs of two backends of one device, {first}; make them all on one."
        : first.Name == second.Name ? $"inputs on two devices of the same name, {first}; share one, or move one first."
        : $"inputs on two devices, {first} and {second}; move one first.";

    /// <summary>What error messages call the operation.</summary>
    public virtual string Name => TypeName;

    string TypeName => GetType().Name.Split('`')[0].Replace("Function", "");

    /// <summary>The operations of the inputs' device.</summary>
    protected DeviceBackend<T> Backend { get; }

    /// <summary>Where the operation's own kernels run.</summary>
    /// <exception cref="UnsupportedOnDeviceException">The tensors are on a device without kernels.</exception>
    protected GpuDevice Gpu => Backend.Device as GpuDevice
        ?? throw new UnsupportedOnDeviceException(
            $"{Name}: runs as a kernel, and its tensors are on '{Backend.Device}', which runs none. " +
            "Put them on managed, opencl or cuda (GpuDevice.Open).", new("managed"), new("opencl"), new("cuda"));

    /// <summary>Whether <see cref="Backward"/> will follow: without, nothing need be saved.</summary>
    protected bool IsRecording { get; }

    /// <summary>Computes and returns the outputs.</summary>
    protected abstract Tensor<T>[] Forward();

    /// <summary>
    /// Adds to the gradient of every input for which <see cref="Needs"/> holds, through <see cref="GradientFor"/>.
    /// </summary>
    protected abstract void Backward();

    /// <summary>Runs forward and, where a gradient is wanted, records the operation on the current tape.</summary>
    /// <returns>What <see cref="Forward"/> returned.</returns>
    /// <exception cref="ShapeException">The shapes do not fit the operation.</exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Forward"/> returned null, a tensor that is null, or an input; or it was applied before.
    /// </exception>
    /// <exception cref="RecordingException">Work is being recorded that a replay could not do again.</exception>
    public Tensor<T>[] Apply()
    {
        if (isApplied)
            throw new InvalidOperationException(
                $"{Name}: applied before; what it has saved is of that pass. Make a new one for each.");
        isApplied = true;
        try
        {
            outputs = Whole(Forward());
        }
        catch (RecordingException error)
        {
            throw new RecordingException($"{Name}: {error.Message}", error);
        }
        if (!IsRecording) return outputs;
        RequireOwnOutputs();
        foreach (var output in outputs) output.RequiresGradient = true;
        versions = Array.ConvertAll(inputs, input => input.Storage.Version);
        Tape<T>.Current!.Record(this, outputs);
        return outputs;
    }

    // The gradient of an output that is an input's would be taken for the input's.
    void RequireOwnOutputs()
    {
        for (var i = 0; i < outputs.Length; i++)
            if (Array.Exists(inputs, input => input.Storage == outputs[i].Storage))
                throw new InvalidOperationException(
                    $"{Name}: the forward pass returned an input, or a part of one, as output {i}. Return a copy.");
    }

    Tensor<T>[] Whole(Tensor<T>[] made)
    {
        if (made is null) throw new InvalidOperationException($"{Name}: the forward pass returned null.");
        for (var i = 0; i < made.Length; i++)
            if (made[i] is null)
                throw new InvalidOperationException($"{Name}: the forward pass returned null as output {i}.");
        return made;
    }

    /// <summary>The inputs that are trained, one as often as it is an input.</summary>
    internal IEnumerable<Parameter<T>> Parameters =>
        inputs.OfType<Parameter<T>>().Where(parameter => parameter.RequiresGradient);

    /// <summary>No backward pass comes to it any more.</summary>
    internal void Forget()
    {
        foreach (var output in outputs)
        {
            output.Storage.Tape = null;
            output.Storage.ReleaseGradient();
        }
    }

    /// <summary>
    /// Before anything is written: whether the values that the backward pass needs are those of the forward pass.
    /// </summary>
    /// <param name="reachedStorages">Those that a gradient comes to; its inputs' are added.</param>
    internal void RequireUnchanged(HashSet<Storage<T>> reachedStorages)
    {
        if (!Array.Exists(outputs, output => output.Storage.HasGradient || reachedStorages.Contains(output.Storage)))
            return;
        for (var i = 0; i < inputs.Length; i++)
            if (inputs[i].Storage.Version != versions[i])
                throw new InvalidOperationException(
                    $"{Name}: input {i} {inputs[i].Shape} was changed in place after the forward pass; its saved "
                    + "values are gone. Change it after the backward pass, or change a copy.");
        reachedStorages.UnionWith(inputs.Select(input => input.Storage));
    }

    internal void RunBackward()
    {
        if (!Array.Exists(outputs, output => output.Storage.HasGradient)) return;
        try
        {
            Backward();
        }
        catch (RecordingException error)
        {
            throw new RecordingException($"{Name}, backward: {error.Message}", error);
        }
        for (var i = 0; i < inputs.Length; i++)
            if (inputs[i].RequiresGradient && !reached.Contains(inputs[i]))
                throw new InvalidOperationException(
                    $"{Name}: the backward pass gave input {i} {inputs[i].Shape} no gradient, and it requires one.");
        foreach (var output in outputs) output.Storage.ReleaseGradient();
    }

    /// <summary>Whether this input's gradient is wanted.</summary>
    /// <param name="input">One of the operation's, or null: an optional one that was left out.</param>
    protected static bool Needs([NotNullWhen(true)] Tensor<T>? input) => input is { RequiresGradient: true };

    /// <summary>
    /// Where to put the contribution to an input's gradient: written when <paramref name="accumulate"/> is false, else
    /// added.
    /// </summary>
    /// <param name="input">One for which <see cref="Needs"/> holds.</param>
    /// <param name="accumulate">Whether an earlier contribution is there.</param>
    /// <returns>Of the input's shape and row stride.</returns>
    protected MatrixView<T> GradientFor(Tensor<T> input, out bool accumulate)
    {
        reached.Add(input);
        return input.GradientTarget(out accumulate);
    }

    /// <summary>
    /// The same, for kernels that can only add: zeroed when this is the first contribution; no view where the gradient
    /// is not wanted.
    /// </summary>
    /// <param name="input">Any of the inputs.</param>
    protected MatrixView<T> GradientToAddTo(Tensor<T> input)
    {
        if (!Needs(input)) return default;
        var target = GradientFor(input, out var accumulate);
        if (!accumulate) Backend.Elementwise.Fill(target, T.Zero);
        return target;
    }

    /// <summary>
    /// Notes that the contribution to an input went elsewhere: into a <see cref="RowGradient{T}"/>, or is zero
    /// everywhere.
    /// </summary>
    /// <param name="input">One for which <see cref="Needs"/> holds.</param>
    protected void Reach(Tensor<T> input) => reached.Add(input);

    /// <summary>Gradient of an output; zeros where nothing used the output.</summary>
    /// <param name="output">One that <see cref="Forward"/> returned.</param>
    /// <returns>Of the output's shape.</returns>
    protected MatrixView<T> GradientOf(Tensor<T> output)
    {
        if (output.Gradient is { IsNone: false } gradient) return gradient;
        var zeros = output.GradientTarget(out _);
        Backend.Elementwise.Fill(zeros, T.Zero);
        return zeros;
    }

    /// <summary>Memory for the length of one pass: dispose of it at the pass's end.</summary>
    /// <param name="rows">0 or more.</param>
    /// <param name="columns">0 or more; the content is undefined.</param>
    protected Scratch<T> Rent(int rows, int columns) => new(Backend.Device, rows, columns);

    /// <summary>Memory that the backward pass needs: it lives as long as the step's scope.</summary>
    /// <param name="rows">0 or more.</param>
    /// <param name="columns">0 or more; the content is undefined.</param>
    protected Tensor<T> Save(int rows, int columns) => Tensor.Empty(Backend, new Shape(rows, columns));

    /// <summary>
    /// Refuses recorded work that each replay would have to do with another key: a launch holds the one it was recorded
    /// with.
    /// </summary>
    /// <exception cref="RecordingException">Work is being recorded.</exception>
    protected void RefuseKeysWhileRecording() =>
        (Backend.Device as GpuDevice)?.RefuseWhileRecording("dropout, whose key is of one step,");

    /// <summary>
    /// Refuses two inputs whose gradients lanes of one launch would add to at the same time: that share elements and
    /// are not the same tensor.
    /// </summary>
    /// <param name="first">One input.</param>
    /// <param name="second">Another.</param>
    /// <param name="mayBeSame">Whether a lane reaches the same element of both, so that both may be one tensor.</param>
    /// <exception cref="ShapeException">They share elements.</exception>
    protected void RequireApart(Tensor<T> first, Tensor<T> second, bool mayBeSame)
    {
        var isSame = mayBeSame && ReferenceEquals(first, second);
        Require(isSame || !first.View.SharesElements(second.View),
            $"two inputs {first.Shape} and {second.Shape} share elements; pass a copy of one.");
    }

    /// <summary>Throws with the operation's name unless <paramref name="holds"/>.</summary>
    /// <param name="holds">What must be so.</param>
    /// <param name="message">An interpolated string, with the shapes.</param>
    /// <exception cref="ShapeException">It does not hold.</exception>
    protected void Require(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] RequirementMessage message)
    {
        if (!holds) throw new ShapeException(Name, message.ToString());
    }
}

/// <summary>Formats an error text only when the requirement fails: checks in hot paths cost a comparison.</summary>
[InterpolatedStringHandler]
public readonly ref struct RequirementMessage
{
    readonly System.Text.StringBuilder? text;

    /// <summary>Called by the compiler, for an interpolated string.</summary>
    /// <param name="literalLength">Characters outside the braces.</param>
    /// <param name="formattedCount">Braces.</param>
    /// <param name="holds">Of <see cref="Function{T}.Require"/>.</param>
    /// <param name="format">Whether there is a text to make: the requirement fails.</param>
    public RequirementMessage(int literalLength, int formattedCount, bool holds, out bool format)
    {
        format = !holds;
        text = holds ? null : new System.Text.StringBuilder(literalLength + formattedCount * 16);
    }

    /// <summary>Called by the compiler, for what is outside the braces.</summary>
    /// <param name="literal">The text.</param>
    public void AppendLiteral(string literal) => text!.Append(literal);

    /// <summary>Called by the compiler, for what is in braces.</summary>
    /// <param name="value">Of the expression that stands in them.</param>
    public void AppendFormatted<TValue>(TValue value) => text!.Append(value);

    /// <returns>The text; empty where the requirement holds.</returns>
    public override string ToString() => text?.ToString() ?? "";
}

/// <summary>Temporary memory as a view; the default value is none at all.</summary>
/// <param name="device">Where the memory is.</param>
/// <param name="rows">0 or more.</param>
/// <param name="columns">0 or more; the content is undefined.</param>
public readonly struct Scratch<T>(ComputeDevice device, int rows, int columns) : IDisposable where T : unmanaged
{
    readonly DeviceBuffer<T>? buffer = (device ?? throw new ArgumentNullException(nameof(device)))
        .Allocate<T>((long)rows * columns);

    /// <summary>The memory [rows x columns]; no view of the default value.</summary>
    public MatrixView<T> View => buffer is null ? default : new(buffer, 0, rows, columns, columns);

    /// <summary>Gives the memory back to the device's cache.</summary>
    public void Dispose() => buffer?.Dispose();
}
