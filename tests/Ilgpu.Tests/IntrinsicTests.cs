using System.Reflection;
using ILGPU;
using ILGPU.Algorithms;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Ilgpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>What is declared an intrinsic is one of C#'s, and has all that implements it.</summary>
public class IntrinsicTests
{
    const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
        | BindingFlags.Instance;

    static readonly Type[] Types = [
        .. new[] { typeof(Context), typeof(XMath), typeof(Pragma) }.SelectMany(
            type => type.Assembly.GetExportedTypes())];

    public static TheoryData<string> Functions => [.. MathFunction.All.Select(function => function.Name)];

    public static TheoryData<string> Members => [.. LaneIntrinsic.All.Select(NameOf)];

    [Theory, MemberData(nameof(Functions))]
    public void FunctionIsOneOfCSharpsForBothPrecisions(string name)
    {
        var function = MathFunction.All.Single(one => one.Name == name);
        foreach (var type in new[] { typeof(float), typeof(double) })
            Assert.Contains(new[] { type, typeof(XMath) }.SelectMany(owner => owner.GetMethods(Everything)), method =>
                (method.Name == name || method.Name.EndsWith("." + name, StringComparison.Ordinal))
                && method.GetParameters().Select(parameter => parameter.ParameterType)
                    .SequenceEqual(Enumerable.Repeat(type, function.Operands)));
    }

    [Theory, MemberData(nameof(Functions))]
    public void FunctionIsInEveryTextAndInWhatIlgpuCompiles(string name)
    {
        var function = MathFunction.All.Single(one => one.Name == name);
        Assert.DoesNotContain("return ;", function.CudaDefinition);
        Assert.DoesNotContain("()", function.OpenClDefinition);
        Assert.Contains(function.CudaDefinition, CudaPrelude.Text);
        Assert.Contains(function.OpenClDefinition, OpenClPrelude.Text);
        if (Remaps.Owner(function.Ilgpu) is { } owner)
            foreach (var type in new[] { typeof(float), typeof(double) })
                Assert.NotNull(owner.GetMethod(name, [.. Enumerable.Repeat(type, function.Operands)]));
    }

    [Fact]
    public void FunctionsOfDeviceMathAreTestedInUlps() =>
        Assert.Equal(MathFunction.All.Where(one => one.Ilgpu == IlgpuFunction.DeviceMath).Select(one => one.Name),
            MathematicsKernels.Functions);

    [Theory, MemberData(nameof(Members))]
    public void MemberIsOneOfIlgpusOrTheDialects(string name)
    {
        var intrinsic = Of(name);
        Assert.Contains(Types,
            type => type.Name.Split('`')[0] == intrinsic.Type && type.GetMember(intrinsic.Name, Everything).Length > 0);
    }

    [Theory, MemberData(nameof(Members))]
    public void MemberIsOnTheManagedDevice(string name)
    {
        if (Of(name).Lane is not { } path) return;
        var owner = typeof(Lane);
        foreach (var part in path.Split('.').SkipLast(1)) owner = owner.GetProperty(part)!.PropertyType;
        Assert.NotEmpty(owner.GetMember(path.Split('.')[^1], Everything));
    }

    [Theory, MemberData(nameof(Members))]
    public void MemberIsInThePreludesOfDevicesThatOfferIt(string name)
    {
        var intrinsic = Of(name);
        if (InText(intrinsic) is not { } text) return;
        Assert.Contains(text, CudaPrelude.Text);
        if (intrinsic.Needs == KernelRequirements.None) Assert.Contains(text, OpenClPrelude.Text);
    }

    static string NameOf(LaneIntrinsic intrinsic) => $"{intrinsic.Type}.{intrinsic.Name}";

    static LaneIntrinsic Of(string name) => LaneIntrinsic.All.Single(intrinsic => NameOf(intrinsic) == name);

    /// <summary>Its name in the generated texts; null for what the generator writes in C's own words.</summary>
    static string? InText(LaneIntrinsic intrinsic) => (intrinsic.Type, intrinsic.Name) switch
    {
        (_, "IsFirstThread" or "IsLastThread" or "IsFirstLane" or "IsLastLane") => null,
        ("ArrayView" or "LocalMemory" or "CudaAsm", _) or (_, "Allocate") => null,
        ("Grid" or "Group", "Index") => intrinsic.Type + "_IdxX",
        ("Grid" or "Group", "Dimension") => intrinsic.Type + "_DimX",
        (_, "GlobalIndex") => "Grid_GlobalX",
        ("CooperativeGrid", _) => "DEFINE_Grid",
        ("GroupExtensions" or "WarpExtensions", "Reduce") => intrinsic.Scope + "_AllReduce",
        ("GroupExtensions" or "WarpExtensions", var scan) => $"{intrinsic.Scope}_{scan}",
        ("SharedMemory", _) or ("Interop", _) => null,
        ("AsyncCopy", "Bytes4" or "Bytes8" or "Bytes16") => "AsyncCopy_Bytes##size",
        _ => $"{intrinsic.Type}_{intrinsic.Name}",
    };
}
