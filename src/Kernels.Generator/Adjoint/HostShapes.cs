using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Translation;
using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>
/// What the tensors' shapes say of a launch: how many lanes, whether all that is read is there, and the outputs' shapes.
/// </summary>
sealed class HostShapes
{
    readonly AdjointKernel adjoint;
    readonly Access first;
    readonly string columns;
    readonly bool isPlane;

    public HostShapes(AdjointKernel adjoint)
    {
        this.adjoint = adjoint;
        isPlane = adjoint.Kernel.Method.Parameters[0].Type.IsDialect("Index2D");
        var divisors = adjoint.Views.SelectMany(view => view.Loads.Concat(view.Stores)).SelectMany(Sharing.Apart)
            .SelectMany(place => place.Axes).Select(term => term.Axis!.Divisor).Where(text => text.Length > 0).Distinct().ToList();
        columns = divisors.FirstOrDefault() ?? "";
        var own = adjoint.Inputs.SelectMany(view => view.Loads)
            .Where(access => !adjoint.InputGradients[access.View].IsSummed && Plain(access)).ToList();
        if (divisors.Count > 1 || own.Count == 0)
            throw new UnsupportedException(DiagnosticInfo.At(Unsupported.AdjointForm,
                adjoint.Kernel.Syntax.Identifier.GetLocation(), $"The kernel '{adjoint.Kernel.Method.Name}'",
                divisors.Count > 1 ? "its lanes are divided into rows in two ways"
                    : "how many lanes it has is not told by an input",
                divisors.Count > 1 ? "Divide by one number of columns" : "Read one input at the lane's own index"));
        first = own.FirstOrDefault(access => Sharing.Apart(access).Count == 2) ?? own[0];
    }

    // At the lane's index itself, or in its row.
    static bool Plain(Access access)
    {
        var places = Sharing.Apart(access);
        return places[0].Only is not null && places[0].Offset.Length == 0
            && (places.Count == 1 || places[1].Only is null || places[1].Offset.Length == 0
                || places[1].Only!.Kind is AxisKind.Column);
    }

    public string IsAny => isPlane ? "extent.X > 0 && extent.Y > 0" : "lanes > 0";

    bool IsOfRows => Sharing.Apart(first).Count == 2;

    /// <summary>Statements that tell lanes, rows and extent by the first input's shape.</summary>
    public string Extent(string indent) => Extent(indent, $"{first.View.Name}.Shape");

    string Extent(string indent, string shape)
    {
        if (isPlane)
        {
            var isTurned = Sharing.Apart(first)[0].Only!.Kind == AxisKind.X;
            var (x, y) = isTurned ? ("Rows", "Columns") : ("Columns", "Rows");
            return $"{indent}var extent = new global::ILGPU.Index2D({shape}.{x}, {shape}.{y});\n";
        }
        var lines = columns.Length == 0
            ? $"{indent}var lanes = {(IsOfRows ? $"{shape}.Rows" : $"checked((int){shape}.Count)")};\n{indent}var rows = lanes;\n"
            : IsOfRows ? $"{indent}var rows = {shape}.Rows;\n{indent}var lanes = checked(rows * {columns});\n"
            : $"{indent}var lanes = checked((int){shape}.Count);\n{indent}var rows = {columns} > 0 ? lanes / {columns} : 0;\n";
        return lines + $"{indent}var extent = lanes;\n";
    }

    /// <summary>Statements that refuse shapes in which the kernel would read outside.</summary>
    public IEnumerable<string> Requirements()
    {
        if (columns.Length > 0)
            yield return $"Require({columns} >= 0 && rows * {columns} == lanes, $\"{{{first.View.Name}.Shape}} is not made of rows of {{{columns}}}.\");";
        foreach (var text in adjoint.Inputs.SelectMany(view => view.Loads).SelectMany(Required).Distinct()) yield return text;
        var inputs = adjoint.InputGradients.Values.Where(input => !input.IsSummed).Select(input => input.View).ToList();
        for (var i = 0; i < inputs.Count; i++)
            for (var j = i + 1; j < inputs.Count; j++)
                yield return $"RequireApart({inputs[i].Name}, {inputs[j].Name}, mayBeSame: {(AreAlike(inputs[i], inputs[j]) ? "true" : "false")});";
    }

    // Whether a lane reaches the same element of both, so that they may be one tensor.
    static bool AreAlike(ViewOperand one, ViewOperand other) => one.IsMatrix == other.IsMatrix
        && one.Loads.Concat(other.Loads).Select(access => string.Join(", ", access.Indices)).Distinct().Count() == 1;

    IEnumerable<string> Required(Access access)
    {
        var (view, shape) = (access.View.Name, access.View.Name + ".Shape");
        var places = access.Places;
        if (!access.View.IsMatrix)
        {
            if (places[0].IsOpaque) yield break;
            if (places[0].Only is { Kind: AxisKind.Lane } && places[0].Offset.Length == 0)
                yield return $"Require({shape}.Count == lanes, $\"{{{shape}}} for {view}: an element for each of {{lanes}} lanes is read.\");";
            else if (Sharing.Apart(access) is { Count: 2 } apart && apart[0].Only is { } axis)
            {
                var width = places[0].Axes.First(term => term.Axis == axis).Coefficient;
                var count = axis.Kind == AxisKind.Y ? "extent.Y" : axis.Kind == AxisKind.X ? "extent.X" : "rows";
                yield return $"Require({shape}.Count == {count} * ((long){width}) && {apart[1].Largest} < {width} && {apart[1].Smallest} >= 0, "
                    + $"$\"{{{shape}}} for {view}: {{{count}}} rows of {{{width}}} are read, up to column {{{apart[1].Largest}}}.\");";
            }
            else
                yield return $"Require({places[0].Largest} < {shape}.Count && {places[0].Smallest} >= 0, "
                    + $"$\"{{{shape}}} for {view}: element {{{places[0].Largest}}} is read.\");";
            yield break;
        }
        if (!places[0].IsOpaque)
            yield return $"Require({places[0].Largest} < {shape}.Rows && {places[0].Smallest} >= 0, "
                + $"$\"{{{shape}}} for {view}: row {{{places[0].Largest}}} is read.\");";
        if (!places[1].IsOpaque)
            yield return $"Require({places[1].Largest} < {shape}.Columns && {places[1].Smallest} >= 0, "
                + $"$\"{{{shape}}} for {view}: column {{{places[1].Largest}}} is read.\");";
    }

    public string Output(ViewOperand output)
    {
        var shape = first.View.Name + ".Shape";
        var places = output.Stores.Select(Sharing.Apart).ToList();
        if (places[0].Count == 1)
            return IsOfRows && columns.Length == 0 && !isPlane
                ? $"{shape}.Rank > 1 ? new({shape}.Sizes[..^1]) : new(1)"
                : columns.Length > 0 && IsOfRows ? $"{shape}.WithColumns({columns})" : shape;
        var width = places.Select(place => place[1].Largest).Distinct().Aggregate((one, other) => $"global::System.Math.Max({one}, {other})");
        return places[0][0].Only?.Kind == AxisKind.X
            ? $"new(extent.X, {width} + 1)" : $"{shape}.WithColumns({width} + 1)";
    }

    /// <summary>Statements that choose sizes for a gradient check: three rows, of five where nothing says how many.</summary>
    public string CheckedExtent(string indent) => isPlane
        ? $"{indent}var extent = new global::ILGPU.Index2D(5, 3);\n"
        : columns.Length > 0 ? $"{indent}var rows = 3;\n{indent}var lanes = rows * {columns};\n"
        : IsOfRows ? $"{indent}var rows = 3;\n{indent}var lanes = rows;\n"
        : $"{indent}var rows = 15;\n{indent}var lanes = rows;\n";

    /// <summary>An input's sizes in that check.</summary>
    public string Checked(ViewOperand view)
    {
        var access = view.Loads[0];
        var places = Sharing.Apart(access);
        string Size(int axis) => view.Loads.Select(load => Sharing.Apart(load)[axis])
            .Select(place => place.IsOpaque ? "4" : place.Largest).Distinct()
            .Aggregate((one, other) => $"global::System.Math.Max({one}, {other})") + " + 1";
        return places.Count == 2 ? $"{Size(0)}, {Size(1)}"
            : places[0].Only is { Kind: AxisKind.Lane } && columns.Length == 0 && !IsOfRows ? "3, 5"
            : Size(0);
    }
}
