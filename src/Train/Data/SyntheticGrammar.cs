namespace LdNetGpu.Train.Data;

/// <summary>
/// The sentences of the synthetic language. A slot stands in braces: person (one or two words), place and organisation
/// (perhaps with a word that tells the type), any (one bare name of any type), and the fillers noun, adjective, past,
/// number, day, time.
/// </summary>
static class SyntheticGrammar
{
    /// <summary>The words around the name tell its type.</summary>
    public static readonly string[] Person =
    [
        "{person} said that the {noun} was {adjective} .",
        "the doctor , {person} , {past} the {noun} .",
        "{person} and his wife {past} the {noun} {time} .",
        "Mr {person} smiled at the {noun} .",
        "her brother {person} {past} a {adjective} {noun} .",
        "{person} , who was {number} years old , {past} the {noun} .",
        "the singer {person} told us about the {noun} .",
        "{person} married {person} on {day} .",
        "the poet {person} never {past} a {noun} .",
        "{person} was born in {place} .",
        "{person} works for {organisation} .",
    ];

    public static readonly string[] Place =
    [
        "the train to {place} was late on {day} .",
        "it rained in {place} {time} .",
        "people from {place} like the {adjective} {noun} .",
        "the mayor of {place} {past} the {noun} .",
        "the road from {place} to {place} is {adjective} .",
        "they travelled through {place} and {past} a {noun} .",
        "the streets of {place} were {adjective} .",
        "{number} people live in {place} .",
        "north of {place} the {noun} is {adjective} .",
        "the flight landed in {place} {time} .",
        "{organisation} opened an office in {place} .",
    ];

    public static readonly string[] Organisation =
    [
        "shares of {organisation} fell {number} percent on {day} .",
        "{organisation} hired {number} workers {time} .",
        "the chairman of {organisation} {past} the {noun} .",
        "{organisation} bought {organisation} for {number} million .",
        "{organisation} beat {organisation} by {number} points .",
        "profits at {organisation} were {adjective} .",
        "{organisation} sells a {adjective} {noun} .",
        "the lawyers of {organisation} {past} the contract .",
        "{organisation} announced a new {noun} {time} .",
        "customers of {organisation} {past} the {noun} .",
        "{organisation} has its headquarters in {place} .",
    ];

    /// <summary>The words around the name fit every type.</summary>
    public static readonly string[] Neutral =
    [
        "{any} is well known .",
        "we talked about {any} {time} .",
        "{any} was in the news again on {day} .",
        "nobody remembers {any} .",
        "I like {any} more than {any} .",
        "the story about {any} was {adjective} .",
        "{any} , it seems , was {adjective} .",
        "the report does not mention {any} or {any} .",
        "everyone has heard of {any} .",
        "she wrote a {adjective} book about {any} .",
        "{any} became famous {time} .",
        "it was {any} again .",
    ];

    /// <summary>No names.</summary>
    public static readonly string[] Plain =
    [
        "the {noun} was {adjective} .",
        "they {past} the {noun} {time} .",
        "on {day} the {adjective} {noun} was {adjective} .",
        "nobody {past} the {adjective} {noun} .",
        "a {noun} costs {number} crowns .",
        "she {past} a {noun} and a {adjective} {noun} .",
    ];

    /// <summary>Words of one part that are given names there, and how that part uses them otherwise.</summary>
    public static readonly SyntheticAmbiguity[][] Ambiguities =
    [
        [
            new("April", "the shop was closed in April ."), new("Mark", "they mark the {noun} {time} ."),
            new("Rose", "the price rose by {number} percent ."), new("Frank", "frank answers are {adjective} ."),
        ],
        [new("June", "June was {adjective} this year ."), new("Grant", "the grant was {adjective} .")],
        [
            new("August", "in August the {noun} was {adjective} ."), new("Hope", "hope is {adjective} on {day} ."),
            new("Chase", "the chase was {adjective} ."), new("Grace", "she moved with grace {time} ."),
        ],
    ];

    /// <summary>Words that may stand before or after a name inside its span.</summary>
    public static readonly string[] BeforePlace = ["New", "Port", "Lake"], AfterPlace = ["City", "Valley"],
        AfterOrganisation = ["Group", "Bank", "United"];

    public static readonly string[] Nouns =
    [
        "house", "river", "letter", "table", "garden", "engine", "picture", "bridge", "window", "dinner", "market",
        "ship", "song", "plan", "coat",
        "machine", "horse", "book", "lamp", "clock", "field", "church", "school", "wall", "bottle", "paper", "box",
        "chair", "film", "game",
    ];

    public static readonly string[] Adjectives =
    [
        "old", "new", "large", "small", "quiet", "strange", "cheap", "heavy", "bright", "dark", "slow", "famous",
        "empty", "dry", "warm",
        "cold", "simple", "broken", "clean", "dull",
    ];

    public static readonly string[] Past =
    [
        "saw", "wanted", "sold", "painted", "found", "lost", "liked", "repaired", "moved", "forgot", "described",
        "opened", "kept", "carried", "left",
    ];

    public static readonly string[] Numbers = ["two", "three", "five", "seven", "ten", "twelve", "twenty", "thirty",
        "sixty", "ninety"];

    public static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
        "Sunday"];

    public static readonly string[] Times = ["yesterday", "last week", "last year", "this morning", "in the evening",
        "again", "at noon", "long ago"];
}

/// <summary>A word that is a given name and has an ordinary use; no other template holds it.</summary>
sealed record SyntheticAmbiguity(string Name, string OrdinaryUse);
