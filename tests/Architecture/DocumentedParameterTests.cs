using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>
/// Whoever calls a library reads of every parameter what it takes: shape, unit, range. The compiler asks for all of a
/// member's parameters once one of them has a text, and for none where none has.
/// </summary>
public class DocumentedParameterTests
{
    static readonly Dictionary<string, Assembly> Libraries = new[]
    {
        typeof(ComputeDevice).Assembly, typeof(CpuBackend<>).Assembly, typeof(Tensor).Assembly,
        typeof(Model.TaggerBatch).Assembly, typeof(Train.WorkProgress).Assembly, typeof(GradientAssert).Assembly,
    }.ToDictionary(library => library.GetName().Name!);

    public static TheoryData<string> Names => [.. Libraries.Keys];

    [Theory, MemberData(nameof(Names))]
    public void EveryParameterOfWhatIsPublicHasAText(string library)
    {
        var comments = new DocumentationFile(Libraries[library]);
        var members = Libraries[library].GetExportedTypes().SelectMany(Members).ToList();
        Assert.NotEmpty(members);
        var without =
            from member in members
            from name in Undocumented(member, comments)
            select $"{DocumentationFile.IdOf(member)}: {name}";
        Assert.Equal("", string.Join('\n', without));
    }

    /// <summary>Each kind of name that a file of comments has is found in one.</summary>
    [Fact]
    public void CommentsAreFoundByTheirIds()
    {
        var map = typeof(ElementwiseOperations).GetMethod(nameof(ElementwiseOperations.Map))!;
        Assert.Equal("M:LdNetGpu.Autograd.ElementwiseOperations.Map``1(LdNetGpu.Autograd.Tensor{``0},"
            + "LdNetGpu.Kernels.Elementwise.Unary)", DocumentationFile.IdOf(map));
        MemberInfo[] others =
        [
            typeof(GradientInput<>), typeof(MatrixView<>), typeof(MatrixView<>).GetConstructors().Single(),
            typeof(MatrixView<>).GetMethod("op_Implicit")!, typeof(Matrix<>).GetProperty("Item")!,
            typeof(IElementwise<>).GetMethod(nameof(IElementwise<>.MapBackward))!,
        ];
        Assert.All(others, member =>
            Assert.NotNull(new DocumentationFile(member.Module.Assembly).Of(member)));
    }

    /// <summary>This class's own members stand for a library's: one parameter has a text, one has none.</summary>
    [Fact]
    public void AMissingTextIsSeen()
    {
        var comments = new DocumentationFile(typeof(DocumentedParameterTests).Assembly);
        var method = typeof(Sample).GetMethod(nameof(Sample.Method))!;
        Assert.Equal(["second"], Undocumented(method, comments));
        Assert.Equal(["First", "Second"], Undocumented(typeof(Sample).GetConstructors().Single(), comments));
        Assert.Empty(Undocumented(typeof(Sample).GetMethod(nameof(Sample.Inherits))!, comments));
    }

    /// <summary>A record without texts.</summary>
    public sealed record Sample(int First, int Second)
    {
        /// <summary>One text of two.</summary>
        /// <param name="first">The text.</param>
        public static int Method(int first, int second) => first + second;

        /// <inheritdoc cref="Method"/>
        public static int Inherits(int first, int second) => Method(first, second);
    }

    static IEnumerable<string> Undocumented(MemberInfo member, DocumentationFile comments)
    {
        var own = comments.Of(member);
        if (own?.Element("inheritdoc") is not null) return [];
        // A primary constructor's parameters are the type's own.
        var ofType = member is ConstructorInfo ? comments.Of(member.DeclaringType!) : null;
        var texts = new[] { own, ofType }.OfType<XElement>()
            .SelectMany(comment => comment.Elements("param"))
            .Where(text => text.HasElements || text.Value.Trim().Length > 0)
            .Select(text => text.Attribute("name")!.Value);
        return Parameters(member).Select(parameter => parameter.Name!).Except(texts);
    }

    static ParameterInfo[] Parameters(MemberInfo member) => member switch
    {
        Type type => type.GetMethod("Invoke")!.GetParameters(),
        PropertyInfo property => property.GetIndexParameters(),
        MethodBase method => method.GetParameters(),
        _ => [],
    };

    /// <summary>
    /// What others call of a type. An override is documented where it was declared; accessors are their property's.
    /// </summary>
    static IEnumerable<MemberInfo> Members(Type type)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
            | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.IsAssignableTo(typeof(Delegate))) return [type];
        return type.GetMembers(Own).Where(member => member switch
        {
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsForOthers),
            MethodInfo method => IsForOthers(method) && method.GetBaseDefinition() == method && !IsAccessor(method),
            MethodBase method => IsForOthers(method),
            _ => false,
        } && member.GetCustomAttribute<CompilerGeneratedAttribute>() is null);
    }

    static bool IsForOthers(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);
}
