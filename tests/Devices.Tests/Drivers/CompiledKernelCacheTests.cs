using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Tests.Drivers;

public sealed class CompiledKernelCacheTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ldnet-cache-").FullName;

    static readonly string A = CompiledKernelCache.Key("a"), B = CompiledKernelCache.Key("b");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void WhatWasKeptIsFound()
    {
        var cache = new CompiledKernelCache(Path.Combine(folder, "made", "on", "demand"));
        Assert.Null(cache.Find(A));
        cache.Keep(A, [1, 2, 3]);
        Assert.Equal([1, 2, 3], cache.Find(A)!);
        Assert.Null(cache.Find(B));
        Assert.Null(cache.Problem);
    }

    [Fact]
    public void KeysTellPartsApart()
    {
        var keys = new[]
        {
            CompiledKernelCache.Key("ab", "c"), CompiledKernelCache.Key("a", "bc"),
            CompiledKernelCache.Key("abc"), CompiledKernelCache.Key("ab", "c", ""),
        };
        Assert.Equal(4, keys.Distinct().Count());
        Assert.Equal(keys[0], CompiledKernelCache.Key("ab", "c"));
    }

    [Theory, InlineData("../escaped"), InlineData(""), InlineData("a"), InlineData("/tmp/escaped")]
    public void OnlyKeysNameFiles(string key)
    {
        var cache = new CompiledKernelCache(Path.Combine(folder, "cache"));
        Assert.Equal("key", Assert.Throws<ArgumentException>(() => cache.Keep(key, [1])).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentException>(() => cache.Find(key)).ParamName);
        Assert.Throws<ArgumentException>(() => cache.Keep(A.ToUpperInvariant(), [1]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Theory, InlineData(""), InlineData(" ")]
    public void FolderNeedsAName(string name) =>
        Assert.Equal("folder", Assert.Throws<ArgumentException>(() => new CompiledKernelCache(name)).ParamName);

    [Fact]
    public void EveryDamageIsFound()
    {
        var cache = new CompiledKernelCache(folder);
        cache.Keep(A, [1, 2, 3, 4]);
        var file = Path.Combine(folder, A);
        var whole = File.ReadAllBytes(file);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(file, whole[..length]);
            Assert.Null(cache.Find(A));
        }
        for (var position = 0; position < whole.Length; position++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[position] ^= 0x10;
            File.WriteAllBytes(file, damaged);
            Assert.Null(cache.Find(A));
        }
    }

    [Fact]
    public void ReadersSeeWholeEntriesWhileOthersWrite()
    {
        byte[] Content(int writer) => Enumerable.Repeat((byte)writer, 20_000).ToArray();
        new CompiledKernelCache(folder).Keep(A, Content(0));
        Parallel.For(0, 4, writer =>
        {
            var cache = new CompiledKernelCache(folder);
            for (var round = 0; round < 50; round++)
            {
                cache.Keep(A, Content(writer));
                var found = cache.Find(A);
                Assert.NotNull(found);
                Assert.Equal(20_000, found.Length);
                Assert.Single(found.Distinct());
            }
            Assert.Null(cache.Problem);
        });
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void FolderThatCannotBeWrittenIsNoFailure()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        var cache = new CompiledKernelCache(Path.Combine(file, "below"));
        cache.Keep(A, [1]);
        Assert.NotNull(cache.Problem);
        Assert.Null(cache.Find(A));
    }
}
