namespace LdNetGpu.Tests;

/// <summary>Each construct that no device can run is refused by its own ID.</summary>
public sealed class DiagnosticTests
{
    const string Accessor = "public record struct Row(ArrayView<int> X) { ";

    [Theory]
    [InlineData("LDK001", "[Kernel] static int F(ArrayView<int> x) => 1;")]
    [InlineData("LDK002", "[Kernel] static void F(string s) { }")]
    [InlineData("LDK003", "[Kernel] static void F<T, U>(ArrayView<T> x) where T : unmanaged where U : unmanaged { }")]
    [InlineData("LDK004", "[Kernel] static void F(ArrayView<int> x) { decimal d = 1; }")]
    [InlineData("LDK005", "[Kernel] static void F(ArrayView<int> x) { throw new Exception(); }")]
    [InlineData("LDK006", "[Kernel] static void F(ArrayView<int> x) { var a = new int[3]; foreach (var i in a) x[0] = i; }")]
    [InlineData("LDK007", "[Kernel] static void F(ArrayView<int> x) { again: x[0] = 1; goto again; }")]
    [InlineData("LDK008", "[Kernel] static void F(ArrayView<int> x) { Func<int, int> f = i => i; x[0] = f(1); }")]
    [InlineData("LDK009", "[Kernel] static void F(ArrayView<int> x) { x[0] = \"abc\".Length; }")]
    [InlineData("LDK010", "class C { } [Kernel] static void F(ArrayView<int> x) { _ = new C(); }")]
    [InlineData("LDK011", "[Kernel] static void F(ArrayView<int> x) { object o = 1; }")]
    [InlineData("LDK012", "[Kernel] static void F(ArrayView<double> x) { x[0] = Math.BitIncrement(x[0]); }")]
    [InlineData("LDK013", "[Kernel] static void F(ArrayView<int> x) { x[0] = G(3); } static int G(int n) => n == 0 ? 1 : G(n - 1);")]
    [InlineData("LDK014", "static int count; [Kernel] static void F(ArrayView<int> x) { x[0] = count; }")]
    [InlineData("LDK015", "[Kernel] static void F(ArrayView<int> x, int n) { var a = SharedMemory.Allocate<int>(n); }")]
    [InlineData("LDK016", "[Kernel] static void F(ArrayView<int> x) { var a = SharedMemory.Allocate<int>(4); var v = x; v = a; }")]
    [InlineData("LDK017", "[Kernel] static void F(ArrayView<int> x) { G(x)[0] = 1; } static ArrayView<int> G(ArrayView<int> x) => x.SubView(1);")]
    [InlineData("LDK018", "[Kernel] static void F(ArrayView<int> x, bool b) { var s = b ? Group.Broadcast(1, 0) : 2; }")]
    [InlineData("LDK019", "[Kernel] static void F(ArrayView<int> x) { var n = 0; G(ref n); } static void G(ref int n) { Group.Barrier(); n = 1; }")]
    [InlineData("LDK020", "[Kernel] static void F(Index1D i, ArrayView<int> x) { Group.Barrier(); }")]
    [InlineData("LDK021", "[Kernel] static void F(ArrayView<int> x) { var s = x[0] + Group.Broadcast(1, 0); }")]
    [InlineData("LDK022", "[Kernel] static void F(ArrayView<int> x) { CudaAsm.Emit(\"mov.u32 %0, %7;\", out int n); }")]
    [InlineData("LDK023", "[Kernel] static void F(ArrayView<int> x) { x[0] = (int)stackalloc int[2][0]; }")]
    [InlineData("LDK024", "[Kernel] static void F(ArrayView<int> x) { if (x[0] is int n && n > 1) x[1] = n; }")]
    [InlineData("LDK025", "public readonly struct S(int a) { public int Twice => a + a; } [Kernel] static void F(ArrayView<int> x) { x[0] = new S(3).Twice; }")]
    [InlineData("LDK026", "[Kernel] static void F(ArrayView<int> x, bool b) { G(ref b ? ref x[0] : ref x[1]); } static void G(ref int n) { n = 1; }")]
    [InlineData("LDK027", "[Kernel] static void F(ArrayView<int> x, int n) { Cuda.AsyncCopy.Wait(n); }")]
    [InlineData("LDK028", "[Kernel] static void F([NoAlias] ArrayView<int> x) { G(ref x[0]); } static void G(ref int n) { n = 1; }")]
    [InlineData("LDK025", "public struct S { int hidden; } [Kernel] static void F(ArrayView<int> x, S s) { x[0] = 1; }")]
    [InlineData("LDK025", "public struct S { public int Kept { get; } } [Kernel] static void F(ArrayView<int> x, S s) { x[0] = s.Kept; }")]
    [InlineData("LDK029", Accessor + "public static Row operator +(Row r, int n) { r.X[n] = 1; return r; } } "
        + "[Kernel] static void F(Row r) { var s = r + 1; }")]
    [InlineData("LDK029", Accessor + "public static implicit operator int(Row r) => r.X[0]; } [Kernel] static void F(Row r, ArrayView<int> y) { y[0] = r; }")]
    [InlineData("LDK029", "public readonly record struct Sum(int Value) { public Sum(ArrayView<int> x) : this(0) { x[0] = 1; } } "
        + "[Kernel] static void F(ArrayView<int> x) { var s = new Sum(x); }")]
    [InlineData("LDK023", Accessor + "public int First { set { X[0] = value; } } } [Kernel] static void F(Row r) { r.First = 1; }")]
    [InlineData("LDK029", "interface IRead { static abstract int Of(ArrayView<int> x); } "
        + "struct First : IRead { public static int Of(ArrayView<int> x) => x[0]; } "
        + "[Kernel, Instance(typeof(First))] static void F<T>(ArrayView<int> x) where T : struct, IRead { x[1] = T.Of(x); }")]
    [InlineData("LDK030", "public static class Other { static readonly int Place = 3; public static void Put(ArrayView<int> x) => x[Place] = 1; } }"
        + "public static partial class More { [Kernel] static void F(ArrayView<int> x) { Sample.Other.Put(x); }")]
    [InlineData("LDK031", "[Kernel] static void F(ArrayView<int> x, bool b) { var i = 0; x[0] = b ? i++ + i : 0; }")]
    [InlineData("LDK019", "public record struct Row(int N) { public void Wait() { N = 1; Group.Barrier(); } } [Kernel] static void F(Row r) { r.Wait(); }")]
    [InlineData("LDK018",
        "[Kernel] static void F(ArrayView<float> x, bool b) { var c = b ? Cuda.Mma.Tf32(default, default, default) : default; x[0] = c.R0; }")]
    [InlineData("LDK020", "[Kernel] static void F(Index1D i, ArrayView<float> x) { Cuda.CooperativeGrid.Barrier(); }")]
    public void Refuses(string id, string members) => Assert.Contains(id, GeneratorRun.Diagnose(members));

    [Theory]
    [InlineData("[Kernel] static void F(ArrayView<int> x, bool b) { if (b) x[0] = 1; }")]
    [InlineData("[Kernel] static void F<T>(ArrayView<T> x) where T : unmanaged, INumber<T> { if (typeof(T) == typeof(float)) x[0] = T.One; }")]
    [InlineData("[Kernel] static void F(ArrayView<double> x) => x[0] = Of(3); static double Of(int n) => n > 2 ? 1 : 0;")]
    [InlineData("[Kernel] static void F(ArrayView<float> x, int n) => x[0] -= n > 2 ? 0 : 1;")]
    [InlineData("public struct S { public bool Is; public int N; } [Kernel] static void F(ArrayView<int> x, S s) => x[0] = s.N;")]
    [InlineData("public record struct S(bool Is, int N); public record struct T(S S); [Kernel] static void F(ArrayView<T> x, int n) => x[n] = x[0];")]
    [InlineData("public struct S { public int N; public S(float f) { N = typeof(float) == typeof(int) ? 2 : 3; } } "
        + "[Kernel] static void F(ArrayView<int> x) => x[0] = new S(x[1]).N;")]
    [InlineData("public record struct S(double N) { public static S operator -(S s) => new(s.N > 2 ? 1 : 0); } "
        + "[Kernel] static void F(ArrayView<double> x) => x[0] = (-new S(x[1])).N;")]
    [InlineData("public record struct S(double N) { public static explicit operator S(int n) => new(n > 2 ? 1 : 0); } "
        + "[Kernel] static void F(ArrayView<double> x, int n) => x[0] = ((S)n).N;")]
    [InlineData("interface IOf { static abstract double Of(int n); } struct One : IOf { public static double Of(int n) => n > 2 ? 1 : 0; } "
        + "[Kernel] static void F(ArrayView<double> x, int n) => x[0] = Any<One>(n); static double Any<T>(int n) where T : struct, IOf => T.Of(n);")]
    public void SaysWhatIlgpusCompilerDoesNotTake(string members) => Assert.Equal(["LDK032"], GeneratorRun.Diagnose(members));

    [Theory]
    [InlineData("[Kernel] static void F(ArrayView<double> x, int n) => x[0] = n > 2 ? 1.0 : 0.0;")]
    [InlineData("[Kernel] static void F(ArrayView<double> x, int n) => x[0] = n > 2 ? 3 : 0;")]
    [InlineData("[Kernel] static void F(ArrayView<int> x, int n) => x[0] = n > 2 ? 1 : 0;")]
    public void SaysNothingOfWhatBothTake(string members) => Assert.Empty(GeneratorRun.Diagnose(members));

    [Fact]
    public void AcceptsCorrectKernels() => Assert.Empty(GeneratorRun.Diagnose(
        "[Kernel] static void F<T>(Index1D i, ArrayView<T> x, T a) where T : unmanaged, INumber<T> { x[i] = x[i] * a + T.One; }"));
}
