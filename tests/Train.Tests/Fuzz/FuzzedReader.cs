using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using LdNetGpu.Devices;

namespace LdNetGpu.Tests.Fuzz;

/// <summary>A reader of files, what it is to be tried on, and what it may do.</summary>
/// <param name="Seeds">Good files, and the faults that were found: each is tried as it is, and changed.</param>
/// <param name="Read">Reads all of an input; what it gives is checked here.</param>
sealed record FuzzedReader(IReadOnlyList<byte[]> Seeds, Action<byte[]> Read)
{
    /// <summary>How many inputs are tried: 20,000, unless this variable says another number.</summary>
    const string InputsVariable = "LDNET_FUZZ_INPUTS";

    /// <summary>Which ones: the same in each run, unless this variable has another seed.</summary>
    const string SeedVariable = "LDNET_FUZZ_SEED";

    // Inputs are a few kilobytes. What is asked for beyond all measure is far more than this.
    const long MostBytes = 64 << 20;
    static readonly TimeSpan MostTime = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Every input is read, or refused as the user's fault, in bounded memory and time; a failure is cut down to the
    /// fewest edits.
    /// </summary>
    public void Try()
    {
        foreach (var seed in Seeds) Allowed(seed);
        var edit = from kind in Gen.Choose(0, Enum.GetValues<EditKind>().Length - 1)
                   from place in Gen.Choose(0, int.MaxValue - 1)
                   from value in Gen.Choose(0, int.MaxValue - 1)
                   select new Edit((EditKind)kind, place, value);
        var input = from seed in Gen.Choose(0, Seeds.Count - 1)
                    from other in Gen.Choose(0, Seeds.Count - 1)
                    from count in Gen.Choose(1, 5)
                    from edits in edit.ArrayOf(count)
                    select new Mutation(Seeds, seed, other, edits);
        Prop.ForAll(Arb.From(input, mutation => mutation.Shorter()), mutation => Allowed(mutation.Bytes()))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Number(InputsVariable, 20_000))
                .WithReplay((ulong)Number(SeedVariable, 20181101), 1));
    }

    bool Allowed(byte[] bytes)
    {
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Read(bytes);
        }
        catch (UserException refusal)
        {
            Assert.NotEmpty(refusal.Message);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, MostTime);
        return true;
    }

    static int Number(string variable, int standard) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text) : standard;

    /// <summary>A seed with edits; another one to splice in.</summary>
    sealed record Mutation(IReadOnlyList<byte[]> Seeds, int Seed, int Other, Edit[] Edits)
    {
        public byte[] Bytes() => Edits.Aggregate(Seeds[Seed], (bytes, edit) => edit.Apply(bytes, Seeds[Other]));

        public IEnumerable<Mutation> Shorter() => Enumerable.Range(0, Edits.Length)
            .Select(left => this with { Edits = [.. Edits.Where((_, i) => i != left)] });

        public override string ToString() =>
            $"seed {Seed}, other {Other}, {string.Join("; ", Edits)}: {Convert.ToBase64String(Bytes())}";
    }
}
