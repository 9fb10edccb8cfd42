using System.Diagnostics;

namespace LdNetGpu.Devices.Managed;

/// <summary>
/// Where computing with dual numbers gives no derivative, on this thread, from <see cref="Begin"/> until it is disposed
/// of.
/// </summary>
public sealed class TangentWatch : IDisposable
{
    const int MostPlaces = 10;

    [ThreadStatic] static TangentWatch? current;

    readonly TangentWatch? outer;
    readonly List<string> ties = [], lost = [];

    TangentWatch(TangentWatch? outer) => this.outer = outer;

    /// <summary>
    /// Comparisons of two that are finite, equal, and whose tangents are not: the derivative holds on one side only.
    /// </summary>
    public int Ties { get; private set; }

    /// <summary>Where they were, each place once, the first ten: <c>SoftmaxKernels.cs:41, both 0</c>.</summary>
    public IReadOnlyList<string> TiePlaces => ties;

    /// <summary>
    /// Conversions of one with a tangent to another floating-point number, which has none: the derivative is wrong.
    /// </summary>
    public int Lost { get; private set; }

    /// <summary>Where they were, each place once, the first ten.</summary>
    public IReadOnlyList<string> LostPlaces => lost;

    /// <summary>Begins to count; what was counted before goes on after it.</summary>
    public static TangentWatch Begin() => current = new(current);

    /// <summary>Ends the count.</summary>
    public void Dispose()
    {
        if (current == this) current = outer;
    }

    internal static void Tie<T>(T value)
    {
        if (current is not { } watch) return;
        watch.Ties++;
        Add(watch.ties, Invariant($"both {value}"));
    }

    internal static void Lose<T>(T value, Type type)
    {
        if (current is not { } watch) return;
        watch.Lost++;
        Add(watch.lost, Invariant($"{value} to {type.Name}"));
    }

    static void Add(List<string> places, string what)
    {
        if (places.Count == MostPlaces) return;
        var place = $"{Caller()}, {what}";
        if (!places.Contains(place)) places.Add(place);
    }

    // The nearest method outside the numbers themselves and .NET's own.
    static string Caller()
    {
        foreach (var frame in new StackTrace(fNeedFileInfo: true).GetFrames())
        {
            var type = frame.GetMethod()?.DeclaringType;
            if (type is null || type == typeof(TangentWatch) || type.Assembly == typeof(object).Assembly
                || type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dual<>)) continue;
            return frame.GetFileName() is { } file
                ? $"{Path.GetFileName(file)}:{frame.GetFileLineNumber()}" : $"{type.Name}.{frame.GetMethod()!.Name}";
        }
        return "an unknown place";
    }
}
