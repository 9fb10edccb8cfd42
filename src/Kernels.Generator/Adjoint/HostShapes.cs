using System.Text.RegularExpressions;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Translation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>
/// What tensors' shapes say of a launch: how many lanes, whether all that is read is there, and the outputs' shapes.
/// </summary>
sealed class HostShapes
{
    const string Max = "global::System.Math.Max", Index2D = "global::ILGPU.Index2D";

    readonly AdjointKernel adjoint;
    readonly Access first;
    readonly string columns;
    readonly bool isPlane;

    public HostShapes(AdjointKernel adjoint)
    {
        this.adjoint = adjoint;
        isPlane = adjoint.Kernel.Method.Parameters[0].Type.IsDialect("Index2D");
        var divisors = adjoint.Views.Concat(adjoint.IntegerViews)
            .SelectMany(view => view.Loads.Concat(view.Stores)).SelectMany(Sharing.Apart)
            .SelectMany(place => place.Axes).Select(term => term.Axis!.Divisor)
            .Where(text => text.Length > 0).Distinct().ToList();
        columns = Host(divisors.FirstOrDefault() ?? "");
        var own = adjoint.Inputs.SelectMany(view => view.Loads)
            .Where(access => !adjoint.InputGradients[access.View].IsSummed && IsPlain(access)).ToList();
        if (divisors.Count > 1)
            throw Wrong("its lanes are divided into rows in two ways", "Divide by one number of columns");
        if (own.Count == 0)
            throw Wrong("how many lanes it has is not told by an input", "Read one input at the lane's own index");
        first = own.FirstOrDefault(access => Sharing.Apart(access).Count == 2) ?? own[0];
    }

    // At the lane's index itself, or in its row.
    static bool IsPlain(Access access)
    {
        var places = Sharing.Apart(access);
        return places[0].Only is not null && places[0].Offset.Length == 0
            && (places.Count == 1 || places[1].Only is null || places[1].Offset.Length == 0
                || places[1].Only!.Kind is AxisKind.Column);
    }

    UnsupportedException Wrong(string reason, string remedy) => new(DiagnosticInfo.At(Unsupported.AdjointForm,
        adjoint.Kernel.Syntax.Identifier.GetLocation(), $"The kernel '{adjoint.Kernel.Method.Name}'", reason, remedy));

    /// <summary>A text of the kernel's in the host's names.</summary>
    public string Host(string text) => adjoint.Operands.Where(operand => operand.Access != operand.Name)
        .Aggregate(text,
            (result, operand) => Regex.Replace(result, $@"\b{Regex.Escape(operand.Access)}\b", operand.Name));

    public string IsAny => isPlane ? "extent.X > 0 && extent.Y > 0" : "lanes > 0";

    bool IsOfRows => Sharing.Apart(first).Count == 2;

    // A row of the first input is a lane's, whatever rows the lanes are divided into.
    bool IsRowALane => IsOfRows && Sharing.Apart(first)[0].Only!.Kind == AxisKind.Lane;

    string Shape => first.View.Name + ".Shape";

    /// <summary>Statements that tell lanes, rows and extent by the first input's shape.</summary>
    public IEnumerable<string> Extent()
    {
        if (isPlane)
        {
            var isTurned = Sharing.Apart(first)[0].Only!.Kind == AxisKind.X;
            var (x, y) = isTurned ? ("Rows", "Columns") : ("Columns", "Rows");
            yield return $"var extent = new {Index2D}({Shape}.{x}, {Shape}.{y});";
            yield break;
        }
        if (IsOfRows && !IsRowALane)
        {
            yield return $"var rows = {Shape}.Rows;";
            yield return columns.Length == 0 ? "var lanes = rows;" : $"var lanes = checked(rows * {columns});";
        }
        else
        {
            yield return IsRowALane ? $"var lanes = {Shape}.Rows;" : $"var lanes = checked((int){Shape}.Count);";
            yield return columns.Length == 0
                ? "var rows = lanes;" : $"var rows = {columns} > 0 ? lanes / {columns} : 0;";
        }
        yield return "var extent = lanes;";
    }

    /// <summary>Statements that refuse shapes with which the kernel would read outside.</summary>
    public IEnumerable<string> Requirements()
    {
        if (columns.Length > 0)
            yield return $"Require({columns} >= 0 && rows * {columns} == lanes, "
                + $"$\"{{{Shape}}} is not made of rows of {{{columns}}}.\");";
        foreach (var factor in adjoint.Factors.Select(Host).Where(factor => factor != columns))
            yield return $"Require({factor} >= 0, "
                + $"$\"{{{factor}}} for {factor.Trim('(', ')')}: places are multiplied by it.\");";
        var required = adjoint.Inputs.Concat(adjoint.IntegerViews).SelectMany(view => view.Loads).SelectMany(Required)
            .Select(Host).Distinct();
        foreach (var text in required.Concat(adjoint.Outputs.SelectMany(Filled))) yield return text;
        var own = adjoint.InputGradients.Values.Where(input => !input.IsSummed).Select(input => input.View).ToList();
        for (var i = 0; i < own.Count; i++)
            foreach (var other in own.Skip(i + 1))
                yield return $"RequireApart({own[i].Name}, {other.Name}, "
                    + $"mayBeSame: {(AreAlike(own[i], other) ? "true" : "false")});";
    }

    // Whether a lane reaches the same element of both, so that they may be one tensor.
    static bool AreAlike(ViewOperand one, ViewOperand other) => one.IsMatrix == other.IsMatrix
        && one.Loads.Concat(other.Loads).Select(access => string.Join(", ", access.Indices)).Distinct().Count() == 1;

    IEnumerable<string> Required(Access access)
    {
        var places = access.Places;
        if (access.View.IsMatrix)
        {
            var shape = access.View.Name + ".Shape";
            for (var axis = 0; axis < 2; axis++)
                if (!places[axis].IsOpaque)
                    yield return Inside(access, places[axis], $"{shape}.{(axis == 0 ? "Rows" : "Columns")}",
                        axis == 0 ? "row" : "column");
        }
        else if (Sharing.Apart(access) is { Count: 2 } apart && apart[0].Only is { } axis)
        {
            var width = places[0].Axes.First(term => term.Axis == axis).Coefficient;
            var count = axis.Kind switch
            {
                AxisKind.Y => "extent.Y",
                AxisKind.X => "extent.X",
                AxisKind.Lane => "lanes",
                AxisKind.Column => axis.Divisor,
                _ => "rows",
            };
            yield return Requires(access, $"{Count(access)} == {count} * ((long){width})",
                $"{{{count}}} rows of {{{width}}} are read");
            if (!apart[1].IsOpaque) yield return Inside(access, apart[1], width, "column");
        }
        else if (places[0].Only is { Kind: AxisKind.Lane } && places[0].Offset.Length == 0)
            yield return !IsOfRows && columns.Length == 0 && access.View != first.View && !IsOfIntegers(access)
                ? $"Require({access.View.Name}.Shape == {Shape}, "
                + $"$\"{{{Shape}}} and {{{access.View.Name}.Shape}} must be equal.\");"
                : Requires(access, $"{Count(access)} == lanes", "an element for each of {lanes} lanes is read");
        else if (!places[0].IsOpaque && !(IsOfIntegers(access) && IsGuarded(access)))
            yield return Inside(access, places[0], Count(access), "element");
    }

    // Where a condition tells whether it is read: lanes may be kept from their neighbours' integers at the ends.
    static bool IsGuarded(Access access) => access.Syntax.Ancestors()
        .TakeWhile(node => node is not MemberDeclarationSyntax)
        .Any(node => node is IfStatementSyntax or ConditionalExpressionSyntax
            || node.IsKind(SyntaxKind.LogicalAndExpression) || node.IsKind(SyntaxKind.LogicalOrExpression));

    bool IsOfIntegers(Access access) => adjoint.IntegerViews.Contains(access.View);

    string Count(Access access) => access.View.Name + (IsOfIntegers(access) ? ".Count" : ".Shape.Count");

    string Requires(Access access, string condition, string what)
    {
        var given = access.View.Name + (IsOfIntegers(access) ? ".Count} integers" : ".Shape}");
        return $"Require({condition}, $\"{{{given} for {access.View.Name}: {what}.\");";
    }

    string Inside(Access access, Affine place, string count, string what) => place.Smallest == "0"
        ? Requires(access, $"{place.Largest} < {count}", $"{what} {{{place.Largest}}} is read")
        : Requires(access, $"{place.Smallest} >= 0 && {place.Largest} < {count}",
            $"{what}s {{{place.Smallest}}} to {{{place.Largest}}} are read, every loop's index taken by itself");

    /// <summary>An output's shape, as C#.</summary>
    public string Output(ViewOperand output)
    {
        var places = output.Stores.Select(Sharing.Apart).ToList();
        if (places[0].Count == 1)
            return IsRowALane || IsOfRows && columns.Length == 0 && !isPlane
                ? $"{Shape}.Rank > 1 ? new({Shape}.Sizes[..^1]) : new(1)"
                : columns.Length > 0 && IsOfRows ? $"{Shape}.WithColumns({columns})" : Shape;
        var width = Pitch(output.Stores[0]) ?? $"{Largest(places.Select(place => place[1]))} + 1";
        var isTurned = isPlane && Sharing.Apart(first)[0].Only!.Kind == AxisKind.X;
        return places[0][0].Only!.Kind switch
        {
            AxisKind.X => $"new(extent.X, {width})",
            AxisKind.Y when isTurned => $"new(extent.Y, {width})",
            AxisKind.Lane when !IsRowALane && (!IsOfRows || columns.Length > 0) => $"new(lanes, {width})",
            AxisKind.Row when IsRowALane => $"new(rows, {width})",
            AxisKind.Row when !IsOfRows => $"{Shape}.Columns == {width} ? {Shape} : new(rows, {width})",
            _ => $"{Shape}.WithColumns({width})",
        };
    }

    // What a row of a view of one axis is multiplied by; null for a matrix.
    string? Pitch(Access access) => access.View.IsMatrix ? null : Host(access.Places[0].Axes
        .First(term => term.Axis == Sharing.Apart(access)[0].Only && term.Coefficient != "1").Coefficient);

    // A row is written from its first element to its last.
    IEnumerable<string> Filled(ViewOperand output)
    {
        var columnsOf = output.Stores.Select(Sharing.Apart).Where(places => places.Count == 2)
            .Select(places => places[1]).ToList();
        if (columnsOf.Count == 0) yield break;
        if (columnsOf.All(place => place.Smallest != "0"))
            yield return $"Require({Host(columnsOf[0].Smallest)} == 0, "
                + $"\"{output.Name}: its rows are written from another element on than their first.\");";
        if (Pitch(output.Stores[0]) is { } pitch)
            yield return $"Require({Largest(columnsOf)} + 1 == {pitch}, "
                + $"$\"{output.Name}: rows of {{({pitch})}} are written up to element {{({Largest(columnsOf)})}}.\");";
    }

    // What depends on data is taken to be below 5, in a check.
    string Largest(IEnumerable<Affine> places) => places.Select(place => place.IsOpaque ? "4" : Host(place.Largest))
        .Distinct().Aggregate((one, other) => $"{Max}({one}, {other})");

    /// <summary>The lanes of a gradient check in words; what is an argument of it must fit them.</summary>
    public string CheckedLanes => isPlane ? "5 x 3 lanes, X by Y"
        : columns.Length > 0 ? $"3 rows of {columns} lanes" : IsOfRows ? "3 rows" : "15 lanes";

    /// <summary>Statements that choose a gradient check's sizes: three rows, of five where nothing says more.</summary>
    public IEnumerable<string> CheckedExtent()
    {
        if (isPlane)
        {
            yield return $"var extent = new {Index2D}(5, 3);";
            yield break;
        }
        yield return $"var rows = {(columns.Length > 0 || IsOfRows ? 3 : 15)};";
        yield return columns.Length > 0 ? $"var lanes = rows * {columns};" : "var lanes = rows;";
    }

    /// <summary>An input's sizes in that check.</summary>
    public string Checked(ViewOperand view)
    {
        var places = view.Loads.Select(Sharing.Apart).ToList();
        string Size(int axis) => Largest(places.Select(place => place[axis])) + " + 1";
        return places[0].Count == 2 ? $"{Size(0)}, {Pitch(view.Loads[0]) ?? Size(1)}"
            : places[0][0].Only is { Kind: AxisKind.Lane } && columns.Length == 0 && !IsOfRows ? "3, 5" : Size(0);
    }
}
