using System.CommandLine;
using System.Text.Json.Nodes;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Model;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// <c>ldnet gradcheck</c>: every operation's and every model block's gradient against central differences and against
/// dual numbers.
/// </summary>
sealed class GradCheckCommand : CliCommand
{
    readonly Option<string?> filter =
        new("--filter") { Description = "Only checks whose name contains this, in any case.", HelpName = "TEXT" };

    readonly Option<bool> thorough =
        new("--thorough") { Description = "Also float, second derivatives, aliased and strided inputs; slower." };

    public GradCheckCommand()
        : base("gradcheck", "Checks the gradient of every operation and model block.")
    {
        Examples =
        [
            ("ldnet gradcheck", "All of them; exit code 1 when one fails."),
            ("ldnet gradcheck --filter tagger --seed 7", "The taggers, with other random weights."),
            ("ldnet gradcheck --thorough --filter linear", "All that can be checked, of products."),
            ("ldnet gradcheck --json", "The same for a script."),
        ];
        Notes =
            "In double precision: derivatives one by one and along random directions through all parameters at once, "
            + "against a random cotangent. The error from central differences is relative to the derivative where that "
            + "exceeds 1, else absolute. All are held against dual numbers too (J v, exact but for rounding, by the "
            + "kernels in C#; of model blocks along a direction through each parameter, and through all): that error "
            + "is relative to the sum of the magnitudes of what is added up. Each runs twice to the same bits. "
            + "--thorough extrapolates the differences, and adds float against double in units of the last place, "
            + "Hessian-vector products, and of operations one tensor for two inputs, and inputs that are columns of a "
            + "wider tensor.";
        Add(filter);
        Add(thorough);
    }

    protected override int Execute(CommandContext context)
    {
        var backend = context.DoubleBackend;
        var text = context.Value(filter);
        var cases = new OperationChecks(backend, context.Seed).All()
            .Concat(new ModelChecks(backend, context.Seed).All())
            .Where(entry => text is null || entry.Name.Contains(text, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (cases.Length == 0)
            throw new UserException(
                $"--filter {text}: no check has that in its name; 'ldnet gradcheck' runs and lists all.");
        var options = (context.Value(thorough) ? GradientCheckOptions.Thorough : new()) with { Seed = context.Seed };
        var reports = Run(cases, options, context);
        context.Report(ToJson(reports, options), output => Write(reports, options, output));
        return reports.All(report => report.Passed) ? ExitCode.Success : ExitCode.UserFault;
    }

    static List<GradientCheckReport> Run(GradientCheckCase[] cases, GradientCheckOptions options,
        CommandContext context)
    {
        using var progress = context.StartProgress("gradient checks", cases.Length, "checks");
        var reports = new List<GradientCheckReport>();
        foreach (var entry in cases)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            reports.Add(entry.Run(options));
            progress.Advance(1, entry.Name);
        }
        return reports;
    }

    static JsonObject ToJson(List<GradientCheckReport> reports, GradientCheckOptions options) => new()
    {
        ["passed"] = reports.All(report => report.Passed),
        ["tolerance"] = options.Tolerance,
        ["dual_tolerance"] = options.DualTolerance,
        ["derivatives"] = reports.Sum(report => report.Checked),
        ["checks"] = new JsonArray([.. reports.Select(report => (JsonNode)new JsonObject
        {
            ["name"] = report.Name,
            ["passed"] = report.Passed,
            ["derivatives"] = report.Checked,
            // JSON has no infinity: a derivative that is not a number has no error that could be told.
            ["worst_error"] = double.IsFinite(report.Worst.Error) ? report.Worst.Error : null,
            ["place"] = report.Worst.Place,
            ["analytic"] = double.IsFinite(report.Worst.Analytic) ? report.Worst.Analytic : null,
            ["numeric"] = double.IsFinite(report.Worst.Numeric) ? report.Worst.Numeric : null,
            ["dual"] = report.Dual is { } dual ? ToJson(dual) : null,
            ["parts"] = new JsonArray([.. report.Parts.Select(part => (JsonNode)ToJson(part))]),
        })]),
    };

    static JsonObject ToJson(GradientCheckPart part) => new()
    {
        ["name"] = part.Name,
        ["passed"] = part.Passed,
        ["compared"] = part.Checked,
        ["worst_error"] = double.IsFinite(part.Worst) ? part.Worst : null,
        ["allowed"] = part.Allowed,
        ["place"] = part.Place,
        ["notes"] = new JsonArray([.. part.Notes.Select(note => (JsonNode)note)]),
    };

    static JsonObject ToJson(DualCheckReport dual) => new()
    {
        ["passed"] = dual.Passed,
        ["derivatives"] = dual.Checked,
        ["worst_error"] = dual.Lost.Count == 0 && double.IsFinite(dual.Worst.Error) ? dual.Worst.Error : null,
        ["place"] = dual.Worst.Place,
        ["ties"] = new JsonArray([.. dual.Ties.Select(place => (JsonNode)place)]),
        ["lost"] = new JsonArray([.. dual.Lost.Select(place => (JsonNode)place)]),
    };

    static void Write(List<GradientCheckReport> reports, GradientCheckOptions options, TextWriter output)
    {
        var table = new TextTable("check", "derivatives", "worst error", "at", "by dual numbers", "passed");
        foreach (var report in reports)
            table.Add(report.Name, Whole(report.Checked), Error(report.Worst.Error), report.Worst.Place,
                Exactly(report.Dual), report.Passed ? "yes" : "NO");
        table.Add(reports.Count == 1 ? "1 check" : $"{reports.Count} checks",
            Whole(reports.Sum(report => report.Checked)), Error(reports.Max(report => report.Worst.Error)),
            reports.MaxBy(report => report.Worst.Error)!.Name,
            Exactly(reports.Select(report => report.Dual).Where(dual => dual is { Lost.Count: 0 })
                .MaxBy(dual => dual!.Worst.Error)),
            reports.All(report => report.Passed) ? "yes" : "NO");
        table.WriteTo(output);
        output.WriteLine();
        WriteParts(reports, output);
        foreach (var report in reports.Where(report => !report.Passed)) output.WriteLine(report);
        output.WriteLine($"An error up to {options.Tolerance:g1} passes, by dual numbers {options.DualTolerance:g1}.");
    }

    static void WriteParts(List<GradientCheckReport> reports, TextWriter output)
    {
        var parts = reports.SelectMany(report => report.Parts.Select(part => (report.Name, Part: part)))
            .GroupBy(entry => entry.Part.Name).ToArray();
        if (parts.Length == 0) return;
        var table = new TextTable("beside them", "numbers", "worst error", "allowed", "of", "at", "passed");
        foreach (var part in parts)
        {
            var (name, worst) = part.MaxBy(entry => entry.Part.Worst);
            table.Add(part.Key, Whole(part.Sum(entry => entry.Part.Checked)), Error(worst.Worst), Error(worst.Allowed),
                worst.Worst == 0 ? "" : name, worst.Worst == 0 ? "" : worst.Place,
                part.All(entry => entry.Part.Passed) ? "yes" : "NO");
        }
        table.WriteTo(output);
        output.WriteLine();
    }

    static string Exactly(DualCheckReport? dual) =>
        dual is null ? "" : dual.Lost.Count > 0 ? "in double alone" : Error(dual.Worst.Error);

    static string Whole(int value) => value.ToString("N0");

    static string Error(double value) => value.ToString("0.0e+00");
}
