using LdNetGpu.Devices;

namespace LdNetGpu.Autograd;

/// <summary>Collects what one of the further checks compares.</summary>
/// <param name="name">What the report calls it.</param>
/// <param name="allowed">The largest error that passes.</param>
sealed class PartResult(string name, double allowed)
{
    /// <summary>Of numbers that are computed in another order, relative to the largest of their tensor.</summary>
    public const double Rounding = 1e-12;

    readonly List<string> notes = [];
    double worst;
    string place = "nowhere";
    int count;

    /// <summary>Notes one error; what is not a number is infinitely far off.</summary>
    public void Add(string where, double error)
    {
        count++;
        if (double.IsNaN(error)) error = double.PositiveInfinity;
        if (error > worst) (worst, place) = (error, where);
    }

    /// <summary>Notes that the operation gave nothing to compare, and should have.</summary>
    public void Fail(string what)
    {
        if (double.IsPositiveInfinity(worst)) return;
        (worst, place) = (double.PositiveInfinity, what);
    }

    public void Note(string note) => notes.Add(note);

    /// <summary>Compares tensors, each number relative to the largest of its tensor on either side.</summary>
    public void Compare(string where, double[] found, double[] expected) =>
        Compare(where, found, expected, Math.Max(Largest(found), Largest(expected)));

    /// <summary>The same, relative to a size that the caller knows.</summary>
    public void Compare(string where, double[] found, double[] expected, double size)
    {
        for (var i = 0; i < expected.Length; i++)
            Add($"{where}[{i}]",
                found[i] == expected[i] ? 0 : Math.Abs(found[i] - expected[i]) / Math.Max(double.Epsilon, size));
    }

    /// <summary>Runs what may be refused: in words about the arguments it is a note, else a failure.</summary>
    public void Try(string what, Action run)
    {
        try
        {
            run();
        }
        catch (Exception error) when (error is ShapeException or ArgumentException)
        {
            Note($"{what} refused: {error.Message}");
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Fail($"{what}: {error.GetType().Name}: {error.Message}");
        }
    }

    public GradientCheckPart ToPart() => new(name, worst <= allowed, count, worst, allowed, place, notes);

    static double Largest(double[] values) => values.Select(Math.Abs).DefaultIfEmpty().Max();
}
