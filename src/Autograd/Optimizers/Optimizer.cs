using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>
/// Changes parameters along their gradients. Tables by rows are updated where they were touched; rows left behind catch up, exactly, when a look-up
/// needs them, when the learning rate changes and on <see cref="Flush"/> (before evaluation by other means and before saving).
/// </summary>
public abstract class Optimizer<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly List<Slot> slots = [];
    readonly StepNumbers? numbers;
    double learningRate;
    StepOutcome outcome;
    string[] measured = [];
    double? recordedClipNorm;
    bool isUnread;

    /// <summary>One parameter with the optimizer's own tensors for it.</summary>
    protected sealed record Slot(string Name, Parameter<T> Parameter, Parameter<T>[] State, DeviceBuffer<int>? LastStep)
    {
        public IndexView Last => LastStep is null ? default : new(LastStep, 0, (int)LastStep.Length);
    }

    /// <param name="stateNames">Names of the tensors kept for each parameter, shaped like it.</param>
    protected Optimizer(IEnumerable<(string Name, Parameter<T> Parameter)> parameters, double learningRate, string[] stateNames, bool replaysRows)
    {
        this.learningRate = learningRate;
        StateNames = stateNames;
        foreach (var (name, parameter) in parameters)
        {
            if (!parameter.RequiresGradient) continue;
            var state = Array.ConvertAll(stateNames, _ => NewState(parameter));
            var byRows = parameter.ByRows && replaysRows;
            var slot = new Slot(name, parameter, state, byRows ? ZeroSteps(parameter) : null);
            if (byRows) parameter.BeforeLookup = indices => CatchUp(slot, indices);
            slots.Add(slot);
        }
        if (slots.Count == 0) throw new ArgumentException("An optimizer needs at least one parameter that requires a gradient.");
        numbers = slots[0].Parameter.Backend.Optimizers.NewStepNumbers();
    }

    /// <summary>Steps taken so far; the next is number + 1.</summary>
    public int StepsTaken { get; set; }

    /// <summary>Step size. Setting it first brings rows left behind up to date, at the old one.</summary>
    public double LearningRate
    {
        get => learningRate;
        set
        {
            if (value == learningRate) return;
            Flush();
            learningRate = value;
        }
    }

    protected string[] StateNames { get; }

    /// <summary>Where the device decides steps, for updates to follow; null where the host does, and gives them a gradient scale.</summary>
    protected StepNumbers? OnDevice => numbers;

    /// <summary>An Adam step's β1 and β2; 0 for rules that are not corrected for the step's number.</summary>
    protected virtual (double Beta1, double Beta2) Decays => (0, 0);

    /// <summary>
    /// The optimizer's tensors by name ("velocity/crf.transitions"): with the parameters as they are and <see cref="RowSteps"/>, its whole state.
    /// </summary>
    public IEnumerable<(string Name, Tensor<T> Value)> State =>
        slots.SelectMany(slot => slot.State.Select((state, i) => ($"{StateNames[i]}/{slot.Name}", (Tensor<T>)state)));

    /// <summary>For each table by rows, the step that each of its rows is up to date with.</summary>
    public IEnumerable<(string Name, DeviceBuffer<int> Steps)> RowSteps =>
        slots.Where(slot => slot.LastStep is not null).Select(slot => ($"row_steps/{slot.Name}", slot.LastStep!));

    /// <summary>
    /// Runs <paramref name="action"/> while every row is up to date, then puts tables, state and row steps back as they were: saving a model in the
    /// midst of training changes no bit of what follows.
    /// </summary>
    public void WhileFlushed(Action action)
    {
        Outcome();
        var lazy = slots.Where(slot => slot.LastStep is not null).ToArray();
        var tensors = lazy.SelectMany(slot => slot.State.Prepend(slot.Parameter)).ToArray();
        var values = Array.ConvertAll(tensors, tensor => tensor.ToArray());
        var steps = Array.ConvertAll(lazy, slot =>
        {
            var copy = new int[slot.LastStep!.Length];
            slot.LastStep.CopyTo(copy);
            return copy;
        });
        Flush();
        try
        {
            action();
        }
        finally
        {
            for (var i = 0; i < tensors.Length; i++) tensors[i].CopyFrom(values[i]);
            for (var i = 0; i < lazy.Length; i++) lazy[i].LastStep!.CopyFrom(steps[i]);
        }
    }

    /// <summary>
    /// One update from the gradients that backward passes left, then the gradients are cleared. Changes nothing where the gradients' norm or the loss
    /// is not finite: the CPU says so at once; other devices decide for themselves, refuse all further steps too, and <see cref="Outcome"/> says so,
    /// so that the host need not wait.
    /// </summary>
    /// <param name="clipNorm">The global L2 norm that gradients are scaled down to when they exceed it.</param>
    /// <param name="loss">What was minimised, one element.</param>
    /// <exception cref="DivergedException">On the CPU: as <see cref="Outcome"/>.</exception>
    public void Step(double? clipNorm = null, Tensor<T>? loss = null)
    {
        var withGradient = slots.FindAll(slot => !GradientOf(slot.Parameter).IsNone);
        measured = [.. withGradient.Select(slot => slot.Name)];
        var gradients = withGradient.Select(slot => GradientOf(slot.Parameter)).ToArray();
        var scale = numbers is null ? DecideHere(gradients, clipNorm, loss) : DecideOnDevice(numbers, gradients, clipNorm, loss);
        var dense = new List<(Slot Slot, MatrixView<T> Gradient)>();
        foreach (var slot in slots)
        {
            if (slot.Parameter.RowGradient is { IsEmpty: false } rows)
            {
                if (slot.LastStep is null) UpdateDense(slot, rows, scale);
                else UpdateRows(slot, rows.Indices, rows.Values, scale, StepsTaken);
            }
            else if (slot.Parameter.Gradient is { IsNone: false } gradient) dense.Add((slot, gradient));
        }
        UpdateAll(dense, scale);
        foreach (var slot in slots)
        {
            slot.Parameter.Storage.Version++;
            slot.Parameter.ClearGradient();
        }
        // What was recorded is not taken yet.
        if (numbers is { AreRecording: true }) StepsTaken--;
    }

    /// <summary>
    /// Before each replay of a <see cref="Step"/> that was recorded (<see cref="Devices.Gpu.GpuDevice.Record"/>): the replay is the next step, at the
    /// present learning rate, clipped as the recorded one.
    /// </summary>
    public void PrepareReplay()
    {
        if (numbers is null) throw new InvalidOperationException("PrepareReplay: the CPU records no steps.");
        numbers.Write(LearningRate, ++StepsTaken, recordedClipNorm);
        isUnread = true;
    }

    /// <summary>What the last step came to; waits for the device to come to it.</summary>
    /// <exception cref="DivergedException">
    /// A loss or a gradient was not finite, and nothing has changed since. Names the step and the first bad parameter.
    /// </exception>
    public StepOutcome Outcome()
    {
        if (numbers is null || !isUnread) return outcome;
        isUnread = false;
        var report = numbers.Read();
        outcome = new(report.Norm, report.Loss);
        if (report.Refused == 0) return outcome;
        StepsTaken = report.Refused - 1;
        throw Refusal(outcome, report.BadGradient);
    }

    /// <summary>Brings every row of every table up to the last step.</summary>
    public void Flush()
    {
        Outcome();
        foreach (var slot in slots)
        {
            if (slot.LastStep is null || StepsTaken == 0) continue;
            using var all = new RentedIndices(slot.Parameter.Backend.Device, [.. Enumerable.Range(0, slot.Parameter.Shape.Rows)]);
            UpdateRows(slot, all.View, default, 1, StepsTaken);
        }
    }

    public void ClearGradients()
    {
        foreach (var slot in slots) slot.Parameter.ClearGradient();
    }

    public void Dispose()
    {
        foreach (var slot in slots)
        {
            foreach (var state in slot.State) state.Dispose();
            slot.LastStep?.Dispose();
            slot.Parameter.BeforeLookup = null;
        }
        slots.Clear();
        numbers?.Dispose();
    }

    protected abstract void Update(Slot slot, MatrixView<T> gradient, double gradientScale);

    /// <summary>Every parameter with a dense gradient.</summary>
    protected virtual void UpdateAll(IReadOnlyList<(Slot Slot, MatrixView<T> Gradient)> updates, double gradientScale)
    {
        foreach (var (slot, gradient) in updates) Update(slot, gradient, gradientScale);
    }

    /// <summary>Catches the rows up to step - 1 and applies the gradient as step; without a gradient, catches up to step.</summary>
    protected virtual void UpdateRows(Slot slot, IndexView rows, MatrixView<T> gradient, double gradientScale, int step) =>
        throw new NotSupportedException($"{GetType().Name} does not replay idle rows.");

    void CatchUp(Slot slot, IntTensor indices)
    {
        if (StepsTaken == 0) return;
        var distinct = indices.ToArray().Where(index => index >= 0).Distinct().ToArray();
        using var rows = new RentedIndices(slot.Parameter.Backend.Device, distinct);
        UpdateRows(slot, rows.View, default, 1, StepsTaken);
    }

    // The gradient scale of the step that is now the last.
    double DecideHere(MatrixView<T>[] gradients, double? clipNorm, Tensor<T>? loss)
    {
        var squares = slots[0].Parameter.Backend.Reduction.SquaredNorms(gradients);
        double sum = 0;
        foreach (var square in squares) sum += square;
        outcome = new(Math.Sqrt(sum), loss?.Item() ?? 0);
        if (!double.IsFinite(sum) || !double.IsFinite(outcome.Loss))
            throw Refusal(outcome, Math.Max(0, Array.FindIndex(squares, square => !double.IsFinite(square))));
        StepsTaken++;
        // PyTorch's clip_grad_norm_: the small term keeps the factor defined at norm 0.
        return clipNorm is { } limit ? Math.Min(1, limit / (outcome.GradientNorm + 1e-6)) : 1;
    }

    // The scale stays on the device.
    double DecideOnDevice(StepNumbers on, MatrixView<T>[] gradients, double? clipNorm, Tensor<T>? loss)
    {
        StepsTaken++;
        if (on.AreRecording) recordedClipNorm = clipNorm;
        else
        {
            on.Write(LearningRate, StepsTaken, clipNorm);
            isUnread = true;
        }
        slots[0].Parameter.Backend.Optimizers.Decide(on, gradients, loss?.View ?? default, Decays.Beta1, Decays.Beta2);
        return 1;
    }

    DivergedException Refusal(StepOutcome of, int badGradient) => double.IsFinite(of.Loss)
        ? new(StepsTaken + 1, measured[badGradient], of.GradientNorm,
            $"step {StepsTaken + 1}: the gradient of {measured[badGradient]} is not finite; no parameter was changed.")
        : new(StepsTaken + 1, "loss", of.Loss, $"the loss is {of.Loss}");

    static MatrixView<T> GradientOf(Parameter<T> parameter) => parameter.RowGradient is { IsEmpty: false } rows ? rows.Values : parameter.Gradient;

    // For rules that move rows without a gradient too, by more than a closed form tells.
    void UpdateDense(Slot slot, RowGradient<T> rows, double scale)
    {
        var backend = slot.Parameter.Backend;
        using var dense = new Scratch<T>(backend.Device, slot.Parameter.Shape.Rows, slot.Parameter.Shape.Columns);
        backend.Elementwise.Fill(dense.View, T.Zero);
        backend.Rows.ScatterAdd(rows.Values, rows.Indices, dense.View);
        Update(slot, dense.View, scale);
    }

    static Parameter<T> NewState(Parameter<T> like) => new(like.Backend, like.Shape) { RequiresGradient = false };

    static DeviceBuffer<int> ZeroSteps(Parameter<T> parameter)
    {
        var steps = parameter.Backend.Device.Allocate<int>(parameter.Shape.Rows);
        steps.CopyFrom(new int[parameter.Shape.Rows]);
        return steps;
    }

    /// <summary>Indices for the length of one call, whatever scope is open.</summary>
    readonly struct RentedIndices : IDisposable
    {
        readonly DeviceBuffer<int> buffer;
        readonly int[] values;

        public RentedIndices(ComputeDevice device, int[] values)
        {
            this.values = values;
            buffer = device.Allocate<int>(values.Length);
            buffer.CopyFrom(values);
        }

        public IndexView View => new(buffer, 0, values.Length, values);

        public void Dispose() => buffer.Dispose();
    }
}
