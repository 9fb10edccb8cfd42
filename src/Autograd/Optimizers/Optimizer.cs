using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Optimizer;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>
/// Changes parameters along their gradients. Tables by rows are updated where they were touched; rows left behind catch
/// up, exactly, when a look-up needs them, when the learning rate changes and on <see cref="Flush"/> (before evaluation
/// by other means and before saving).
/// </summary>
public abstract class Optimizer<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly List<OptimizerSlot<T>> slots = [];
    readonly GradientClipping<T> clipping;
    readonly IStateShards? shards;
    double learningRate;
    int stepsTaken;
    bool isDisposed;

    /// <param name="parameters">By name; those that require no gradient are left out.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="stateNames">Names of the tensors kept for each parameter, shaped like it.</param>
    /// <param name="shards">Processes that keep the tensors together; null where this one keeps them all.</param>
    /// <param name="others">The rule's other numbers.</param>
    private protected Optimizer(IEnumerable<(string Name, Parameter<T> Parameter)> parameters, double learningRate,
        string[] stateNames, IStateShards? shards, params ReadOnlySpan<Hyperparameter> others)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (string Name, Parameter<T> Parameter)[] all = [.. parameters];
        for (var i = 0; i < all.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(all[i].Name, $"parameters[{i}].Name");
            ArgumentNullException.ThrowIfNull(all[i].Parameter, $"parameters[{i}].Parameter");
        }
        Hyperparameter.AtLeastZero(nameof(learningRate), learningRate).Require();
        foreach (var other in others) other.Require();
        var trainable = Array.FindAll(all, entry => entry.Parameter.RequiresGradient);
        RequireTogether(trainable);
        this.learningRate = learningRate;
        this.shards = shards;
        StateNames = stateNames;
        foreach (var (name, parameter) in trainable)
        {
            var slot = new OptimizerSlot<T>(name, parameter, stateNames.Length,
                parameter.ByRows ? this as IRowRule<T> : null, shards);
            if (slot.Rows is { } rows) parameter.BeforeLookup = indices => rows.BeforeLookup(indices, StepsTaken);
            slots.Add(slot);
        }
        clipping = GradientClipping<T>.Of(slots[0].Parameter.Backend);
    }

    /// <summary>Steps taken so far; the next is number + 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int StepsTaken
    {
        get => stepsTaken;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            stepsTaken = value;
        }
    }

    /// <summary>Step size. Setting it first brings rows left behind up to date, at the old one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double LearningRate
    {
        get => learningRate;
        set
        {
            Hyperparameter.AtLeastZero(nameof(LearningRate), value).Require();
            if (value == learningRate) return;
            Flush();
            learningRate = value;
        }
    }

    private protected string[] StateNames { get; }

    /// <summary>
    /// Where the device decides steps, for updates to follow; null where the host does, and gives them a gradient
    /// scale.
    /// </summary>
    private protected StepNumbers? OnDevice => clipping.OnDevice;

    /// <summary>An Adam step's β1 and β2; 0 for rules that are not corrected for the step's number.</summary>
    private protected virtual (double Beta1, double Beta2) Decays => (0, 0);

    /// <summary>
    /// The optimizer's tensors by name ("velocity/crf.transitions"): with the parameters as they are and
    /// <see cref="RowSteps"/>, its whole state. Of several shards, <see cref="ShareRows"/> first.
    /// </summary>
    public IEnumerable<OptimizerTensor<T>> State => slots.SelectMany(slot => slot.State.Select((state, i) =>
        new OptimizerTensor<T>($"{StateNames[i]}/{slot.Name}", slot.Parameter.Shape, state, slot.Division, shards)));

    /// <summary>For each table by rows, the step that each of its rows is up to date with; of several shards, as of
    /// the last <see cref="ShareRows"/>.</summary>
    public IEnumerable<(string Name, DeviceBuffer<int> Steps)> RowSteps =>
        slots.Where(slot => slot.Rows is not null).Select(slot => ($"row_steps/{slot.Name}", slot.Rows!.LastStep));

    /// <summary>
    /// Of several shards: brings rows of a table up to date and to every shard, before each forward pass that looks
    /// them up. Does nothing for one, whose look-ups do so themselves.
    /// </summary>
    /// <param name="table">By rows.</param>
    /// <param name="rows">The same on every shard; those below 0 are passed over.</param>
    /// <exception cref="ArgumentException">The optimizer does not step the table.</exception>
    public void FetchRows(Parameter<T> table, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (shards is null || !table.RequiresGradient) return;
        var slot = slots.Find(slot => slot.Parameter == table)
            ?? throw new ArgumentException("The optimizer has no such table.", nameof(table));
        slot.Rows?.Fetch(rows, StepsTaken);
    }

    /// <summary>
    /// Of several shards: every shard gets all tables by rows as they are, with their steps. Does nothing for one.
    /// </summary>
    public void ShareRows()
    {
        foreach (var rows in Lazy) rows.Share();
    }

    /// <summary>
    /// Runs <paramref name="action"/> while every row is up to date, then puts tables, state and row steps back as they
    /// were: saving a model in the midst of training changes no bit of what follows.
    /// </summary>
    /// <param name="action">Reads the parameters.</param>
    /// <exception cref="DivergedException">As <see cref="Outcome"/>.</exception>
    public void WhileFlushed(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Outcome();
        var before = Lazy.Select(rows => rows.Copy()).ToArray();
        Flush();
        try
        {
            action();
        }
        finally
        {
            foreach (var (rows, copy) in Lazy.Zip(before)) rows.Restore(copy);
        }
    }

    /// <summary>
    /// One update from the gradients that backward passes left, then the gradients are cleared. Changes nothing where
    /// the gradients' norm or the loss is not finite: the CPU says so at once; other devices find that out for
    /// themselves, skip all further steps too, and <see cref="Outcome"/> says so, so that the host need not wait.
    /// </summary>
    /// <param name="clipNorm">The global L2 norm that gradients are scaled down to when they exceed it.</param>
    /// <param name="loss">What was minimised, one element.</param>
    /// <exception cref="DivergedException">On the CPU: as <see cref="Outcome"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The norm is negative or not a number.</exception>
    /// <exception cref="ShapeException">The loss is not one element.</exception>
    /// <exception cref="InvalidOperationException"><see cref="int.MaxValue"/> steps were taken.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer was disposed of.</exception>
    public void Step(double? clipNorm = null, Tensor<T>? loss = null)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (clipNorm is { } norm && !(norm >= 0))
            throw new ArgumentOutOfRangeException(nameof(clipNorm), clipNorm,
                "A norm is 0 or more; null clips nothing.");
        if (loss is not null && loss.Shape.Count != 1)
            throw new ShapeException("optimizer step", $"the loss is one element, not {loss.Shape}.");
        var withGradient = slots.FindAll(slot => !GradientOf(slot.Parameter).IsNone);
        MatrixView<T>[] gradients = [.. withGradient.Select(slot => GradientOf(slot.Parameter))];
        var number = NextStep();
        var scale = clipping.ClipOrSkip(new(number, LearningRate, clipNorm, loss, Decays), gradients,
            [.. withGradient.Select(slot => slot.Name)]);
        StepsTaken = number;
        var dense = new List<(OptimizerSlot<T> Slot, MatrixView<T> Gradient)>();
        var updated = new List<OptimizerSlot<T>>();
        foreach (var slot in slots)
        {
            if (slot.Parameter.RowGradient is { IsEmpty: false } rows)
            {
                if (slot.Rows is not null) slot.Rows.Update(rows.Indices, rows.Values, scale, StepsTaken);
                else
                {
                    UpdateDense(slot, rows, scale);
                    updated.Add(slot);
                }
            }
            else if (slot.Parameter.Gradient is { IsNone: false } gradient)
            {
                if (slot.OwnOf(gradient) is { Count: > 0 } own) dense.Add((slot, own));
                updated.Add(slot);
            }
        }
        UpdateAll(dense, scale);
        if (shards is not null)
            new StateParts<T>(shards).Gather(updated.Select(slot => (slot.Parameter.View.Buffer, slot.Division)));
        foreach (var slot in slots)
        {
            slot.Parameter.Storage.Version++;
            slot.Parameter.ClearGradient();
        }
        // What was recorded is not taken yet.
        if (clipping.IsRecording) StepsTaken--;
    }

    /// <summary>
    /// Before each replay of a <see cref="Step"/> that was recorded (<see cref="Devices.Gpu.GpuDevice.Record"/>): the
    /// replay is the next step, at the present learning rate, clipped as the recorded one.
    /// </summary>
    /// <exception cref="InvalidOperationException">On the CPU, which records no steps.</exception>
    /// <exception cref="ObjectDisposedException">The optimizer was disposed of.</exception>
    public void PrepareReplay()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        clipping.PrepareReplay(NextStep(), LearningRate);
        StepsTaken++;
    }

    /// <summary>What the last step came to; waits for the device to come to it.</summary>
    /// <exception cref="DivergedException">
    /// A loss or a gradient was not finite, and nothing has changed since. Names the step and the first bad parameter.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The optimizer was disposed of.</exception>
    public StepOutcome Outcome()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        var (outcome, skipped, error) = clipping.Read();
        if (error is null) return outcome;
        StepsTaken = skipped - 1;
        throw error;
    }

    /// <summary>Brings every row of every table up to the last step.</summary>
    /// <exception cref="DivergedException">As <see cref="Outcome"/>.</exception>
    public void Flush()
    {
        Outcome();
        foreach (var rows in Lazy) rows.CatchUp(StepsTaken);
    }

    /// <summary>
    /// Gives back the optimizer's own tensors; the parameters stay. Rows left behind stay so: <see cref="Flush"/>
    /// first.
    /// </summary>
    public void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        foreach (var slot in slots)
        {
            foreach (var state in slot.State) state.Dispose();
            slot.Rows?.Dispose();
            slot.Parameter.BeforeLookup = null;
        }
        slots.Clear();
        clipping.Dispose();
    }

    internal abstract void Update(OptimizerSlot<T> slot, MatrixView<T> gradient, double gradientScale);

    /// <summary>Every parameter with a dense gradient.</summary>
    internal virtual void UpdateAll(IReadOnlyList<(OptimizerSlot<T> Slot, MatrixView<T> Gradient)> updates,
        double gradientScale)
    {
        foreach (var (slot, gradient) in updates) Update(slot, gradient, gradientScale);
    }

    int NextStep() => StepsTaken < int.MaxValue
        ? StepsTaken + 1
        : throw new InvalidOperationException($"An optimizer counts no more than {int.MaxValue} steps.");

    static void RequireTogether((string Name, Parameter<T> Parameter)[] parameters)
    {
        if (parameters.Length == 0)
            throw new ArgumentException("An optimizer needs at least one parameter that requires a gradient.");
        var names = new Dictionary<Parameter<T>, string>(ReferenceEqualityComparer.Instance);
        var taken = new HashSet<string>();
        var device = parameters[0].Parameter.Backend.Device;
        foreach (var (name, parameter) in parameters)
        {
            if (!names.TryAdd(parameter, name))
                throw new ArgumentException(
                    $"An optimizer would step one parameter twice, as {names[parameter]} and as {name}.");
            if (!taken.Add(name))
                throw new ArgumentException($"Two parameters are called {name}: their state could not be told apart.");
            if (parameter.BeforeLookup is not null)
                throw new ArgumentException($"{name} is a table by rows that another optimizer leaves rows of behind: "
                    + "Flush and dispose of that one first.");
            if (parameter.Backend.Device != device)
                throw new ShapeException("optimizer", $"{parameters[0].Name} is on the device {device.Name}, "
                    + $"{name} on another, {parameter.Backend.Device.Name}.");
        }
    }

    IEnumerable<LazyRows<T>> Lazy => slots.Select(slot => slot.Rows).OfType<LazyRows<T>>();

    static MatrixView<T> GradientOf(Parameter<T> parameter) => parameter.RowGradient is { IsEmpty: false } rows
        ? rows.Values : parameter.Gradient;

    // For rules that move rows without a gradient too, by more than a closed form tells.
    void UpdateDense(OptimizerSlot<T> slot, RowGradient<T> rows, double scale)
    {
        var backend = slot.Parameter.Backend;
        using var dense = new Scratch<T>(backend.Device, slot.Parameter.Shape.Rows, slot.Parameter.Shape.Columns);
        backend.Elementwise.Fill(dense.View, T.Zero);
        backend.Rows.ScatterAdd(rows.Values, rows.Indices, dense.View);
        if (slot.OwnOf(dense.View) is { Count: > 0 } own) Update(slot, own, scale);
    }
}
