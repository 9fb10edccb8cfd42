using System.Diagnostics;

namespace LdNetGpu.Devices.Managed;

/// <summary>
/// Where computing with dual numbers gives no derivative, on this thread, from <see cref="Watch"/> until it is disposed
/// of: comparisons of two that are equal and whose tangents are not, so that the derivative holds on one side only, and
/// conversions to other floating-point numbers, which have no tangent.
/// </summary>
public sealed class Ties : IDisposable
{
    const int MostPlaces = 10;

    [ThreadStatic] static Ties? current;

    readonly Ties? outer;
    readonly List<string> places = [];

    Ties(Ties? outer) => this.outer = outer;

    /// <summary>How many there were.</summary>
    public int Count { get; private set; }

    /// <summary>Where they were, each place once, the first ten: <c>SoftmaxKernels.cs:41, both 0</c>.</summary>
    public IReadOnlyList<string> Places => places;

    /// <summary>Begins to count; what was counted before goes on after it.</summary>
    public static Ties Watch() => current = new(current);

    /// <summary>Ends the count.</summary>
    public void Dispose()
    {
        if (current == this) current = outer;
    }

    internal static void Found<T>(T value)
    {
        if (current is { } ties) ties.Add(Invariant($"both {value}"));
    }

    internal static void Lost<T>(T value, Type type)
    {
        if (current is { } ties) ties.Add(Invariant($"{value} made a {type.Name}, its tangent lost"));
    }

    void Add(string what)
    {
        Count++;
        if (places.Count == MostPlaces) return;
        var place = $"{Caller()}, {what}";
        if (!places.Contains(place)) places.Add(place);
    }

    // The nearest method outside the numbers themselves and .NET's own.
    static string Caller()
    {
        foreach (var frame in new StackTrace(3, fNeedFileInfo: true).GetFrames())
        {
            var type = frame.GetMethod()?.DeclaringType;
            if (type is null || type == typeof(Ties) || type.Assembly == typeof(object).Assembly
                || type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dual<>)) continue;
            return frame.GetFileName() is { } file
                ? $"{Path.GetFileName(file)}:{frame.GetFileLineNumber()}" : $"{type.Name}.{frame.GetMethod()!.Name}";
        }
        return "an unknown place";
    }
}
