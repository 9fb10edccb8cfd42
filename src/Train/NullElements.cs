using System.Runtime.CompilerServices;

namespace LdNetGpu.Train;

/// <summary>Null among the elements of an argument.</summary>
static class NullElements
{
    /// <exception cref="ArgumentNullException">
    /// The list is null, or an element is, which is named as <c>sources[1]</c>.
    /// </exception>
    public static void Refuse<TItem>(IReadOnlyList<TItem> items,
        [CallerArgumentExpression(nameof(items))] string name = "") where TItem : class
    {
        ArgumentNullException.ThrowIfNull(items, name);
        for (var i = 0; i < items.Count; i++)
            if (items[i] is null) throw new ArgumentNullException(Invariant($"{name}[{i}]"));
    }
}
