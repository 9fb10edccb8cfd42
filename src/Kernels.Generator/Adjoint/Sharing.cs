using LdNetGpu.Kernels.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>Which lanes reach an element: its own alone, or all of a row, of a column, or of the launch.</summary>
static class Sharing
{
    /// <summary>Null where no two lanes reach the same element; else who sums up.</summary>
    public static Unit? UnitOf(Access access, string lane)
    {
        var places = Apart(access);
        var axes = places.Where(place => !place.IsOpaque).SelectMany(place => place.Axes).ToList();
        bool Has(AxisKind kind) => places.Any(place => place.Only is { } axis && axis.Kind == kind);
        var isOneGrid = axes.Select(term => term.Axis!.Divisor).Distinct().Count() == 1;
        if (Has(AxisKind.Lane) || isOneGrid && Has(AxisKind.Row) && Has(AxisKind.Column)
            || Has(AxisKind.X) && Has(AxisKind.Y))
            return null;
        if (places.Any(place => place.IsOpaque))
            throw Shared(access, "which element it is depends on data, or on more than sums of the lane and of loops' "
                + "indices times what is the same for all: lanes may meet at it, and its gradient would need atomic "
                + "additions, whose order is not fixed",
                "Gather the rows before (GatherRows, whose gradient is a sum by segments), and read them in order");
        if (access.View.IsMatrix || axes.Count > 1 || axes.Any(term => term.Coefficient != "1"))
            throw Shared(access, "it is not seen which lanes meet at an element",
                "Index by the lane of an Index1D, by its row and column (i / columns, i % columns), or take an "
                + "ArrayView for what several lanes read");
        return axes.Count == 0 ? new(lane, "lanes") : axes[0].Axis! switch
        {
            { Kind: AxisKind.Column, Divisor: var columns } => new($"({lane} / {columns})", "rows"),
            { Kind: AxisKind.Row, Divisor: var columns } => new($"({lane} % {columns})", columns),
            { Kind: AxisKind.X } => new($"{lane}.Y", "extent.Y"),
            _ => new($"{lane}.X", "extent.X"),
        };
    }

    /// <summary>
    /// row · width + column, of a view of one axis, as two places: the column is taken to be one of the row.
    /// </summary>
    public static IReadOnlyList<Affine> Apart(Access access)
    {
        if (access.Places.Count != 1) return access.Places;
        var place = access.Places[0];
        var wide = place.Axes.Where(term => term.Coefficient != "1").ToList();
        return wide.Count != 1 ? access.Places :
        [
            Affine.Of(wide[0].Axis!),
            place with { Terms = [.. place.Terms.Where(term => term != wide[0])] },
        ];
    }

    /// <summary>
    /// Accesses of a view beside each other: those of a lane must not meet another's. They do not where all have one
    /// offset, or where offsets are whole numbers of columns.
    /// </summary>
    public static void CheckOffsets(IReadOnlyList<Access> accesses)
    {
        foreach (var access in accesses)
            if (Signature(access) != Signature(accesses[0]))
                throw Shared(access, $"'{accesses[0].Syntax}' goes through the same view in another way, so that lanes "
                    + "meet at its elements", "Go through it in one way, or pass it as two parameters");
        var offsets = accesses.SelectMany(access => Apart(access).Where(place => place.Only is not null)
            .Select(place => (access, Axis: place.Only!, place.Offset))).ToList();
        foreach (var group in offsets.GroupBy(entry => entry.Axis))
            if (group.Select(entry => entry.Offset).Distinct().Skip(1).Any()
                && group.FirstOrDefault(entry => !IsWhole(entry.Axis, entry.Offset)) is { access: { } wrong })
                throw Shared(wrong, "lanes beside each other meet at its elements, and their gradients would race",
                    "Pass shifted copies as parameters of their own, or gather by 'lane of the gradient'");
    }

    /// <summary>An access whose element moves with a loop: along the lanes' own axis it would meet theirs.</summary>
    public static void CheckRounds(Access access)
    {
        foreach (var place in Apart(access))
            if (place.Axes.Any() && place.Terms.Any(term => term.Axis is null && term.Largest != term.Smallest))
                throw Shared(access, "rounds of a loop may come to elements that other lanes come to",
                    "Index by a row of the lane's own, of an Index1D (lane * columns + c), or by the loop alone");
    }

    /// <summary>
    /// A store's elements are one for each lane, or those of a row for each: from the first on, and seen to be so.
    /// </summary>
    public static void CheckStore(Access store)
    {
        CheckRounds(store);
        var places = Apart(store);
        if (places.Any(place => place.IsOpaque))
            throw Shared(store, "which elements are written is not seen, and the others would hold nothing",
                "Write every element of a row, what is not meant being zero");
        if (places[0].Only is not { } axis || places[0].Offset.Length > 0
            || places.Count == 1 && axis.Kind != AxisKind.Lane)
            throw Shared(store, "it is not seen that the elements of all lanes follow each other from the first on",
                "Write at the lane's own index, or at row * columns + column");
    }

    static string Signature(Access access) => string.Join(", ", access.Places.Select(place => string.Join(" + ",
        place.Axes.Select(term => $"{term.Axis} * {term.Coefficient}").OrderBy(text => text, StringComparer.Ordinal))));

    static bool IsWhole(Axis axis, string offset) => offset.Length == 0 || axis.Kind == AxisKind.Column
        && offset.Split(new[] { " + " }, StringSplitOptions.None)
            .All(term => term.Split(new[] { " * " }, StringSplitOptions.None).Contains(axis.Divisor));

    static UnsupportedException Shared(Access access, string reason, string remedy) =>
        new(Unsupported.AdjointSharing, access.Syntax, access.Syntax.ToString(), reason, remedy);
}
