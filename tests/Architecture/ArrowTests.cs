using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace LdNetGpu.Tests;

/// <summary>
/// References go one way, Cli -> Serve -> Train -> Model -> Autograd -> Kernels -> Devices, and files, console and
/// drivers stay in their layer.
/// </summary>
/// <remarks>
/// Drivers live on disk, and what they compiled and which values are fastest too: in Devices the search for them, their
/// cache and the records beside it, by name, may use files.
/// </remarks>
public class ArrowTests
{
    static readonly string[] Layers = ["Devices", "Kernels", "Autograd", "Model", "Train", "Serve", "Cli"];

    // What no layer below Train may touch: memory streams and Path-free stream types are not files.
    static readonly string[] FileTypes =
        ["File", "FileInfo", "FileStream", "Directory", "DirectoryInfo", "FileSystemInfo", "StreamReader",
            "StreamWriter", "RandomAccess"];

    static readonly string[] DriverFiles =
        ["CompiledKernelCache.cs", "CudaLibraryPlaces.cs", "Launcher.cs", "NvrtcBuiltins.cs", "TuningFolder.cs"];

    public static TheoryData<string> LayerNames => [.. Layers];

    [Theory, MemberData(nameof(LayerNames))]
    public void ProjectFileReferencesTheLayerBelowOnly(string layer)
    {
        var project = XDocument.Load(RepositoryRoot.Combine("src", layer, layer + ".csproj"));
        var references = project.Descendants("ProjectReference")
            .Where(reference => reference.Attribute("OutputItemType")?.Value != "Analyzer")
            .Select(reference =>
                Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Equal(Layers.Take(Array.IndexOf(Layers, layer)).TakeLast(1), references);
    }

    /// <remarks>Beside the layers: what a user's tests refer to, and no layer does.</remarks>
    [Fact]
    public void GradientCheckXunitStandsOnAutogradAlone()
    {
        const string layer = "GradientCheck.Xunit";
        var project = XDocument.Load(Path.Combine(RepositoryRoot.Path, "src", layer, layer + ".csproj"));
        var references = project.Descendants("ProjectReference")
            .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'));
        Assert.Equal(["Autograd"], references.Select(Path.GetFileNameWithoutExtension));
    }

    [Theory, MemberData(nameof(LayerNames))]
    public void AssemblyReferencesLowerLayersOnly(string layer)
    {
        var allowed = Layers.Take(Array.IndexOf(Layers, layer)).Select(lower => "LdNetGpu." + lower).ToHashSet();
        var ours = Load(layer).GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(name => name.StartsWith("LdNetGpu.", StringComparison.Ordinal));
        Assert.All(ours, name => Assert.Contains(name, allowed));
    }

    [Theory, MemberData(nameof(LayerNames))]
    public void OnlyCliPrints(string layer)
    {
        if (layer == "Cli") return;
        Assert.DoesNotContain("System.Console", TypesReferenced(layer));
        Assert.DoesNotContain(Load(layer).GetReferencedAssemblies(),
            reference => reference.Name is "System.CommandLine" or "Spectre.Console");
    }

    /// <remarks>It is loaded when a tagger is served: where it is not installed, all else is to run.</remarks>
    [Theory, MemberData(nameof(LayerNames))]
    public void OnlyServeUsesAspNet(string layer)
    {
        if (layer == "Serve") return;
        Assert.DoesNotContain(Load(layer).GetReferencedAssemblies(), reference =>
            reference.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            || reference.Name.StartsWith("Microsoft.Extensions", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(LayerNames))]
    public void NoLayerBelowTrainTouchesFiles(string layer)
    {
        if (layer is "Train" or "Serve" or "Cli") return;
        var forbidden = TypesReferenced(layer)
            .Where(type => type.StartsWith("System.IO.MemoryMappedFiles.", StringComparison.Ordinal)
            || (layer != "Devices" && FileTypes.Any(file => type == "System.IO." + file)));
        Assert.Empty(forbidden);
    }

    [Fact]
    public void InDevicesOnlyTheDriversSearchAndCacheTouchFiles()
    {
        var use = new Regex($@"\b(?:{string.Join('|', FileTypes)})(?:\.|\()");
        var users = SourceFiles.Under("src", "Devices")
            .Where(file => File.ReadLines(file).Any(line => !IsComment(line) && use.IsMatch(line)))
            .Select(file => Path.GetFileName(file));
        Assert.Equal(DriverFiles.Order(), users.Order());
    }

    [Theory, MemberData(nameof(LayerNames))]
    public void OnlyDevicesCallsNativeLibraries(string layer)
    {
        if (layer == "Devices") return;
        var imports = Load(layer).GetTypes()
            .SelectMany(type => type.GetMethods(
                BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
                    | BindingFlags.DeclaredOnly))
            .Where(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl));
        Assert.Empty(imports);
    }

    static bool IsComment(string line) => line.TrimStart().StartsWith("//", StringComparison.Ordinal);

    static Assembly Load(string layer) => Assembly.LoadFrom(FileOf(layer));

    static string FileOf(string layer) =>
        Path.Combine(AppContext.BaseDirectory, layer == "Cli" ? "ldnet.dll" : $"LdNetGpu.{layer}.dll");

    static List<string> TypesReferenced(string layer)
    {
        using var image = new PEReader(File.OpenRead(FileOf(layer)));
        var metadata = image.GetMetadataReader();
        return metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}").ToList();
    }
}
