using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>
/// Names of one part of the labelled text. All are made of the same syllables, so a name's look says nothing of its
/// type. Some places share their name with an organisation or a family.
/// </summary>
sealed record SyntheticNames(string[] Given, string[] Family, string[] Places, string[] Organisations,
    string[] PlaceAndOrganisation, string[] PlaceAndFamily)
{
    static readonly string[] Onsets = ["b", "br", "c", "d", "dr", "f", "g", "gl", "h", "k", "l", "m", "n", "p", "r",
        "s", "st", "t", "tr", "v", "w", "z"];
    static readonly string[] Vowels = ["a", "e", "i", "o", "u", "ai", "or", "en", "al", "ir"];
    static readonly string[] Codas = ["", "", "n", "l", "r", "s", "th", "m", "ck"];

    /// <summary>Every word of the part's names.</summary>
    public IEnumerable<string> All =>
        [.. Given, .. Family, .. Places, .. Organisations, .. PlaceAndOrganisation, .. PlaceAndFamily];

    /// <summary>
    /// Draws names that <paramref name="taken"/> does not hold yet, <paramref name="perKind"/> of each kind.
    /// </summary>
    public static SyntheticNames Draw(int perKind, HashSet<string> taken, RandomStream random)
    {
        var shared = Math.Max(1, perKind / 10);
        return new SyntheticNames(Fresh(perKind), Fresh(perKind), Fresh(perKind), Fresh(perKind), Fresh(shared),
            Fresh(shared));

        string[] Fresh(int count)
        {
            var names = new string[count];
            for (var i = 0; i < count; i++)
                do names[i] = Name(random); while (!taken.Add(names[i].ToLowerInvariant()));
            return names;
        }
    }

    static string Name(RandomStream random)
    {
        var syllables = 2 + random.NextInt(2);
        var name = "";
        for (var i = 0; i < syllables; i++) name += Pick(Onsets, random) + Pick(Vowels, random);
        name += Pick(Codas, random);
        return char.ToUpperInvariant(name[0]) + name[1..];
    }

    static string Pick(string[] items, RandomStream random) => items[random.NextInt(items.Length)];
}
