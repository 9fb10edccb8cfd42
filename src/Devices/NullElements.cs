using System.Runtime.CompilerServices;

namespace LdNetGpu.Devices;

/// <summary>Null among the elements of an argument.</summary>
static class NullElements
{
    /// <exception cref="ArgumentNullException">
    /// The list is null, or an element is, which is named as <c>parts[1]</c>.
    /// </exception>
    public static void Refuse<TItem>(IReadOnlyList<TItem> items,
        [CallerArgumentExpression(nameof(items))] string name = "") where TItem : class
    {
        ArgumentNullException.ThrowIfNull(items, name);
        for (var i = 0; i < items.Count; i++) ArgumentNullException.ThrowIfNull(items[i], $"{name}[{i}]");
    }

    /// <summary>The same of items that are read only once: each is looked at when it comes.</summary>
    public static IEnumerable<TItem> Refused<TItem>(IEnumerable<TItem> items, string name) where TItem : class
    {
        var place = 0;
        foreach (var item in items)
        {
            ArgumentNullException.ThrowIfNull(item, $"{name}[{place++}]");
            yield return item;
        }
    }
}
