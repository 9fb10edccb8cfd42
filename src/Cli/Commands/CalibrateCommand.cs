using System.CommandLine;
using System.Text.Json.Nodes;
using LdNetGpu.Cli.Pages;
using LdNetGpu.Devices;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// <c>ldnet calibrate</c>: fits the temperature of a tagger's probabilities to labelled text, shows it, takes it away.
/// </summary>
sealed class CalibrateCommand : CliCommand
{
    readonly Option<string> model = new("--model") { Description = "A tagger, whole or pruned.", HelpName = "DIR",
        Required = true };
    readonly Option<string?> data = new("--data")
    {
        Description = "Labelled text that the tagger did not learn from, CoNLL columns; without it what the folder "
            + "holds is shown.",
        HelpName = "FILE",
    };

    readonly Option<bool> remove = new("--remove")
    {
        Description = "Takes the temperature out of the folder: probabilities are those of training again.",
    };

    readonly Option<int> bins = NumberOption.Of("--bins", "Bins that calibration errors are taken over.",
        CalibrationText.StandardBins, 1, CalibrationText.MostBins);

    readonly Option<FileInfo?> html = PageFile.Option("Also writes a page with reliability diagrams before and after.");

    public CalibrateCommand() : base("calibrate",
        "Fits a temperature to a tagger's probabilities, so that they say how often it is right. Tags stay.")
    {
        Examples =
        [
            ("ldnet calibrate --model tagger --data dev.conll", "Fits it, and keeps it in the folder."),
            ("ldnet calibrate --model tagger", "Shows it."),
            ("ldnet calibrate --model tagger --remove", "Takes it away."),
        ];
        Notes = "The CRF's scores are divided by the temperature before probabilities are taken of them: 'ldnet tag' "
            + "does that in --confidence, in scores of spans and in --nbest. It is kept in calibration.json.";
        foreach (var option in new Option[] { model, data, remove, bins, html, CommonOptions.Lenient }) Add(option);
        foreach (var option in ColumnOptions.Labelled) Add(option);
        Validators.Add(result =>
        {
            if (result.GetValue(data) is not null)
            {
                if (result.GetValue(remove)) result.AddError("--remove: fits nothing: leave --data out.");
                return;
            }
            foreach (var option in ColumnOptions.Labelled.Concat([bins, html, CommonOptions.Lenient]))
                if (result.GetResult(option) is { Implicit: false })
                    result.AddError($"{option.Name}: goes with --data.");
        });
    }

    protected override int Execute(CommandContext context)
    {
        var folder = context.Value(model);
        if (context.Value(remove)) Remove(context, folder);
        else if (context.Value(data) is { } path) Fit(context, folder, path);
        else Show(context, folder);
        return ExitCode.Success;
    }

    void Fit(CommandContext context, string folder, string path)
    {
        if (context.Value(html) is { } place) PageFile.RequireFolder(place);
        var file = LabelledFiles.Load(context, path);
        using var loaded = TaggerFolder.Load(context.Backend, folder);
        if (SpanTypes.Warning(file, SpanTypes.Of(loaded.Vocabularies.Tags), "the tagger's tags") is { } warning)
            context.Note(warning);
        if (SpanTypes.Of(file.Sentences).Count == 0)
            throw new UserException($"{path}: holds no spans, and says nothing of how sure they are. Give labelled "
                + "text with spans of the tagger's types.");
        var calibration = new TaggerCalibration(loaded, file, context.Progress, context.Cancellation);
        var fitted = calibration.Fit();
        CalibrationReport[] reports =
            [.. new[] { 1, fitted.Temperature }.Select(one => calibration.Measure(one, context.Value(bins)))];
        if (context.Value(html) is { } page)
            PageFile.Write(page, CalibrationText.Page($"Probabilities of {folder} on {path}", reports));
        fitted.Write(folder);
        if (fitted.Temperature is < 1.01 * TaggerCalibration.LeastTemperature
            or > 0.99 * TaggerCalibration.LargestTemperature)
            context.Note($"{path}: the temperature is at the end of its range: the text says too little of it.");
        var json = ToJson(fitted);
        json["before"] = CalibrationText.ToJson(reports[0]);
        json["after"] = CalibrationText.ToJson(reports[1]);
        context.Report(json, writer =>
        {
            CalibrationText.Write(writer, reports);
            writer.WriteLine($"temperature {fitted.Temperature:f4}, kept in {folder}.");
        });
    }

    static void Show(CommandContext context, string folder)
    {
        var found = TaggerTemperature.Read(folder);
        context.Report(found is null ? new() { ["temperature"] = null } : ToJson(found), writer =>
        {
            writer.WriteLine(found is null
                ? $"{folder}: no temperature: probabilities are those of training. --data fits one."
                : $"{folder}: temperature {found.Temperature:f4}, fitted on {found.Sentences:N0} sentences of "
                + $"{found.Data}: loss {found.LossBefore:f4} before, {found.LossAfter:f4} after, nats a sentence.");
            if (found is { IsOfTheseWeights: false })
                writer.WriteLine("It was fitted to other weights, and is not used: fit it anew, or --remove it.");
        });
    }

    static void Remove(CommandContext context, string folder)
    {
        var was = TaggerTemperature.Remove(folder);
        context.Report(new JsonObject { ["removed"] = was },
            writer => writer.WriteLine($"{folder}: {(was ? "temperature removed" : "there was no temperature")}."));
    }

    static JsonObject ToJson(TaggerTemperature temperature) => new()
    {
        ["temperature"] = temperature.Temperature,
        ["data"] = temperature.Data,
        ["sentences"] = temperature.Sentences,
        ["loss_before"] = temperature.LossBefore,
        ["loss_after"] = temperature.LossAfter,
        ["is_of_these_weights"] = temperature.IsOfTheseWeights,
    };
}
