namespace LdNetGpu.Train.Data;

/// <summary>Finds tags without a type among tags with one: a slip in a file of <c>B-PER</c>, no slip in one of
/// <c>B</c>.</summary>
sealed class TagTypes
{
    (string Tag, int Line)? firstUntyped;

    /// <summary>The first tag with a type; null so far.</summary>
    public string? Typed { get; private set; }

    /// <summary>The first tag without one, where there are both; null while there are not.</summary>
    public (string Tag, int Line)? Untyped => Typed is null ? null : firstUntyped;

    /// <summary>Looks at one sentence, which has tags.</summary>
    public void Add(Sentence sentence)
    {
        for (var i = 0; i < sentence.Tags!.Length && (Typed is null || firstUntyped is null); i++)
        {
            var tag = Tag.Parse(sentence.Tags[i]);
            if (tag.IsOutside || !tag.IsWellFormed) continue;
            if (tag.Type.Length > 0) Typed ??= sentence.Tags[i];
            else firstUntyped ??= (sentence.Tags[i], sentence.LineOf(i));
        }
    }
}
