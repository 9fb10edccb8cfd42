using LdNetGpu.Devices;

namespace LdNetGpu.Autograd;

/// <summary>
/// First derivatives of a function of given leaves by central differences, and what the backward pass alone can be held
/// to: the same bits twice, and cotangents that are absent.
/// </summary>
sealed class FirstOrderCheck(string name, Func<IReadOnlyList<Tensor<double>>> function,
    IReadOnlyList<(string Name, Tensor<double> Tensor)> inputs, GradientCheckOptions options)
{
    readonly GradientCheckWorst nothing = new("nowhere", 0, 0, 0, options.Step);

    public GradientCheckOptions Options => options;

    public IReadOnlyList<(string Name, Tensor<double> Tensor)> Inputs => inputs;

    /// <summary>Of the cotangents, elements and directions, in this order.</summary>
    public RandomStream Random { get; } = new(new RandomKey(options.Seed, 0, 0));

    /// <summary>One array an output.</summary>
    public double[][] Cotangents { get; private set; } = [];

    /// <summary>What the backward pass gave, one array an input.</summary>
    public double[][] Gradients => pass.Gradients;

    /// <summary>The outputs' values, in row order.</summary>
    public double[][] Outputs => pass.Outputs;

    PassResult<double> pass = new([], [], []);
    GradientCheckWorst worst = new("nowhere", 0, 0, 0, options.Step);
    int count;
    bool agree = true;

    public GradientCheckReport Run()
    {
        options.Check(name);
        foreach (var (inputName, input) in inputs)
            if (!input.RequiresGradient)
                throw new ArgumentException(
                    $"{name}: input {inputName} does not require a gradient; set RequiresGradient.");
        Cotangents = DrawCotangents();
        if (inputs.Count == 0 || Cotangents.Length == 0)
            return new(name, Passed: false, Checked: 0, nothing, []);
        pass = PassResult<double>.Of(function, inputs, Cotangents);
        CompareAll();
        var parts = Parts().ToArray();
        var passed = count > 0 && agree && Array.TrueForAll(parts, part => part.Passed);
        return new(name, passed, count, worst, pass.Operations)
        {
            Parts = parts,
        };
    }

    void CompareAll()
    {
        var originals = inputs.Select(input => input.Tensor.ToArray()).ToArray();
        var differences = new CentralDifference(options, (directions, step) => Shifted(originals, directions, step));
        var relative = options.Extrapolations == 0 ? options.Step : options.ExtrapolationStep;
        for (var i = 0; i < inputs.Count; i++)
            foreach (var element in GradientCheck.Chosen(originals[i].Length, options.ElementsPerTensor, Random))
            {
                var directions = originals.Select(values => new double[values.Length]).ToArray();
                directions[i][element] = 1;
                Add(differences.Compare($"{inputs[i].Name}[{element}]", Gradients[i][element], directions,
                    relative * Math.Max(1, Math.Abs(originals[i][element]))));
            }
        for (var d = 0; d < options.Directions; d++)
        {
            var directions = originals.Select(values => Array.ConvertAll(values, _ => Random.NextNormal())).ToArray();
            var length = Math.Sqrt(directions.Sum(v => v.Sum(x => x * x)));
            if (length == 0) continue;
            double along = 0;
            for (var i = 0; i < inputs.Count; i++)
                for (var e = 0; e < directions[i].Length; e++) along += Gradients[i][e] * (directions[i][e] /= length);
            Add(differences.Compare($"direction {d}", along, directions, relative));
        }
    }

    // Who is off by more than is allowed comes before who is off by more.
    void Add(GradientCheckWorst found)
    {
        count++;
        var agrees = found.Error - found.Doubt <= options.Tolerance;
        if (agrees == agree ? found.Error > worst.Error : agree) worst = found;
        agree &= agrees;
    }

    // Σ outputs ∘ cotangents, and the sum of the magnitudes, at originals + step · directions.
    (double Sum, double Size) Shifted(double[][] originals, double[][] directions, double step)
    {
        for (var i = 0; i < inputs.Count; i++)
            inputs[i].Tensor.CopyFrom(originals[i].Zip(directions[i], (x, d) => x + step * d).ToArray());
        using var scope = new TensorScope();
        var outputs = function();
        var (sum, size) = (0.0, 0.0);
        for (var o = 0; o < outputs.Count; o++)
            foreach (var (value, cotangent) in outputs[o].ToArray().Zip(Cotangents[o]))
            {
                sum += value * cotangent;
                size += Math.Abs(value * cotangent);
            }
        for (var i = 0; i < inputs.Count; i++) inputs[i].Tensor.CopyFrom(originals[i]);
        return (sum, size);
    }

    double[][] DrawCotangents()
    {
        using var scope = new TensorScope();
        var outputs = function() ?? throw new ArgumentException($"{name}: the function returned null.");
        return [.. outputs.Select((output, i) =>
        {
            if (output is null) throw new ArgumentException($"{name}: the function's output {i} is null.");
            var values = output.ToArray();
            if (Array.Exists(values, value => !double.IsFinite(value)))
                throw new ArgumentException($"{name}: an output {output.Shape} holds a value that is not finite.");
            return Array.ConvertAll(values, _ => Random.NextNormal());
        })];
    }

    IEnumerable<GradientCheckPart> Parts()
    {
        if (options.SameBits) yield return SameBits();
        if (options.AddedGradients) yield return AddedGradients();
        if (options.AbsentCotangents && Cotangents.Length > 1) yield return AbsentCotangents();
    }

    GradientCheckPart SameBits()
    {
        var part = new PartResult("same bits", 0);
        var again = PassResult<double>.Of(function, inputs, Cotangents);
        for (var o = 0; o < pass.Outputs.Length; o++) Compare($"output {o}", again.Outputs[o], pass.Outputs[o]);
        for (var i = 0; i < inputs.Count; i++) Compare(inputs[i].Name, again.Gradients[i], pass.Gradients[i]);
        return part.ToPart();

        void Compare(string where, double[] found, double[] expected)
        {
            for (var e = 0; e < expected.Length; e++)
                part.Add($"{where}[{e}]",
                    BitConverter.DoubleToInt64Bits(found[e]) == BitConverter.DoubleToInt64Bits(expected[e]) ? 0
                    : Math.Max(double.Epsilon, Math.Abs(found[e] - expected[e])));
        }
    }

    // An input that is an output as well has its cotangent for a gradient before the pass begins.
    GradientCheckPart AddedGradients()
    {
        var part = new PartResult("added gradients", PartResult.Rounding);
        // A table by rows takes gradients of look-ups alone.
        var used = inputs.Where(input => input.Tensor is not Parameter<double> { ByRows: true }).ToArray();
        var random = new RandomStream(new RandomKey(options.Seed, 1, 0));
        var before = used.Select(input => Enumerable.Range(0, (int)input.Tensor.Shape.Count)
            .Select(_ => random.NextNormal()).ToArray()).ToArray();
        part.Try("gradients that are there already", () =>
        {
            var found = PassResult<double>.Of(() => [.. function(), .. used.Select(input => input.Tensor)], inputs,
                [.. Cotangents, .. before]).Gradients;
            for (var i = 0; i < inputs.Count; i++)
            {
                var own = Array.IndexOf(used, inputs[i]);
                part.Compare(inputs[i].Name, found[i], own < 0 ? Gradients[i]
                    : [.. Gradients[i].Zip(before[own], (gradient, there) => gradient + there)]);
            }
        });
        return part.ToPart();
    }

    GradientCheckPart AbsentCotangents()
    {
        var part = new PartResult("absent cotangents", PartResult.Rounding);
        part.Try("one output's cotangent alone", () =>
        {
            var alone = Enumerable.Range(0, Cotangents.Length)
                .Select(o => PassResult<double>.Of(function, inputs, Cotangents, only: o).Gradients).ToArray();
            for (var i = 0; i < inputs.Count; i++)
            {
                var sum = Gradients[i].Select((_, e) => alone.Sum(gradients => gradients[i][e])).ToArray();
                var size = Gradients[i].Select((_, e) => alone.Sum(gradients => Math.Abs(gradients[i][e])))
                    .DefaultIfEmpty().Max();
                part.Compare(inputs[i].Name, sum, Gradients[i], size);
            }
        });
        return part.ToPart();
    }
}
