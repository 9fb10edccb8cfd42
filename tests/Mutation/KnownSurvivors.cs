using System.Text.Json;

namespace LdNetGpu.Mutation;

/// <summary>A fault that no test can find, or that is none, with the reason.</summary>
sealed record KnownSurvivor(string File, string Member, string From, string To, string Reason);

/// <summary>The list in known-survivors.json. It goes by the texts and not by lines, which move.</summary>
sealed class KnownSurvivors(IReadOnlyList<KnownSurvivor> all)
{
    static readonly JsonSerializerOptions Naming = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static KnownSurvivors Read(string file) =>
        new(JsonSerializer.Deserialize<KnownSurvivor[]>(File.ReadAllText(file), Naming)!);

    public string? ReasonOf(Mutant mutant) => all.FirstOrDefault(known => known.File == mutant.File
        && known.Member == mutant.Member && Same(known.From, mutant.From) && Same(known.To, mutant.To))?.Reason;

    /// <summary>Whether two texts of code differ in spaces alone.</summary>
    public static bool Same(string left, string right) =>
        left.Where(letter => letter != ' ').SequenceEqual(right.Where(letter => letter != ' '));
}
