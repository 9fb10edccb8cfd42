namespace LdNetGpu.Tests;

/// <summary>
/// What the managed device could not check is refused, by whatever way the kernel comes to it; what reaches no memory
/// stays as it is.
/// </summary>
public sealed class CheckableTests
{
    const string Unchecked = "LDK029", Hidden = "LDK030";

    const string Read = "public interface IRead { static abstract int Of(ArrayView<int> x); } "
        + "public struct First : IRead { public static int Of(ArrayView<int> x) => x[0]; } "
        + "public struct Same<T> : IRead where T : IRead { public static int Of(ArrayView<int> x) => T.Of(x); } "
        + "public static class Within<T> where T : IRead { public static int Of(ArrayView<int> x) => T.Of(x); } "
        + "static int Via<T>(ArrayView<int> x) where T : IRead => T.Of(x); "
        + "static int Around<T>(ArrayView<int> x) where T : IRead => Via<Same<T>>(x); ";

    const string Numbers =
        "public interface INumbers { static abstract int Of(int x); static virtual int Twice(int x) => 2 * x; int "
        + "Own(int x); } ";

    [Theory]
    [InlineData("[Kernel] static void F(ArrayView<int> x) => x[1] = Via<First>(x);")]
    [InlineData("[Kernel] static void F(ArrayView<int> x) => x[1] = Around<First>(x);")]
    [InlineData("[Kernel] static void F(ArrayView<int> x) => x[1] = Within<First>.Of(x);")]
    [InlineData("[Kernel, Instance(typeof(First))] static void F<T>(ArrayView<int> x) where T : struct, IRead => x[1] "
        + "= Via<T>(x);")]
    public void ReadsThroughAHelpersTypeParameter(string kernel) => Refuses(Unchecked, Read + kernel);

    [Theory]
    [InlineData("interface IGet { int Get(int i); } record struct Row(ArrayView<int> X) : IGet { public int Get(int i) "
        + "=> X[i]; } "
        + "static int Via<T>(T row) where T : struct, IGet => row.Get(0); [Kernel] static void F(ArrayView<int> x) => "
        + "x[1] = Via(new Row(x));")]
    [InlineData("interface ILane { static abstract int Number { get; } } struct Lane : ILane { public static int "
        + "Number => Group.IdxX; } "
        + "static int Via<T>() where T : ILane => T.Number; [Kernel] static void F(ArrayView<int> x) => x[1] = "
        + "Via<Lane>();")]
    [InlineData("interface IMeet { static abstract void Meet(); } struct All : IMeet { public static void Meet() => "
        + "Group.Barrier(); } "
        + "static void Via<T>() where T : IMeet => T.Meet(); [Kernel] static void F(ArrayView<int> x) => Via<All>();")]
    [InlineData("interface IAdd<T> where T : IAdd<T> { static abstract T operator +(T a, int b); } "
        + "record struct Row(ArrayView<int> X) : IAdd<Row> { public static Row operator +(Row a, int b) { a.X[b] = 1; "
        + "return a; } } "
        + "static T Via<T>(T row) where T : struct, IAdd<T> => row + 1; [Kernel] static void F(ArrayView<int> x) { var "
        + "s = Via(new Row(x)); }")]
    public void EveryMemberThroughATypeParameter(string members) => Refuses(Unchecked, members);

    [Theory]
    [InlineData("public S(int n) { N = n; } public S(ArrayView<int> x) : this(x[0]) { }")]
    [InlineData("public int Lane = Group.IdxX; public S(ArrayView<int> x) { N = 1; }")]
    [InlineData("public int Lane { get; init; } = Group.IdxX; public S(ArrayView<int> x) { N = 1; }")]
    [InlineData("public S(ArrayView<int> x) { N = 1; Group.Barrier(); }")]
    public void WhateverAConstructorRuns(string members) =>
        Refuses(Unchecked,
            $"public struct S {{ public int N; {members} }} [Kernel] static void F(ArrayView<int> x) => x[1] = new "
            + "S(x).N;");

    [Fact]
    public void AnInitializerOfAPrimaryConstructor() => Refuses("LDK025",
        "public record struct S(ArrayView<int> X, int N) { public int N { get; init; } = X[0]; } "
        + "[Kernel] static void F(ArrayView<int> x) => x[1] = new S(x, 2).N;");

    [Theory]
    [InlineData(Unchecked, "ref var place = ref x[1].Second; place = 1; place = ref x[2].First; place = 2;")]
    [InlineData("LDK016",
        "ref var place = ref x[1]; place.First = 1; var own = new Pair(); place = ref own; place.First = 2;")]
    public void AReferenceToPlacesOfTwoKinds(string id, string body) =>
        Refuses(id,
            $"public struct Pair {{ public int First, Second; }} [Kernel] static void F(ArrayView<Pair> x) {{ {body} "
            + $"}}");

    [Fact]
    public void APrivateFieldThatIsChangedInCheckedCode() => Refuses(Hidden,
        "public struct S { int kept; public static int Of(ArrayView<int> x) { var s = new S(); s.kept++; return "
        + "x[s.kept]; } } "
        + "[Kernel] static void F(ArrayView<int> x) => x[1] = S.Of(x);");

    [Fact]
    public void APrivateConstructorInCheckedCode() => Refuses(Hidden,
        "public struct S { public int N; S(int n) { N = n; } public static S Of(ArrayView<int> x) => new(x[0]); } "
        + "[Kernel] static void F(ArrayView<int> x) => x[1] = S.Of(x).N;");

    [Theory]
    [InlineData("struct Half : INumbers { int kept; public static int Of(int x) => Halved(x); static int Halved(int x) "
        + "=> x / 2; "
        + "public int Own(int x) => Inner(x); int Inner(int x) => kept + x; } "
        + "[Kernel] static void F(ArrayView<int> x) => x[1] = Via<Half>(x[0]) + default(Half).Own(3);")]
    [InlineData("struct Half : INumbers { int kept; static int INumbers.Of(int x) => x / 2; int INumbers.Own(int x) => "
        + "kept + x; } "
        + "[Kernel] static void F(ArrayView<int> x) => x[1] = Via<Half>(x[0]);")]
    [InlineData("struct Half : INumbers { public static int Of(int x) => x / 2; public static int Twice(int x) => x + "
        + "x; public int Own(int x) => x; } "
        + "struct Lane : INumbers { public static int Of(int x) => Group.IdxX; public static int Twice(int x) => x + "
        + "x; public int Own(int x) => x; } "
        + "static int Passed<T>(int x) where T : INumbers => x; "
        + "[Kernel] static void F(ArrayView<int> x) => x[1] = Via<Half>(x[0]) + Passed<Lane>(x[0]);")]
    public void WhatReachesNoMemoryIsCalledAsItIs(string members) => Assert.Empty(GeneratorRun.Diagnose(
        Numbers + "static int Via<T>(int x) where T : struct, INumbers => T.Of(x) + default(T).Own(x); " + members));

    static void Refuses(string id, string members) => Assert.Contains(id, GeneratorRun.Diagnose(members));
}
