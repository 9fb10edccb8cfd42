using LdNetGpu.Tests.Commands;

namespace LdNetGpu.Tests.Serving;

/// <summary>A tagger that finds a few names, and a server of it that has the default options.</summary>
public sealed class ServingFixture : IDisposable
{
    readonly ServedTagger server;

    public ServingFixture()
    {
        Tagger = new();
        server = ServedTagger.Start(Tagger.Folder);
    }

    public NamingTagger Tagger { get; }

    internal ServedTagger Server => server;

    /// <summary>A copy of the tagger's folder, to be changed.</summary>
    public string CopyOfFolder(string name)
    {
        foreach (var file in Directory.EnumerateFiles(Tagger.Folder, "*", SearchOption.AllDirectories))
            Tagger.Write(Path.Combine(name, Path.GetRelativePath(Tagger.Folder, file)), File.ReadAllBytes(file));
        return Tagger.PathOf(name);
    }

    public void Dispose()
    {
        server.Dispose();
        Tagger.Dispose();
    }
}

/// <summary>Its tests run one after the other: each is a server and its clients.</summary>
[CollectionDefinition(Name)]
public sealed class Serving : ICollectionFixture<ServingFixture>
{
    public const string Name = "serving";
}
