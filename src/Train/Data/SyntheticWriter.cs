using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>Turns templates into sentences with the names of one or several parts.</summary>
sealed class SyntheticWriter
{
    readonly RandomStream random;
    readonly Deck given, families, places, organisations;
    readonly Deck[] bare;
    readonly List<string> ordinaryUses = [];

    /// <param name="parts">Whose names are drawn, all equally often.</param>
    /// <param name="random">Draws everything.</param>
    public SyntheticWriter(IReadOnlyList<(SyntheticNames Names, SyntheticAmbiguity[] Ambiguities)> parts,
        RandomStream random)
    {
        this.random = random;
        var names = parts.Select(part => part.Names).ToArray();
        ordinaryUses.AddRange(parts.SelectMany(part => part.Ambiguities).Select(word => word.OrdinaryUse));
        given = new Deck([.. names.SelectMany(part => part.Given),
            .. parts.SelectMany(part => part.Ambiguities).Select(word => word.Name)], random);
        families = new Deck(names.SelectMany(part => part.Family.Concat(part.PlaceAndFamily)), random);
        places = new Deck(
            names.SelectMany(part => part.Places.Concat(part.PlaceAndOrganisation).Concat(part.PlaceAndFamily)),
            random);
        organisations = new Deck(names.SelectMany(part => part.Organisations.Concat(part.PlaceAndOrganisation)),
            random);
        // A name of two types in a sentence that tells neither would be a riddle without an answer.
        bare =
        [
            new Deck(names.SelectMany(part => part.Given.Concat(part.Family)), random),
            new Deck(names.SelectMany(part => part.Places), random),
            new Deck(names.SelectMany(part => part.Organisations), random),
        ];
    }

    /// <summary>A sentence and its tags in IOB2.</summary>
    /// <param name="neutralShare">Share of the sentences with names whose other words fit every type.</param>
    /// <param name="namelessShare">Share of sentences without names, half of them ordinary uses of words that are names
    /// elsewhere.</param>
    public (string[] Words, string[] Tags) Sentence(double neutralShare, double namelessShare)
    {
        var template = random.NextDouble() < namelessShare
            ? random.NextInt(2) == 0 ? Pick(SyntheticGrammar.Plain) : ordinaryUses[random.NextInt(ordinaryUses.Count)]
            : random.NextDouble() < neutralShare
                ? Pick(SyntheticGrammar.Neutral)
                : Pick(random.NextInt(3) switch
                {
                    0 => SyntheticGrammar.Person,
                    1 => SyntheticGrammar.Place,
                    _ => SyntheticGrammar.Organisation,
                });
        var words = new List<string>();
        var spans = new List<EntitySpan>();
        foreach (var piece in template.Split(' '))
        {
            var (filling, type) = Fill(piece);
            if (type is not null) spans.Add(new EntitySpan(words.Count, words.Count + filling.Length, type));
            words.AddRange(filling);
        }
        words[0] = char.ToUpperInvariant(words[0][0]) + words[0][1..];
        return ([.. words], TagConversion.FromSpans(spans, words.Count, TagScheme.Iob2));
    }

    (string[] Words, string? Type) Fill(string piece) => piece switch
    {
        "{person}" => (Person(), SyntheticCorpus.Person),
        "{place}" => (random.NextInt(6) switch
        {
            0 => [Pick(SyntheticGrammar.BeforePlace), places.Next()],
            1 => [places.Next(), Pick(SyntheticGrammar.AfterPlace)],
            _ => [places.Next()],
        }, SyntheticCorpus.Place),
        "{organisation}" => (random.NextInt(3) == 0
            ? [organisations.Next(), Pick(SyntheticGrammar.AfterOrganisation)]
            : [organisations.Next()], SyntheticCorpus.Organisation),
        "{any}" => Any(),
        "{noun}" => ([Pick(SyntheticGrammar.Nouns)], null),
        "{adjective}" => ([Pick(SyntheticGrammar.Adjectives)], null),
        "{past}" => ([Pick(SyntheticGrammar.Past)], null),
        "{number}" => ([Pick(SyntheticGrammar.Numbers)], null),
        "{day}" => ([Pick(SyntheticGrammar.Days)], null),
        "{time}" => (Pick(SyntheticGrammar.Times).Split(' '), null),
        _ => ([piece], null),
    };

    string[] Person() => random.NextInt(4) switch
    {
        0 => [families.Next()],
        1 => [given.Next()],
        _ => [given.Next(), families.Next()],
    };

    (string[], string) Any()
    {
        var type = random.NextInt(3);
        return ([bare[type].Next()], SyntheticCorpus.Types[type]);
    }

    string Pick(string[] items) => items[random.NextInt(items.Length)];

    /// <summary>Deals every name once before any comes again.</summary>
    sealed class Deck(IEnumerable<string> names, RandomStream random)
    {
        readonly string[] cards = [.. names];
        int next;

        public string Next()
        {
            if (next == 0) random.Shuffle<string>(cards);
            var card = cards[next];
            next = (next + 1) % cards.Length;
            return card;
        }
    }
}
