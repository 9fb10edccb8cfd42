using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Shards;

namespace LdNetGpu.Tests.Shards;

/// <summary>Files are divided alike on every machine, each into one shard, with about as many bytes in each.</summary>
public sealed class ShardPlanTests
{
    static readonly ShardInput[] Inputs =
    [
        .. Enumerable.Range(0, 200).Select(i => new ShardInput($"/a/{i}", $"{i % 7}/{i}.txt", i * i * 31L % 5000)),
    ];

    [Theory, InlineData(1), InlineData(3), InlineData(32), InlineData(500)]
    public void EachFileIsInOneShard(int count)
    {
        var shards = ShardPlan.Divide(Inputs, count);
        Assert.Equal(count, shards.Count);
        Assert.Equal(Inputs.Select(input => input.Name).Order(), shards.SelectMany(Names).Order());
    }

    [Theory, InlineData(2), InlineData(7), InlineData(32)]
    public void ShardsDifferByNoMoreThanAFile(int count)
    {
        var bytes = ShardPlan.Divide(Inputs, count).Select(shard => shard.Sum(input => input.Bytes)).ToList();
        Assert.InRange(bytes.Max() - bytes.Min(), 0, Inputs.Max(input => input.Bytes));
        // Far closer: small files come last.
        Assert.InRange(bytes.Max(), bytes.Average(), bytes.Average() * 1.05);
    }

    [Fact]
    public void NeitherFoldersNorTheirOrderMatter()
    {
        ShardInput[] elsewhere =
            [.. Inputs.Reverse().Select(input => input with { Path = input.Path.Replace("/a/", "/mnt/b/") })];
        foreach (var (here, there) in ShardPlan.Divide(Inputs, 9).Zip(ShardPlan.Divide(elsewhere, 9)))
            Assert.Equal(Names(here), Names(there));
    }

    [Fact]
    public void EmptyFilesAreWorkToo()
    {
        var shards = ShardPlan.Divide([.. Inputs.Select(input => input with { Bytes = 0 })], 10);
        Assert.All(shards, shard => Assert.Equal(20, shard.Count));
    }

    [Fact]
    public void InputsAreCalledByTheirPathInTheFolderThatWasNamed()
    {
        using var files = TestFiles.InMemory();
        files.Write("texts/b/1.txt", "xx");
        files.Write("texts/a.txt", "x");
        files.Write("texts/.hidden/1.txt", "x");
        var single = files.Write("c.txt", "xxx");
        var found = ShardInput.Find([files.PathOf("texts"), single, files.PathOf("texts/a.txt")]);
        Assert.Equal(["a.txt", "b/1.txt", "c.txt"], found.Select(input => input.Name));
        Assert.Equal([1, 2, 3], found.Select(input => input.Bytes));
        TestFiles.Refused(() => ShardInput.Find([files.PathOf("texts"), files.Write("more/a.txt", "y")]),
            "a.txt", "both are called a.txt");
        Directory.CreateDirectory(files.PathOf("empty"));
        TestFiles.Refused(() => ShardInput.Find([files.PathOf("empty")]), "holds no file");
    }

    static IEnumerable<string> Names(IReadOnlyList<ShardInput> shard) => shard.Select(input => input.Name);
}
