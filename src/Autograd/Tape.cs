using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Autograd;

/// <summary>
/// Records the operations run on this thread while it is open, and runs them backward. Without a tape nothing is
/// recorded: inference needs no switch.
/// </summary>
public sealed class Tape<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    // A tape, or a pause of those around it.
    [ThreadStatic] static IDisposable? innermost;
    readonly IDisposable? outer = innermost;
    readonly List<Function<T>> functions = [];
    bool isDisposed;

    /// <summary>
    /// Opens a tape on this thread; one that was open before records nothing until this one is disposed of.
    /// </summary>
    public Tape() => innermost = this;

    /// <summary>The tape that records now; null in inference and inside <see cref="NoGradient"/>.</summary>
    public static Tape<T>? Current => innermost as Tape<T>;

    /// <summary>Stops recording on this thread until the result is disposed.</summary>
    public static IDisposable NoGradient() => new Pause();

    /// <summary>Names of the operations recorded and not yet run backward, in order.</summary>
    public IEnumerable<string> Operations => functions.Select(function => function.Name);

    /// <summary>
    /// Called in the midst of a backward pass, for each <see cref="Parameter{T}"/> whose gradient no operation will add
    /// to any more: what needs it may begin while the pass goes on.
    /// </summary>
    public Action<Parameter<T>>? GradientReady { get; set; }

    internal void Record(Function<T> function, Tensor<T>[] outputs)
    {
        functions.Add(function);
        foreach (var output in outputs) (output.Storage.IsRecorded, output.Storage.Tape) = (true, this);
    }

    /// <summary>
    /// Gradients of one number with respect to every leaf that requires one; added to what the leaves already hold.
    /// </summary>
    /// <param name="loss">One element.</param>
    /// <exception cref="ShapeException">It has more than one.</exception>
    /// <exception cref="InvalidOperationException">
    /// It depends on nothing that requires a gradient, was recorded by another tape or before this one's last backward
    /// pass, or an input was changed in place since.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The tape was disposed of.</exception>
    public void Backward(Tensor<T> loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (loss.Shape.Count != 1)
            throw new ShapeException("Backward",
                $"a loss has one element, not {loss.Shape}; for another output pass its cotangent.");
        if (!loss.RequiresGradient)
            throw new InvalidOperationException("Backward: the loss depends on nothing that requires a gradient. " +
                "Was it computed before the tape was opened, or inside NoGradient?");
        RequireRecorded(loss);
        RequireUnchanged([loss]);
        Seed(loss, default);
        Run();
    }

    /// <summary>
    /// Vector-Jacobian products: gradients of the sum of outputs ∘ cotangents, each cotangent shaped like its output.
    /// </summary>
    /// <param name="seeds">Outputs of recorded operations; one that requires no gradient is passed over.</param>
    /// <exception cref="ShapeException">A cotangent is not shaped like its output.</exception>
    /// <exception cref="InvalidOperationException">
    /// An output was recorded by another tape or before this one's last backward pass, an input was changed in place
    /// since, or an operation gave an input no gradient.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The tape was disposed of.</exception>
    public void Backward(params ReadOnlySpan<(Tensor<T> Output, Tensor<T> Cotangent)> seeds)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        for (var i = 0; i < seeds.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(seeds[i].Output, $"{nameof(seeds)}[{i}].Output");
            ArgumentNullException.ThrowIfNull(seeds[i].Cotangent, $"{nameof(seeds)}[{i}].Cotangent");
        }
        foreach (var (output, cotangent) in seeds)
        {
            RequireRecorded(output);
            if (output.Shape != cotangent.Shape)
                throw new ShapeException("Backward", $"cotangent {cotangent.Shape} for output {output.Shape}.");
            if (output.Backend != cotangent.Backend)
                throw new ShapeException("Backward", $"a cotangent on {cotangent.Backend.Device} for an output on "
                    + $"{output.Backend.Device}; move it first.");
        }
        RequireUnchanged([.. seeds.ToArray().Select(seed => seed.Output)]);
        foreach (var (output, cotangent) in seeds) Seed(output, cotangent);
        Run();
    }

    /// <summary>Closes the tape; what it has recorded and not run backward is forgotten.</summary>
    /// <exception cref="InvalidOperationException">
    /// A tape or a <see cref="NoGradient"/> that began later is still open, or the tape is another thread's.
    /// </exception>
    public void Dispose()
    {
        if (isDisposed) return;
        End(this, outer, "Tape");
        isDisposed = true;
        Clear();
    }

    static void End(IDisposable ended, IDisposable? outer, string what)
    {
        if (innermost != ended)
            throw new InvalidOperationException($"{what}: ended while a tape or NoGradient that began later is still "
                + "open, or on another thread; end them in reverse order (using).");
        innermost = outer;
    }

    // A leaf has no tape: its gradient is its cotangent.
    void RequireRecorded(Tensor<T> output)
    {
        var storage = output.Storage;
        if (!output.RequiresGradient || !storage.IsRecorded || storage.Tape == this) return;
        throw new InvalidOperationException(storage.Tape is null
            ? $"Backward: the output {output.Shape} was recorded before the last backward pass, or by a tape that was "
                + "disposed of. Pass all outputs to one backward pass, each with its cotangent."
            : $"Backward: the output {output.Shape} was recorded by another tape, which was opened later.");
    }

    void RequireUnchanged(IReadOnlyList<Tensor<T>> outputs)
    {
        var reached = outputs.Where(output => output.RequiresGradient).Select(output => output.Storage).ToHashSet();
        for (var i = functions.Count - 1; i >= 0; i--) functions[i].RequireUnchanged(reached);
    }

    static void Seed(Tensor<T> output, Tensor<T>? cotangent)
    {
        if (!output.RequiresGradient) return;
        var target = output.GradientTarget(out var accumulate);
        var elementwise = output.Backend.Elementwise;
        if (accumulate) cotangent ??= Tensor.Full(output.Backend, output.Shape, T.One);
        if (cotangent is null) elementwise.Fill(target, T.One);
        else elementwise.Scale(T.One, cotangent.View, target, accumulate);
    }

    void Run()
    {
        // What a pass that failed has left of gradients between the operations must not come into the next one.
        try
        {
            var uses = GradientReady is null ? null : ParameterUses();
            for (var i = functions.Count - 1; i >= 0; i--)
            {
                functions[i].RunBackward();
                foreach (var parameter in uses is null ? [] : functions[i].Parameters)
                    if (--uses![parameter] == 0) GradientReady!(parameter);
            }
        }
        finally
        {
            Clear();
        }
    }

    Dictionary<Parameter<T>, int> ParameterUses()
    {
        var uses = new Dictionary<Parameter<T>, int>(ReferenceEqualityComparer.Instance);
        foreach (var parameter in functions.SelectMany(function => function.Parameters))
            uses[parameter] = uses.GetValueOrDefault(parameter) + 1;
        return uses;
    }

    void Clear()
    {
        foreach (var function in functions) function.Forget();
        functions.Clear();
    }

    sealed class Pause : IDisposable
    {
        readonly IDisposable? outer = innermost;
        bool isEnded;

        public Pause() => innermost = this;

        public void Dispose()
        {
            if (isEnded) return;
            End(this, outer, nameof(NoGradient));
            isEnded = true;
        }
    }
}
