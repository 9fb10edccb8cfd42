using LdNetGpu.Autograd;
using LdNetGpu.Devices.Tuning;

namespace LdNetGpu.Cli.Tuning;

/// <summary>A record of tuning for people.</summary>
/// <param name="Record">What was found out.</param>
/// <param name="IsKept">Whether launches take its values from where it lies.</param>
sealed record TuningReport(TuningRecord Record, string File, bool IsKept)
{
    /// <summary>Every candidate, the fastest first, then why the search ended and what was chosen.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine($"{Record.Key.Kernel} in {Record.Work}"
            + (Record.Key.Sizes.Length > 0 ? $" ({Record.Key.Sizes})" : "") + $", seed {Record.Seed}");
        output.WriteLine($"{Record.Key.Device} ({Record.Key.Driver}), {Record.Key.Flags}");
        output.WriteLine();
        var table = new TextTable([.. Record.Parameters.Select(parameter => parameter.Name), "ms", "noise", "times",
            "standard", "compiled ms", ""]);
        var standard = Record.Results.FirstOrDefault(result => result.Values.SequenceEqual(Record.Standard));
        foreach (var result in Record.Results.OrderBy(result => result.Runtimes.Count > 0 ? result.Median
            : double.MaxValue))
            table.Add([.. result.Values.Select(value => $"{value}"), .. Times(result, standard),
                $"{result.CompilationTime:F0}", Words(result)]);
        table.WriteTo(output);
        output.WriteLine();
        foreach (var result in Record.Results.Where(result => result.Problem is not null))
            output.WriteLine($"{Record.Text(result.Values)}: {result.Outcome.ToString().ToLowerInvariant()}: "
                + result.Problem);
        output.WriteLine(Record.Bound is { } bound
            ? $"bound: {bound:g3} ms by the device's rates, {Record.BoundBy}"
            : Record.BoundBy.Length > 0 ? $"no bound: {Record.BoundBy}" : "no bound is known");
        output.WriteLine($"ended: {Ended}");
        output.WriteLine(Chosen);
    }

    static string[] Times(TuningResult result, TuningResult? standard)
    {
        if (result.Runtimes.Count == 0) return ["", "", "", ""];
        var ratio = standard is { Runtimes.Count: > 0 } ? $"{result.Median / standard.Median:F2}" : "";
        return [$"{result.Median:g3}", $"{SpeedComparison.Noise([.. result.Runtimes.Order()]):P0}",
            $"{result.Runtimes.Count}", ratio];
    }

    string Words(TuningResult result) =>
        result.Values.SequenceEqual(Record.Chosen ?? []) ? "chosen"
        : result.Outcome != TuningOutcome.Correct ? result.Outcome.ToString().ToLowerInvariant()
        : result.Standing == TuningStanding.Slower ? "slower" : "";

    string Ended => Record.End switch
    {
        TuningEnd.Decided => "every other candidate failed or is slower",
        TuningEnd.Roofline => "a candidate is as fast as the device's rates allow",
        TuningEnd.Noise => "the noise does not tell those that are left apart",
        TuningEnd.Budget => "the budget is used up",
        _ => "not yet",
    };

    string Chosen => Record.Chosen is not { } chosen
        ? $"nothing chosen; {File} has what was tried"
        : chosen.SequenceEqual(Record.Standard)
            ? $"chosen: the standard values, {Record.Text(chosen)}; {File} has what was tried"
        : $"chosen: {Record.Text(chosen)}; " + (IsKept
            ? $"launches on this device take them from now on, for they are kept in {File}" : $"written to {File}");
}
