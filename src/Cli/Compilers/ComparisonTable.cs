namespace LdNetGpu.Cli.Compilers;

/// <summary>
/// A comparison for people: a kernel a row below its class, each figure as a pair, ILGPU's and the text's. A column
/// that is 0 in every row is named below the table instead.
/// </summary>
/// <param name="width">Columns of the terminal. A table that is wider leaves virtual registers out and has its notes
/// below.</param>
sealed class ComparisonTable(IReadOnlyList<KernelComparison> rows, int width)
{
    const string None = "-";

    readonly IReadOnlyList<ComparisonColumn> empty =
        [.. ComparisonColumn.All.Where(
            column => rows.All(row => IsZero(row.Ilgpu, column) && IsZero(row.Text, column)))];

    /// <summary>Writes the table and what is to be said of it.</summary>
    public void WriteTo(TextWriter output)
    {
        var columns = ComparisonColumn.All.Except(empty).ToList();
        var lines = Lines(columns, hasNotes: true);
        var isNarrow = lines.Max(line => line.Length) > width;
        if (isNarrow) lines = Lines([.. columns.Except([ComparisonColumn.Virtual])], hasNotes: false);
        foreach (var line in lines) output.WriteLine(line);
        if (empty.Count > 0)
            output.WriteLine($"0 in every row: {string.Join(", ", empty.Select(column => column.Header))}.");
        if (isNarrow)
        {
            output.WriteLine($"Left out for want of room: {ComparisonColumn.Virtual.Header}.");
            foreach (var alike in rows.Where(row => Note(row).Length > 0).GroupBy(Note))
                output.WriteLine($"{alike.Key}: {string.Join(", ", alike.Select(row => row.Kernel.Name))}.");
        }
        if (Median() is { } median) output.WriteLine(median);
    }

    string[] Lines(IReadOnlyList<ComparisonColumn> columns, bool hasNotes)
    {
        var cells = columns.Select(Pairs).ToList();
        var table = new TextTable(["ILGPU / text", .. columns.Select(column => column.Header), .. Last("note")]);
        for (var i = 0; i < rows.Count; i++)
        {
            if (i == 0 || rows[i].Class != rows[i - 1].Class)
                table.Add([rows[i].Class, .. columns.Select(_ => ""), .. Last("")]);
            table.Add(["  " + rows[i].Method, .. cells.Select(column => column[i]), .. Last(Note(rows[i]))]);
        }
        var text = new StringWriter();
        table.WriteTo(text);
        return text.ToString().TrimEnd().Split(Environment.NewLine);

        string[] Last(string cell) => hasNotes && rows.Any(row => Note(row).Length > 0) ? [cell] : [];
    }

    // Padded so that the strokes stand in one line.
    string[] Pairs(ComparisonColumn column)
    {
        string[] left = [.. rows.Select(row => Figure(row.Ilgpu, column))],
            right = [.. rows.Select(row => Figure(row.Text, column))];
        var (leftWidth, rightWidth) = (left.Max(cell => cell.Length), right.Max(cell => cell.Length));
        return [.. left.Zip(right, (one, other) => $"{one.PadLeft(leftWidth)}/{other.PadLeft(rightWidth)}")];
    }

    string? Median()
    {
        double[] ratios = [.. rows.Select(row => row.Ratio).OfType<double>().Order()];
        return ratios.Length < 2
            ? null
            : $"Of the {ratios.Length} kernels that call no library ILGPU has {ratios[ratios.Length / 2]:F2} times the "
            + $"text's instructions in the median, {ratios[0]:F2} to {ratios[^1]:F2}.";
    }

    static string Note(KernelComparison row) => row switch
    {
        { Ilgpu.Failed: true, Text.Failed: true } => "neither compiles",
        { Ilgpu.Failed: true } => "ILGPU does not compile it",
        { Text.Failed: true } => "clang does not compile it",
        { Ilgpu.Counts.IsRecursive: true } => "ILGPU's calls itself",
        { Text.Counts.IsRecursive: true } => "the text's calls itself",
        _ => row.Ilgpu.Problem ?? "",
    };

    static string Figure(CompilerResult result, ComparisonColumn column) =>
        result.Counts is { } counts ? column.Value(counts).ToString() : None;

    static bool IsZero(CompilerResult result, ComparisonColumn column) => result.Counts is not { } counts
        || column.Value(counts) == 0;
}
