using System.Diagnostics.CodeAnalysis;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>How thoroughly to check, and what counts as agreement.</summary>
public sealed record GradientCheckOptions
{
    /// <summary>
    /// Relative step of the central difference: h = Step · max(1, |x|). 1e-5 balances truncation (h²) against rounding
    /// (ε/h) in double.
    /// </summary>
    public double Step { get; init; } = 1e-5;

    /// <summary>Largest |analytic - numeric| allowed, relative to max(1, |analytic|, |numeric|).</summary>
    public double Tolerance { get; init; } = 1e-7;

    /// <summary>
    /// Largest difference from the dual numbers' derivative allowed, relative to the sum of the magnitudes of what is
    /// added up to it.
    /// </summary>
    public double DualTolerance { get; init; } = 1e-13;

    /// <summary>Elements checked one by one in each tensor, chosen at random when it has more.</summary>
    public int ElementsPerTensor { get; init; } = 40;

    /// <summary>Random directions through all tensors at once: each tests every element.</summary>
    public int Directions { get; init; } = 2;

    /// <summary>Of the cotangents, elements and directions: the same seed checks the same derivatives.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>Where the two gradients differ most.</summary>
/// <param name="Place">Tensor name and element, or "direction n".</param>
/// <param name="Analytic">The derivative of the backward pass.</param>
/// <param name="Numeric">The central difference.</param>
/// <param name="Error">|analytic - numeric| relative to max(1, |analytic|, |numeric|).</param>
/// <param name="Step">h of the difference.</param>
public sealed record GradientCheckWorst(string Place, double Analytic, double Numeric, double Error, double Step);

/// <summary>What a check found.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Passed">Whether there was something to compare, and no derivative was off by more than the
/// tolerance.</param>
/// <param name="Checked">Derivatives compared.</param>
/// <param name="Worst">Where the two differ most.</param>
/// <param name="Operations">Names of the operations on the tape, each once.</param>
public sealed record GradientCheckReport(string Name, bool Passed, int Checked, GradientCheckWorst Worst,
    IReadOnlyList<string> Operations)
{
    /// <summary>One line for people: verdict, count, and the worst place.</summary>
    public override string ToString()
    {
        if (Checked == 0 && !Passed)
            return $"{Name}: FAILED, nothing was compared: there are no inputs, or no outputs";
        return Invariant($"{Name}: {(Passed ? "passed" : "FAILED")}, {Checked} derivatives, worst {Worst.Error:g2} ")
            + Invariant($"at {Worst.Place} (analytic {Worst.Analytic:g10}, numeric {Worst.Numeric:g10}, ")
            + Invariant($"step {Worst.Step:g2})") + Exactly;
    }

    /// <summary>What dual numbers say of it; null where the function is known in double alone.</summary>
    public DualCheckReport? Dual { get; init; }

    string Exactly => Dual is null ? ""
        : Dual.Lost.Count > 0 ? $"; not by dual numbers, whose tangents are lost: {string.Join("; ", Dual.Lost)}"
        : Invariant($"; by dual numbers {Dual.Checked}, worst {Dual.Worst.Error:g2} at {Dual.Worst.Place} ")
        + Invariant($"(analytic {Dual.Worst.Analytic:g17}, exact {Dual.Worst.Numeric:g17})")
        + (Dual.Ties.Count == 0 ? "" : $", ties: {string.Join("; ", Dual.Ties)}");
}

/// <summary>
/// Compares reverse-mode gradients with central differences, in double, against a random cotangent for every output: a
/// sum of outputs would hide errors that cancel. For your own operations too.
/// </summary>
[SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
public static class GradientCheck
{
    /// <summary>
    /// Checks the gradients of a function by its inputs. Values of the inputs are as before when it returns.
    /// </summary>
    /// <param name="name">What the report calls it.</param>
    /// <param name="function">Builds the outputs from the inputs' current values; must compute the same each
    /// time.</param>
    /// <param name="inputs">Leaves to differentiate by; each must require a gradient.</param>
    /// <param name="options">How thoroughly; by default 40 elements a tensor and two directions, to 1e-7.</param>
    /// <exception cref="ArgumentException">An input does not require a gradient, the function returned null, or an
    /// output is not finite.</exception>
    public static GradientCheckReport Run(string name, Func<IReadOnlyList<Tensor<double>>> function,
        IReadOnlyList<(string Name, Tensor<double> Tensor)> inputs, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(inputs);
        for (var i = 0; i < inputs.Count; i++)
            ArgumentNullException.ThrowIfNull(inputs[i].Tensor, $"{nameof(inputs)}[{i}].Tensor");
        options ??= new();
        return ByDifferences(name, function, inputs, options, new(new RandomKey(options.Seed, 0, 0))).Report;
    }

    /// <summary>Checks a function of inputs that are drawn when it asks for them.</summary>
    /// <param name="name">What the report calls it.</param>
    /// <param name="backend">Where the inputs lie and the function computes.</param>
    /// <param name="function">Builds the outputs; must ask for the same inputs and compute the same each time.</param>
    /// <param name="options">How thoroughly, what counts as agreement, and the seed of all that is drawn.</param>
    /// <exception cref="ArgumentException">An output is not finite.</exception>
    public static GradientCheckReport Run(string name, DeviceBackend<double> backend,
        Func<GradientInput<double>, IReadOnlyList<Tensor<double>>> function, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(function);
        options ??= new();
        using var inputs = new GradientInputs<double>(backend, options.Seed);
        Ask(inputs, function);
        return Run(name, () => function(inputs.Get), inputs.All, options);
    }

    /// <summary>
    /// Checks a function that is known in every kind of number by central differences, and exactly, by dual numbers.
    /// </summary>
    /// <param name="name">What the report calls it.</param>
    /// <param name="backend">Where the inputs lie and the gradients are computed.</param>
    /// <param name="function">Builds the outputs.</param>
    /// <param name="options">How thoroughly, what counts as agreement, and the seed of all that is drawn.</param>
    /// <exception cref="ArgumentException">An output is not finite.</exception>
    public static GradientCheckReport Run(string name, DeviceBackend<double> backend, IDifferentiable function,
        GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(function);
        options ??= new();
        using var inputs = new GradientInputs<double>(backend, options.Seed);
        IReadOnlyList<Tensor<double>> Outputs(GradientInput<double> input) => function.Outputs(backend, input);
        Ask(inputs, Outputs);
        var random = new RandomStream(new RandomKey(options.Seed, 0, 0));
        var (report, cotangents, gradients) =
            ByDifferences(name, () => Outputs(inputs.Get), inputs.All, options, random);
        if (report.Checked == 0) return report;
        var values = inputs.All.Select(input => (input.Name, input.Tensor.ToArray())).ToList();
        var dual = new DualCheck(function, values, cotangents, gradients).Run(options, random);
        return report with { Passed = report.Passed && dual.Passed, Dual = dual };
    }

    // So that the inputs are there before they are shifted.
    static void Ask(GradientInputs<double> inputs,
        Func<GradientInput<double>, IReadOnlyList<Tensor<double>>> function)
    {
        using var scope = new TensorScope();
        function(inputs.Get);
    }

    static (GradientCheckReport Report, double[][] Cotangents, double[][] Gradients) ByDifferences(string name,
        Func<IReadOnlyList<Tensor<double>>> function, IReadOnlyList<(string Name, Tensor<double> Tensor)> inputs,
        GradientCheckOptions options, RandomStream random)
    {
        foreach (var (inputName, input) in inputs)
            if (!input.RequiresGradient)
                throw new ArgumentException(
                    $"{name}: input {inputName} does not require a gradient; set RequiresGradient.");
        var cotangents = Cotangents(name, function, random);
        var nothing = new GradientCheckWorst("nowhere", 0, 0, 0, options.Step);
        if (inputs.Count == 0 || cotangents.Length == 0)
            return (new(name, Passed: false, Checked: 0, nothing, []), cotangents, []);
        var (analytic, operations) = Analytic(function, inputs, cotangents);
        var worst = nothing;
        var count = 0;
        var originals = inputs.Select(input => input.Tensor.ToArray()).ToArray();

        for (var i = 0; i < inputs.Count; i++)
            foreach (var element in Chosen(originals[i].Length, options.ElementsPerTensor, random))
            {
                var directions = originals.Select(values => new double[values.Length]).ToArray();
                directions[i][element] = 1;
                Compare($"{inputs[i].Name}[{element}]", analytic[i][element], directions,
                    options.Step * Math.Max(1, Math.Abs(originals[i][element])));
            }
        for (var d = 0; d < options.Directions; d++)
        {
            var directions = originals.Select(values => Array.ConvertAll(values, _ => random.NextNormal())).ToArray();
            var length = Math.Sqrt(directions.Sum(v => v.Sum(x => x * x)));
            if (length == 0) continue;
            double along = 0;
            for (var i = 0; i < inputs.Count; i++)
                for (var e = 0; e < directions[i].Length; e++) along += analytic[i][e] * (directions[i][e] /= length);
            Compare($"direction {d}", along, directions, options.Step);
        }
        return (new(name, worst.Error <= options.Tolerance, count, worst, operations), cotangents, analytic);

        void Compare(string place, double exact, double[][] directions, double step)
        {
            count++;
            var found = At(step);
            // A kink (ReLU, |z|) between x - h and x + h is no error: a much smaller step passes it by. A wrong
            // gradient stays wrong.
            if (found.Error > options.Tolerance && At(step / 64) is var nearer && nearer.Error < found.Error)
                found = nearer;
            if (found.Error > worst.Error) worst = found;

            GradientCheckWorst At(double h)
            {
                var numeric = (Shifted(directions, h) - Shifted(directions, -h)) / (2 * h);
                var error = Math.Abs(exact - numeric) / Math.Max(1, Math.Max(Math.Abs(exact), Math.Abs(numeric)));
                return new(place, exact, numeric, double.IsNaN(error) ? double.PositiveInfinity : error, h);
            }
        }

        double Shifted(double[][] directions, double step)
        {
            for (var i = 0; i < inputs.Count; i++)
                inputs[i].Tensor.CopyFrom(originals[i].Zip(directions[i], (x, d) => x + step * d).ToArray());
            var value = Projected(function, cotangents);
            for (var i = 0; i < inputs.Count; i++) inputs[i].Tensor.CopyFrom(originals[i]);
            return value;
        }
    }

    static double[][] Cotangents(string name, Func<IReadOnlyList<Tensor<double>>> function, RandomStream random)
    {
        using var scope = new TensorScope();
        var outputs = function() ?? throw new ArgumentException($"{name}: the function returned null.");
        return [.. outputs.Select((output, i) =>
        {
            if (output is null) throw new ArgumentException($"{name}: the function's output {i} is null.");
            var values = output.ToArray();
            if (Array.Exists(values, value => !double.IsFinite(value)))
                throw new ArgumentException($"{name}: an output {output.Shape} holds a value that is not finite.");
            return Array.ConvertAll(values, _ => random.NextNormal());
        })];
    }

    static double Projected(Func<IReadOnlyList<Tensor<double>>> function, double[][] cotangents)
    {
        using var scope = new TensorScope();
        var outputs = function();
        double sum = 0;
        for (var o = 0; o < outputs.Count; o++)
        {
            var values = outputs[o].ToArray();
            for (var e = 0; e < values.Length; e++) sum += values[e] * cotangents[o][e];
        }
        return sum;
    }

    static (double[][] Gradients, string[] Operations) Analytic(
        Func<IReadOnlyList<Tensor<double>>> function, IReadOnlyList<(string, Tensor<double> Tensor)> inputs,
        double[][] cotangents)
    {
        using var scope = new TensorScope();
        using var tape = new Tape<double>();
        foreach (var (_, input) in inputs) input.ClearGradient();
        var outputs = function();
        string[] operations = [.. tape.Operations.Distinct()];
        tape.Backward(
            [.. outputs.Select((output, o) => (output, Tensor.From(output.Backend, cotangents[o], output.Shape)))]);
        var gradients = inputs.Select(input => Dense(input.Tensor)).ToArray();
        foreach (var (_, input) in inputs) input.ClearGradient();
        return (gradients, operations);
    }

    static double[] Dense(Tensor<double> tensor)
    {
        var gradient = tensor.GradientToArray() ?? new double[tensor.Shape.Count];
        if (tensor is not Parameter<double> { RowGradient: { IsEmpty: false } rows }) return gradient;
        var indices = new int[rows.Indices.Count];
        rows.Indices.Buffer.CopyTo(indices, rows.Indices.Offset);
        var values = new double[rows.Values.Count];
        rows.Values.Buffer.CopyTo(values, rows.Values.Offset);
        var columns = tensor.Shape.Columns;
        for (var i = 0; i < indices.Length; i++)
            for (var c = 0; c < columns; c++) gradient[indices[i] * columns + c] += values[i * columns + c];
        return gradient;
    }

    internal static IEnumerable<int> Chosen(int length, int wanted, RandomStream random)
    {
        if (length <= wanted) return Enumerable.Range(0, length);
        var all = Enumerable.Range(0, length).ToArray();
        random.Shuffle<int>(all);
        return all.Take(wanted).Order();
    }
}
