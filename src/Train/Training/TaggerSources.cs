using System.Text.Json.Serialization;
using LdNetGpu.Devices;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>What a tagger began with besides its text, by its content: files may move.</summary>
/// <param name="LanguageModels">Of both directions; null for none.</param>
/// <param name="Embeddings">Of the file of word vectors; null for none.</param>
/// <param name="Initial">Of the tagger whose weights it began with; null for none.</param>
sealed record TaggerSources(string? LanguageModels, string? Embeddings,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Initial = null)
{
    // What is known of a pipe, which can be read only once.
    const string Unknown = "unknown content";

    /// <summary>Those that a run is given.</summary>
    /// <exception cref="UserException">One is not there.</exception>
    public static TaggerSources Of(TaggerRunOptions run) => new(
        run.LanguageModels is { } models ? OfModels(models) : null,
        run.Embeddings is { } vectors ? OfFile(vectors) : null,
        run.Initial is { } tagger ? OfTagger(tagger) : null);

    /// <summary>Makes sure that a run which goes on is given what it began with, where it is given anything.</summary>
    /// <param name="folder">Where the run is.</param>
    /// <param name="saved">What it began with; null where that was not kept.</param>
    /// <param name="run">What it is given.</param>
    /// <param name="hasModels">Whether the saved tagger has language models.</param>
    /// <exception cref="ResumeException">It began with something else, or with none.</exception>
    /// <exception cref="UserException">One is not there.</exception>
    public static void RequireSame(string folder, TaggerSources? saved, TaggerRunOptions run, bool hasModels)
    {
        if (run.LanguageModels is { } models)
            Require("language models", models, hasModels, saved?.LanguageModels, OfModels);
        if (run.Embeddings is { } vectors)
            Require("word vectors", vectors, saved is null || saved.Embeddings is not null, saved?.Embeddings, OfFile);
        if (run.Initial is { } tagger)
            Require("tagger to begin with", tagger, saved is null || saved.Initial is not null, saved?.Initial,
                OfTagger);

        void Require(string what, string path, bool hadSome, string? before, Func<string, string> contentOf)
        {
            if (!hadSome) throw new ResumeException(folder, $"no {what}", path);
            var here = contentOf(path);
            if (before is not null && before != here && before != Unknown && here != Unknown)
                throw new ResumeException(folder, $"{what} of {before}", $"{path} of {here}");
        }
    }

    static string OfModels(string path)
    {
        var sums = LanguageModelFolder.Both.Select(direction => OfWeights(Path.Combine(path, direction)));
        return $"CRC-32C {string.Join(" and ", sums)}";
    }

    static string OfTagger(string path) => $"CRC-32C {OfWeights(path)}";

    static string OfWeights(string path)
    {
        var folder = new CheckpointFolder(path);
        return folder.Entries.GetValueOrDefault(CheckpointFolder.WeightsFile)?.Crc32c
            ?? Checksum(folder.PathOf(CheckpointFolder.WeightsFile));
    }

    // To ask a pipe for its content, or even to open it once more, would take that from the reader.
    static string OfFile(string path) => File.Exists(path) && new FileInfo(path).Length == 0 ? Unknown
        : $"CRC-32C {Checksum(path)}";

    static string Checksum(string path)
    {
        using var file = Data.InputFile.OpenRaw(path);
        var sum = new Crc32C();
        var buffer = new byte[1 << 16];
        for (int count; (count = file.Read(buffer)) > 0;) sum.Append(buffer.AsSpan(0, count));
        return sum.Value.ToString("x8");
    }
}
