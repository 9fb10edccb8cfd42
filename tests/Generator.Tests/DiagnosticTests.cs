namespace LdNetGpu.Tests;

/// <summary>Each construct that no device can run is refused by its own ID.</summary>
public sealed class DiagnosticTests
{
    const string Differentiable = "[Kernel, Differentiable] static void ",
        Number = " where T : unmanaged, IFloatingPointIeee754<T> ";

    const string Layout = "[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.";
    const string Explicit = Layout
        + "LayoutKind.Explicit)] public struct S { [System.Runtime.InteropServices.FieldOffset(0)] public int I; "
        + "[System.Runtime.InteropServices.FieldOffset(0)] public float F; } ";

    // Closes the kernel's class and opens it again: extension blocks stand in classes that are in no other.
    const string Extension =
        "} public static class More { extension(int n) { public int First() => n; public int Second => n; } }"
        + " public static partial class Sample { ";
    const string Setter = "public interface IV { int V { get; set; } } "
        + "public record struct S(ArrayView<int> W) : IV { public int V { get => W[0]; set => W[0] = value; } "
        + "public int this[int i] { get => W[i]; set => W[i] = value; } } ";

    const string Tuned = "[Kernel, TunableWhere(\"G\")] static void F([Tunable(1, 2)] SpecializedValue<int> n, "
        + "ArrayView<int> x) => x[0] = n; ";

    const string Accessor = "public record struct Row(ArrayView<int> X) { ";

    [Theory]
    [InlineData("LDK001", "[Kernel] static int F(ArrayView<int> x) => 1;")]
    [InlineData("LDK002", "[Kernel] static void F(string s) { }")]
    [InlineData("LDK003", "[Kernel] static void F<T, U>(ArrayView<T> x) where T : unmanaged where U : unmanaged { }")]
    [InlineData("LDK004", "[Kernel] static void F(ArrayView<int> x) { decimal d = 1; }")]
    [InlineData("LDK004", "[Kernel] static void F(ArrayView<int> x) => x[0] = (char)x[1];")]
    [InlineData("LDK004", "[Kernel] static void F(ArrayView<int> x) => x[0] = (char)(short)x[1] + 1;")]
    [InlineData("LDK004", "[Kernel] static void F(ArrayView<float> x) => x[0] = (char)x[1];")]
    [InlineData("LDK004", "[Kernel] static void F(ArrayView<int> x) { if ((char)x[0] > 'z') x[1] = 1; }")]
    [InlineData("LDK004", "[Kernel] static void F(ArrayView<int> x) { if ((char)x[0] is 'z') x[1] = 1; }")]
    [InlineData("LDK004", "[Kernel] static void F(ArrayView<long> x) => x[0] = (long)(nint)x[1];")]
    [InlineData("LDK004", "[Kernel] static void F(ArrayView<int> x) => x[0] = (int)(nuint)x[1];")]
    [InlineData("LDK005", "[Kernel] static void F(ArrayView<int> x) { throw new Exception(); }")]
    [InlineData("LDK006",
        "[Kernel] static void F(ArrayView<int> x) { var a = new int[3]; foreach (var i in a) x[0] = i; }")]
    [InlineData("LDK007", "[Kernel] static void F(ArrayView<int> x) { again: x[0] = 1; goto again; }")]
    [InlineData("LDK008", "[Kernel] static void F(ArrayView<int> x) { Func<int, int> f = i => i; x[0] = f(1); }")]
    [InlineData("LDK009", "[Kernel] static void F(ArrayView<int> x) { x[0] = \"abc\".Length; }")]
    [InlineData("LDK010", "class C { } [Kernel] static void F(ArrayView<int> x) { _ = new C(); }")]
    [InlineData("LDK011", "[Kernel] static void F(ArrayView<int> x) { object o = 1; }")]
    [InlineData("LDK012", "[Kernel] static void F(ArrayView<double> x) { x[0] = Math.BitIncrement(x[0]); }")]
    [InlineData("LDK012",
        "[Kernel] static void F(ArrayView<int> x) { x[0] = x[1]; Interop.WriteLine(\"{0}\", x[0]); }")]
    [InlineData("LDK012", "[Kernel] static void F(ArrayView<int> x) { x[0] = int.PopCount(x[1]); }")]
    [InlineData("LDK013",
        "[Kernel] static void F(ArrayView<int> x) { x[0] = G(3); } static int G(int n) => n == 0 ? 1 : G(n - 1);")]
    [InlineData("LDK014", "static int count; [Kernel] static void F(ArrayView<int> x) { x[0] = count; }")]
    [InlineData("LDK015", "[Kernel] static void F(ArrayView<int> x, int n) { var a = SharedMemory.Allocate<int>(n); }")]
    [InlineData("LDK016",
        "[Kernel] static void F(ArrayView<int> x) { var a = SharedMemory.Allocate<int>(4); var v = x; v = a; }")]
    [InlineData("LDK017",
        "[Kernel] static void F(ArrayView<int> x) { G(x)[0] = 1; } static ArrayView<int> G(ArrayView<int> x) => "
        + "x.SubView(1);")]
    [InlineData("LDK018",
        "[Kernel] static void F(ArrayView<int> x, bool b) { var s = b ? Group.Broadcast(1, 0) : 2; }")]
    [InlineData("LDK019",
        "[Kernel] static void F(ArrayView<int> x) { var n = 0; G(ref n); } static void G(ref int n) { Group.Barrier(); "
        + "n = 1; }")]
    [InlineData("LDK020", "[Kernel] static void F(Index1D i, ArrayView<int> x) { Group.Barrier(); }")]
    [InlineData("LDK021", "[Kernel] static void F(ArrayView<int> x) { var s = x[0] + Group.Broadcast(1, 0); }")]
    [InlineData("LDK022", "[Kernel] static void F(ArrayView<int> x) { CudaAsm.Emit(\"mov.u32 %0, %7;\", out int n); }")]
    [InlineData("LDK023", "[Kernel] static void F(ArrayView<int> x) { x[0] = (int)stackalloc int[2][0]; }")]
    [InlineData("LDK024", "[Kernel] static void F(ArrayView<int> x) { if (x[0] is int n && n > 1) x[1] = n; }")]
    [InlineData("LDK025",
        "public readonly struct S(int a) { public int Twice => a + a; } [Kernel] static void F(ArrayView<int> x) { "
        + "x[0] = new S(3).Twice; }")]
    [InlineData("LDK026",
        "[Kernel] static void F(ArrayView<int> x, bool b) { G(ref b ? ref x[0] : ref x[1]); } static void G(ref int n) "
        + "{ n = 1; }")]
    [InlineData("LDK026", "[Kernel] static void F(ArrayView<int> x, bool b) { Pick(b, ref x[0], ref x[1]) = 3; } "
        + "static ref int Pick(bool b, ref int x, ref int y) => ref (b ? ref x : ref y);")]
    [InlineData("LDK026", "[Kernel] static void F(ArrayView<int> x, bool b) { (b ? ref x[0] : ref x[1]) = 3; }")]
    [InlineData("LDK026", "[Kernel] static void F(ArrayView<int> x, bool b) { (b ? ref x[0] : ref x[1])++; }")]
    [InlineData("LDK026", "[Kernel] static void F(ArrayView<int> x, bool b) { (b ? ref x[0] : ref x[1]) += 3; }")]
    [InlineData("LDK026", "[Kernel] static void F(ArrayView<int> x, bool b) { (int A, int B) s = (1, 2), t = s; "
        + "(b ? ref s : ref t).A = 3; x[0] = s.A; }")]
    [InlineData("LDK026", "public struct S { public int X; public void Step() => X++; } "
        + "[Kernel] static void F(ArrayView<int> x, bool b) { S s = default, t = s; (b ? ref s : ref t).Step(); }")]
    [InlineData("LDK024", "public readonly record struct S(ArrayView<int> X) { public int First => X[0]; } "
        + "[Kernel] static void F(S s) { if (s is { First: 0 }) s.X[1] = 1; }")]
    [InlineData("LDK027", "[Kernel] static void F(ArrayView<int> x, int n) { Cuda.AsyncCopy.Wait(n); }")]
    [InlineData("LDK028",
        "[Kernel] static void F([NoAlias] ArrayView<int> x) { G(ref x[0]); } static void G(ref int n) { n = 1; }")]
    [InlineData("LDK025",
        "public struct S { int hidden; } [Kernel] static void F(ArrayView<int> x, S s) { x[0] = 1; }")]
    [InlineData("LDK025",
        "public struct S { public int Kept { get; } } [Kernel] static void F(ArrayView<int> x, S s) { x[0] = s.Kept; "
        + "}")]
    [InlineData("LDK025",
        "public struct S { public int Kept { get; private set; } } [Kernel] static void F(ArrayView<int> x, S s) { "
        + "x[0] = s.Kept; }")]
    [InlineData("LDK025", "public struct S { public int Kept { get; set => field = 2 * value; } } "
        + "[Kernel] static void F(ArrayView<int> x, S s) { x[0] = s.Kept; }")]
    [InlineData("LDK029", Accessor + "public static Row operator +(Row r, int n) { r.X[n] = 1; return r; } } "
        + "[Kernel] static void F(Row r) { var s = r + 1; }")]
    [InlineData("LDK029",
        Accessor
            + "public static implicit operator int(Row r) => r.X[0]; } [Kernel] static void F(Row r, ArrayView<int> y) "
            + "{ y[0] = r; }")]
    [InlineData("LDK029",
        "public readonly record struct Sum(int Value) { public Sum(ArrayView<int> x) : this(0) { x[0] = 1; } } "
        + "[Kernel] static void F(ArrayView<int> x) { var s = new Sum(x); }")]
    [InlineData("LDK023",
        Accessor + "public int First { set { X[0] = value; } } } [Kernel] static void F(Row r) { r.First = 1; }")]
    [InlineData("LDK029", "interface IRead { static abstract int Of(ArrayView<int> x); } "
        + "struct First : IRead { public static int Of(ArrayView<int> x) => x[0]; } "
        + "[Kernel, Instance(typeof(First))] static void F<T>(ArrayView<int> x) where T : struct, IRead { x[1] = "
        + "T.Of(x); }")]
    [InlineData("LDK030",
        "public static class Other { static readonly int Place = 3; public static void Put(ArrayView<int> x) => "
        + "x[Place] = 1; } }"
        + "public static partial class More { [Kernel] static void F(ArrayView<int> x) { Sample.Other.Put(x); }")]
    [InlineData("LDK031", "[Kernel] static void F(ArrayView<int> x, bool b) { var i = 0; x[0] = b ? i++ + i : 0; }")]
    [InlineData("LDK019",
        "public record struct Row(int N) { public void Wait() { N = 1; Group.Barrier(); } } [Kernel] static void F(Row "
        + "r) { r.Wait(); }")]
    [InlineData("LDK018",
        "[Kernel] static void F(ArrayView<float> x, FragmentA a, FragmentB b, FragmentC c) { var d = x[0] > 0 ? "
        + "Cuda.Mma.Tf32(a, b, c) : c; x[0] = d.R0; }")]
    [InlineData("LDK020", "[Kernel] static void F(Index1D i, ArrayView<float> x) { Cuda.CooperativeGrid.Barrier(); }")]
    [InlineData("LDK001",
        "[Kernel] static void F(ArrayView<int> x) { } [Kernel] static void F(ArrayView<float> x) { }")]
    [InlineData("LDK001", "[Kernel] static void Instances(ArrayView<int> x) { }")]
    [InlineData("LDK001", "public partial record R { [Kernel] static void F(ArrayView<int> x) { } }")]
    [InlineData("LDK023",
        "[Kernel] static void F(ArrayView<int> x) { var s = new S(3); if (s && s) x[0] = 1; } public record struct "
        + "S(int X) { "
        + "public static S operator &(S s, S t) => s; public static bool operator true(S s) => s.X > 0; public static "
        + "bool operator false(S s) => false; }")]
    [InlineData("LDK023", "public struct S { public int X; public void operator +=(int by) => X += by; } "
        + "[Kernel] static void F(ArrayView<int> x) { S s = default; x[0] = (s += 1).X; }")]
    [InlineData("LDK025", "public struct S { public int X { get => field; set => field = 2 * value; } } "
        + "[Kernel] static void F(ArrayView<int> x) { S s = default; s.X = 1; }")]
    [InlineData("LDK025",
        "public struct S(ArrayView<int> v) { public int X = v[0]; } [Kernel] static void F(ArrayView<int> x) { x[0] = "
        + "new S(x).X; }")]
    [InlineData("LDK026", "public record struct S(ArrayView<int> X); "
        + "[Kernel] static void F(ArrayView<int> x) { var s = new S(x); ref var r = ref s; r.X[0] = 1; }")]
    [InlineData("LDK026",
        "public record struct S(ArrayView<int> X); static void G(ArrayView<int> x, out S s) => s = new(x); "
        + "[Kernel] static void F(ArrayView<int> x) { G(x, out var s); }")]
    [InlineData("LDK033",
        Explicit + "[Kernel] static void F(ArrayView<int> x) { S s = default; s.F = 1; x[0] = s.I; }")]
    [InlineData("LDK033", Explicit + "[Kernel] static void F(ArrayView<S> x) { x[0].I = 1; }")]
    [InlineData("LDK033", Explicit + "[Kernel] static void F(ArrayView<int> x, S s) { x[0] = s.I; }")]
    [InlineData("LDK033", Layout + "LayoutKind.Sequential, Pack = 1)] public struct S { public byte B; public int I; } "
        + "[Kernel] static void F(ArrayView<S> x) { }")]
    [InlineData("LDK033",
        Layout + "LayoutKind.Sequential, Size = 16)] public struct S { public int I; } [Kernel] static void "
        + "F(ArrayView<S> x) { }")]
    [InlineData("LDK033",
        Layout + "LayoutKind.Auto)] public struct S { public byte B; public int I; } [Kernel] static void "
        + "F(ArrayView<S> x) { }")]
    [InlineData("LDK033",
        "[System.Runtime.CompilerServices.InlineArray(4)] public struct S { int first; } [Kernel] static void "
        + "F(ArrayView<S> x) { }")]
    [InlineData("LDK024",
        "static int Twice(this int x) => 2 * x; [Kernel] static void F(ArrayView<int> x) => "
        + "x[0] = x[1] switch { var z when z > 3 => z.Twice(), var z => z };")]
    [InlineData("LDK033", "[Kernel] static void F(ArrayView<(int, long)> x) { x[0] = (1, 2); }")]
    [InlineData("LDK033", "public struct S { public (int, int) T; } public record struct V(ArrayView<S> X); "
        + "[Kernel] static void F(V v) { }")]
    [InlineData("LDK034",
        "public record struct S(int V) { public void Deconstruct(out int a, out int b) { a = V; b = V; } } "
        + "[Kernel] static void F(ArrayView<int> x) { var (a, b) = new S(3); x[0] = a; }")]
    [InlineData("LDK035",
        "[Kernel] static void F(ArrayView<int> x) { switch (x[0]) { case 1: var v = x; v[0] = 1; break; case 2: v = x; "
        + "v[1] = 1; break; } }")]
    [InlineData("LDK036", Extension + "[Kernel] static void F(ArrayView<int> x) { x[0] = 3.First(); }")]
    [InlineData("LDK036", Extension + "[Kernel] static void F(ArrayView<int> x) { x[0] = 3.Second; }")]
    [InlineData("LDK036",
        "public record struct S(int X); [Kernel] static void F(ArrayView<int> x) { x[0] = new S(1) == new S(2) ? 1 : "
        + "2; }")]
    [InlineData("LDK036",
        "interface I { int Get() => 3; } public struct S : I; static int Of<T>(T one) where T : struct, I => "
        + "one.Get(); "
        + "[Kernel] static void F(ArrayView<int> x) { x[0] = Of(new S()); }")]
    [InlineData("LDK036",
        "interface I { int Got => 3; } public struct S : I; static int Of<T>(T one) where T : struct, I => one.Got; "
        + "[Kernel] static void F(ArrayView<int> x) { x[0] = Of(new S()); }")]
    [InlineData("LDK029", Setter + "static int Got<T>(T t) where T : struct, IV => t.V; "
        + "[Kernel] static void F(S s, ArrayView<int> x) => x[0] = Got(s);")]
    [InlineData("LDK023", Setter + "[Kernel] static void F(S s) { (s.V, var b) = (Group.IdxX, 2); }")]
    [InlineData("LDK023", Setter + "[Kernel] static void F(S s) { ((s.V, var a), s[1]) = ((Group.IdxX, 1), 2); }")]
    [InlineData("LDK023", Setter + "[Kernel] static void F(S s) { int a; (a, s[0]) = (1, Group.IdxX); }")]
    [InlineData("LDK023", Setter + "[Kernel] static void F(S s) { s.V++; }")]
    [InlineData("LDK023", Setter + "[Kernel] static void F(S s) { --s[0]; }")]
    [InlineData("LDK023", Setter + "[Kernel] static void F(S s) { s.V += Group.IdxX; }")]
    [InlineData("LDK023", Setter + "[Kernel] static void F(S s) { s[0] = Group.IdxX; }")]
    [InlineData("LDK023", Setter + "[Kernel] static void F(ArrayView<int> x) { var s = new S(x) { V = Group.IdxX }; }")]
    [InlineData("LDK023", Setter + "[Kernel] static void F(S s) { var t = s with { V = Group.IdxX }; }")]
    [InlineData("LDK006",
        Setter + "[Kernel] static void F(S s) { var a = new (int, int)[2]; foreach ((s.V, s[0]) in a) { } }")]
    [InlineData("LDK023", Setter + "static void Set<T>(T t) where T : struct, IV { (t.V, _) = (Group.IdxX, 1); } "
        + "[Kernel] static void F(S s) { Set(s); }")]
    [InlineData("LDK037", Differentiable + "F<T>(ArrayView<T> x, ArrayView<T> y)" + Number
        + "=> y[Grid.IdxX] = x[Grid.IdxX];")]
    [InlineData("LDK037", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<long> z, ArrayView<T> y)" + Number
        + "=> y[i] = x[i];")]
    [InlineData("LDK037", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y)" + Number
        + "=> y[i] = T.CreateTruncating(double.CreateTruncating(x[i]));")]
    [InlineData("LDK037", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y)" + Number
        + "=> y[i] = T.One;")]
    [InlineData("LDK037", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y)" + Number
        + "=> y[i] = x[i]; static void FBackward() { }")]
    [InlineData("LDK038", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y)" + Number
        + "{ y[i] = x[i]; y[i] = x[i] * x[i]; }")]
    [InlineData("LDK038", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y)" + Number
        + "{ y[i] = x[i]; var z = y[i]; x[i] = z; }")]
    [InlineData("LDK038", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int n)" + Number
        + "{ for (var c = 0; c < n; c++) y[i] = x[i]; }")]
    [InlineData("LDK038", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int n)" + Number
        + "{ var h = T.One; for (var c = 0; c < n; c++) h = T.Tanh(h * x[i]); y[i] = h; }")]
    [InlineData("LDK038", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int n)" + Number
        + "{ var h = T.One; for (var c = 0; c < n; c++) { h += x[i]; y[i * n + c] = h; } }")]
    [InlineData("LDK039", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<int> n, ArrayView<T> y)" + Number
        + "{ var h = T.One; for (var c = 0; c < n[i]; c++) h += x[i]; y[i] = h; }")]
    [InlineData("LDK039", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int n)" + Number
        + "{ var h = T.One; for (var c = 0; c < n; c++) { if (h > x[i]) break; h += x[i]; } y[i] = h; }")]
    [InlineData("LDK039", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y)" + Number
        + "{ var k = 0; k = 1; y[i] = x[i]; }")]
    [InlineData("LDK041", "[Kernel] static void F([Tunable(1, 2)] int n, ArrayView<int> x) => x[0] = n;")]
    [InlineData("LDK041",
        "[Kernel] static void F([Tunable(1)] SpecializedValue<int> n, ArrayView<int> x) => x[0] = n;")]
    [InlineData("LDK041", "[Kernel] static void F([Tunable] SpecializedValue<int> n, ArrayView<int> x) => x[0] = n;")]
    [InlineData("LDK041",
        "[Kernel] static void F([Tunable(1, 2, 1)] SpecializedValue<int> n, ArrayView<int> x) => x[0] = n;")]
    [InlineData("LDK042", "[Kernel, TunableWhere(\"G\")] static void F(SpecializedValue<int> n, ArrayView<int> x) => "
        + "x[0] = n; static bool G(int n) => n > 1;")]
    [InlineData("LDK042", Tuned + "static int G(int n) => n;")]
    [InlineData("LDK042", Tuned + "static bool G(int n, int m) => n > m;")]
    [InlineData("LDK042", Tuned + "static bool G(long n) => n > 1;")]
    [InlineData("LDK042", Tuned + "static bool H(int n) => n > 1;")]
    [InlineData("LDK001", Tuned + "static bool G(int n) => n > 1; static int TunedF => 3;")]
    [InlineData("LDK040", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y)" + Number
        + "=> y[i] = x[i] * x[i + 1];")]
    [InlineData("LDK040", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y)" + Number
        + "=> y[i + 1] = x[i];")]
    [InlineData("LDK040", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int n)" + Number
        + "{ for (var c = 0; c < n; c++) y[c * n + i] = x[i * n + c]; }")]
    [InlineData("LDK040", Differentiable
        + "F<T>(Index1D i, ArrayView<T> x, ArrayView<int> at, ArrayView<T> y, int n)" + Number
        + "=> y[i * n + at[i]] = x[i];")]
    [InlineData("LDK040", Differentiable + "F<T>(Index1D i, ArrayView<T> u, ArrayView<T> x, ArrayView<T> y, int n)"
        + Number + "{ var s = u[i]; for (var c = 0; c < n; c++) s += x[c * n + i]; y[i] = s; }")]
    [InlineData("LDK040", Differentiable + "F<T>(Index1D i, ArrayView<T> u, ArrayView<T> x, ArrayView<T> y, int n)"
        + Number + "{ var s = u[i]; for (var c = 0; c < n; c++) s += x[i + c]; y[i] = s; }")]
    [InlineData("LDK040", Differentiable + "F<T>(Index2D p, ArrayView<T> x, ArrayView<T> all, ArrayView<T> y, int n)"
        + Number + "=> y[p.Y * n + p.X] = x[p.Y * n + p.X] * all[0];")]
    [InlineData("LDK038", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y)" + Number
        + "{ if (x[i] > T.Zero) y[i] = x[i]; }")]
    [InlineData("LDK037", Differentiable + "F<T>(Index1D i, ArrayView<T> @in, ArrayView<T> y)" + Number
        + "=> y[i] = @in[i];")]
    [InlineData("LDK037", Differentiable + "F<T>(Index1D i, ArrayView<T> Name, ArrayView<T> y)" + Number
        + "=> y[i] = Name[i];")]
    [InlineData("LDK037", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int Backend)" + Number
        + "=> y[i] = x[i] * T.CreateTruncating(Backend);")]
    [InlineData("LDK040", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int n)" + Number
        + "=> y[i / n] = x[i];")]
    [InlineData("LDK040", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y)" + Number
        + "=> y[i] = x[i] * x[0];")]
    [InlineData("LDK037", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int rows)" + Number
        + "=> y[i] = x[i];")]
    [InlineData("LDK039", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int n)" + Number
        + "{ if (n > 0) { if (n > 1) { y[i] = T.One; return; } } y[i] = x[i]; }")]
    [InlineData("LDK040", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int n)" + Number
        + "=> y[i] = x[i] * x[i * n];")]
    [InlineData("LDK040", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int n, int m)" + Number
        + "=> y[i] = x[i / n * n + i % m];")]
    [InlineData("LDK039",
        "static (int, int) At(int i, int n) { if (i < n) return (0, 0); return (i / n, i % n); } " + Differentiable
        + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int n)" + Number
        + "{ var (row, column) = At(i, n); y[i] = x[row * n + column]; }")]
    [InlineData("LDK038", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int n)" + Number
        + "{ var m = T.NegativeInfinity; for (var a = 0; a < n; a++) for (var b = 0; b < n; b++) "
        + "m = T.Max(m, x[i * n + a] * x[i * n + b]); y[i] = m; }")]
    [InlineData("LDK038", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int n)" + Number
        + "{ var m = T.Zero; for (var c = 0; c < n; c++) if (c > 1) m = T.Max(m, x[i * n + c]); y[i] = m; }")]
    [InlineData("LDK040", Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int n)" + Number
        + "=> y[i] = x[n - 1 - i];")]
    [InlineData("LDK040", Differentiable + "F<T>(Index1D i, ArrayView<T> u, ArrayView<T> x, ArrayView<T> y, int n)"
        + Number + "{ var s = u[i]; for (var c = 0; c < n; c++) s += x[c * c]; y[i] = s; }")]
    [InlineData("LDK002", "[Kernel] static void F(LongIndex1D i, ArrayView<int> x) => x[i] = 1;")]
    [InlineData("LDK002", "[Kernel] static void F(LongIndex2D i, ArrayView<int> x) => x[i.X] = 1;")]
    [InlineData("LDK002", "[Kernel] static void F(ArrayView1D<int, Stride1D.Infinite> x) => x[0] = 1;")]
    [InlineData("LDK002", "[Kernel] static void F(Half h, ArrayView<int> x) => x[0] = 1;")]
    [InlineData("LDK002", "public record struct S(SpecializedValue<int> A, SpecializedValue<int> B); "
        + "[Kernel] static void F(S s, ArrayView<int> x) => x[0] = 1;")]
    [InlineData("LDK012", "[Kernel] static void F(ArrayView2D<int, Stride2D.DenseX> x) => x[0, 0] = x.IntLength;")]
    [InlineData("LDK012",
        "[Kernel] static void F(ArrayView1D<int, Stride1D.Dense> x) => x.SubView(1, 2)[0] = 1;")]
    [InlineData("LDK001", "[Kernel] static void K(ArrayView<int> x) { } [Kernel] static void LaunchK(ArrayView<int> x) "
        + "{ }")]
    [InlineData("LDK001", "[Kernel] static void K(ArrayView<int> x) { } static void K(int x) { }")]
    [InlineData("LDK001", "[Kernel] static void K(ArrayView<int> x) { } static int KInstance;")]
    [InlineData("LDK001", "[Kernel] static void @event(ArrayView<int> x) { }")]
    [InlineData("LDK001", "public static partial class @event { [Kernel] static void F(ArrayView<int> x) { } }")]
    [InlineData("LDK001", "static partial class Inner { [Kernel] static void F(ArrayView<int> x) { } }")]
    [InlineData("LDK001", "[Kernel] static void K(ArrayView<int> x) { } static class KChecked { }")]
    public void Refuses(string id, string members) => Assert.Contains(id, GeneratorRun.Diagnose(members));

    [Fact]
    public void SaysWhatStandsForAChar() => Assert.EndsWith("Use ushort, which has the same values.",
        Assert.Single(GeneratorRun.Messages("LDK004",
            "[Kernel] static void F(ArrayView<int> x) => x[0] = (char)x[1];")),
        StringComparison.Ordinal);

    // Of what is refused, the reason is the true one, and there is what it says to write.
    [Theory]
    [InlineData("LDK038", "over two loops", "{ var m = T.Zero; for (var a = 0; a < n; a++) for (var b = 0; b < n; b++) "
        + "m = T.Max(m, x[i * n + a] * x[i * n + b]); y[i] = m; }")]
    [InlineData("LDK038", "in a branch",
        "{ var m = T.Zero; for (var c = 0; c < n; c++) if (c > 1) m = T.Max(m, x[i * n + c]); y[i] = m; }")]
    [InlineData("LDK039", "the same for every lane",
        "{ var s = T.Zero; for (var c = 0; c < i % n; c++) s += x[i * n + c]; y[i] = s; }")]
    [InlineData("LDK040", "more than sums of the lane", "=> y[i] = x[n - 1 - i];")]
    [InlineData("LDK038", "used within the loop",
        "{ var s = T.Zero; var q = T.Zero; for (var c = 0; c < n; c++) { s += x[i * n + c]; q += s * s; } y[i] = q; }")]
    [InlineData("LDK039", "goes by 2",
        "{ var s = T.Zero; for (var c = 0; c < n; c += 2) s += x[i * n + c]; y[i] = s; }")]
    [InlineData("LDK037", "in the midst", "{ var v = x[i]; y[i] = v++ * v; }")]
    [InlineData("LDK039", "a switch", "{ switch (n) { case 0: y[i] = x[i]; break; default: y[i] = T.One; break; } }")]
    [InlineData("LDK037", "a switch", "=> y[i] = n switch { 0 => x[i], _ => x[i] * x[i] };")]
    [InlineData("LDK039", "by ?:", "{ var j = 0; if (n > 0) j = 1; y[i] = x[i] * T.CreateTruncating(j); }")]
    public void SaysWhyThereIsNoAdjoint(string id, string reason, string body) =>
        Assert.Contains(reason, Assert.Single(GeneratorRun.Messages(id,
            Differentiable + "F<T>(Index1D i, ArrayView<T> x, ArrayView<T> y, int n)" + Number + body)),
            StringComparison.Ordinal);

    [Fact]
    public void RefusesAKernelThatOneFileSees() => Assert.Equal(["LDK001"], GeneratorRun.DiagnoseSource(
        "using ILGPU; using LdNetGpu.Dialect; "
        + "file static partial class A { [Kernel] static void F(ArrayView<int> x) => x[0] = 1; }"));

    [Theory]
    [InlineData("[Kernel] static void F(ArrayView<int> x, bool b) { if (b) x[0] = 1; }")]
    [InlineData("[Kernel] static void F<T>(ArrayView<T> x) where T : unmanaged, INumber<T> { if (typeof(T) == "
        + "typeof(float)) x[0] = T.One; }")]
    [InlineData("[Kernel] static void F(ArrayView<double> x) => x[0] = Of(3); static double Of(int n) => n > 2 ? 1 : "
        + "0;")]
    [InlineData("[Kernel] static void F(ArrayView<float> x, int n) => x[0] -= n > 2 ? 0 : 1;")]
    [InlineData("public struct S { public bool Is; public int N; } [Kernel] static void F(ArrayView<int> x, S s) => "
        + "x[0] = s.N;")]
    [InlineData("public record struct S(bool Is, int N); public record struct T(S S); [Kernel] static void "
        + "F(ArrayView<T> x, int n) => x[n] = x[0];")]
    [InlineData("public struct S { public int N; public S(float f) { N = typeof(float) == typeof(int) ? 2 : 3; } } "
        + "[Kernel] static void F(ArrayView<int> x) => x[0] = new S(x[1]).N;")]
    [InlineData("public record struct S(double N) { public static S operator -(S s) => new(s.N > 2 ? 1 : 0); } "
        + "[Kernel] static void F(ArrayView<double> x) => x[0] = (-new S(x[1])).N;")]
    [InlineData("public record struct S(double N) { public static explicit operator S(int n) => new(n > 2 ? 1 : 0); } "
        + "[Kernel] static void F(ArrayView<double> x, int n) => x[0] = ((S)n).N;")]
    [InlineData("interface IOf { static abstract double Of(int n); } struct One : IOf { public static double Of(int n) "
        + "=> n > 2 ? 1 : 0; } "
        + "[Kernel] static void F(ArrayView<double> x, int n) => x[0] = Any<One>(n); static double Any<T>(int n) where "
        + "T : struct, IOf => T.Of(n);")]
    [InlineData("public interface IA { static abstract double F(double x); } public struct A : IA { public static "
        + "double F(double x) => x > 2 ? 1 : 0; } "
        + "[Kernel, Instance(typeof(A))] public static void K<T>(Index1D i, ArrayView<double> w) where T : IA => "
        + "w[i] = T.F(w[i]);")]
    [InlineData("public interface IA { static abstract double F(double x); } public struct A : IA { public static "
        + "double F(double x) => x > 2 ? 1 : 0; } public struct B<T> : IA where T : IA { public static double F(double "
        + "x) => T.F(x); } [Kernel, Instance(typeof(B<A>))] public static void K<T>(Index1D i, ArrayView<double> w) "
        + "where T : IA => w[i] = T.F(w[i]);")]
    [InlineData("public interface IA { static abstract double F(double x); } public struct A : IA { public static "
        + "double F(double x) => x > 2 ? 1 : 0; } public static class In<T> where T : IA { public static double "
        + "Of(double x) => T.F(x); } [Kernel] static void K(ArrayView<double> w) => w[0] = In<A>.Of(w[0]);")]
    [InlineData("[Kernel] static void F(ArrayView<int> x) { var t = (1, 2, 3, 4, 5, 6, 7, 8, x[0]); x[1] = t.Item9; }")]
    public void SaysWhatIlgpusCompilerDoesNotTake(string members) =>
        Assert.Equal(["LDK032"], GeneratorRun.Diagnose(members));

    [Theory]
    [InlineData("[Kernel] static void F(ArrayView<double> x, int n) => x[0] = n > 2 ? 1.0 : 0.0;")]
    [InlineData("[Kernel] static void F(ArrayView<double> x, int n) => x[0] = n > 2 ? 3 : 0;")]
    [InlineData("[Kernel] static void F(ArrayView<int> x, int n) => x[0] = n > 2 ? 1 : 0;")]
    [InlineData("[Kernel] static void F(ArrayView<int> x, float f) => x[0] = int.CreateSaturating(f);")]
    [InlineData("[Kernel] static void F(ArrayView<int> x) => x[0] = byte.CreateSaturating(x[1]);")]
    [InlineData("[Kernel] static void F(ArrayView<uint> x, int n) => x[0] = uint.CreateSaturating(n);")]
    [InlineData("[Kernel] static void F(ArrayView<byte> x) => x[0] = Math.Clamp(x[1], (byte)2, (byte)3);")]
    [InlineData("[Kernel] static void F(ArrayView<long> x, int n) => x[0] = long.CreateSaturating(n);")]
    [InlineData("[Kernel] static void F(ArrayView<int> x) { var (a, b, c, d, e, f, g, h, i) = (1, 2, 3, 4, 5, 6, 7, "
        + "8, x[0]); x[1] = i; }")]
    public void SaysNothingOfWhatBothTake(string members) => Assert.Empty(GeneratorRun.Diagnose(members));

    [Theory]
    [InlineData("var s = new S(x); x[0] = s.X; x[1] = s.X + 1;")]
    [InlineData("int n = new S(x).X, m = n; x[0] = m + n;")]
    public void SaysNothingMoreOfALocalWhoseDeclarationItRefused(string body) =>
        Assert.Equal(["S"], GeneratorRun.Messages("LDK025",
            "public struct S(ArrayView<int> v) { public int X = 4; } "
            + $"[Kernel] static void F(ArrayView<int> x) {{ {body} }}")
            .Select(message => message.Split('\'')[1]));

    /// <summary>
    /// A variable whose declaration is refused, and a function that is, are not refused again where they are used.
    /// </summary>
    [Theory]
    [InlineData("LDK023",
        "[Kernel] static void F(ArrayView<int> x) { var n = stackalloc int[2][0]; x[0] = n; x[1] = n; }")]
    [InlineData("LDK017",
        "[Kernel] static void F(ArrayView<int> x) { G(x)[0] = 1; G(x)[1] = 2; } static ArrayView<int> G(ArrayView<int> "
        + "v) => v;")]
    public void SaysTheCauseAlone(string id, string members) => Assert.Equal([id], GeneratorRun.Diagnose(members));

    /// <summary>
    /// What is not C#, or no kernel can have, never throws: the compiler would drop every kernel for it with a warning.
    /// </summary>
    [Theory]
    [InlineData("public struct S { public S Next; public int X; } [Kernel] static void F(ArrayView<int> x, "
        + "ArrayView<S> s) { S t = default; x[0] = t.X; }")]
    [InlineData("class C { public int X; } [Kernel] static void F(ArrayView<int> x) { C c = null; c?.X = 3; int? n = "
        + "3; n ??= 4; }")]
    [InlineData("public record struct S(ArrayView<int> X, int N); static ref S Same(ref S s) => ref s; static void "
        + "G(ref S s) { s.X[0] = s.N; } "
        + "[Kernel] static void F(ArrayView<int> x) { var s = new S(x, 3); G(ref s); Same(ref s).N = 4; for (var t = "
        + "s; t.N < 8; t.N++) x[1] = t.N; }")]
    [InlineData("} public struct Own { public int X; } public static partial class Sample { "
        + "[Kernel] static void F(ArrayView<int> x) { global::Own own = default; own.X = 3; x[0] = own.X; }")]
    [InlineData("[Kernel] static void F(ArrayView<int> x, Missing m) { (x[0], other) = (1, 2); new Q(3); x.Nope = 1; "
        + "for (;;) }")]
    public void NeverThrows(string members)
    {
        GeneratorRun.Driver().RunGeneratorsAndUpdateCompilation(GeneratorRun.Compile(GeneratorRun.Class(members)),
            out _, out var diagnostics,
            TestContext.Current.CancellationToken);
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Id == "CS8785");
    }

    /// <summary>Names of the generated code's own give way to the kernel's, and its launch is as hidden as its types.
    /// </summary>
    [Theory]
    [InlineData("[Kernel] static void F(Index1D i, ArrayView<int> device, int extent) => device[i] = extent;")]
    [InlineData("[Kernel] static void F(ArrayView<int> config, int device) => config[0] = device;")]
    [InlineData("[Kernel] static void F(ArrayView<int> lane__, int self__) { var returned__ = self__; "
        + "lane__[0] = returned__; }")]
    [InlineData("[Kernel] static void F(ArrayView<int> x, int lane___) { var value0_0__ = 1; var result1__ = "
        + "Group.Broadcast(value0_0__, 0); x[0] = result1__ + lane___; }")]
    [InlineData("struct Hidden { public int N; } [Kernel] static void F(ArrayView<int> x, Hidden s) => x[0] = s.N;")]
    [InlineData("struct Hidden { public int N; } [Kernel] static void F(ArrayView<Hidden> x) => x[0].N = 1;")]
    [InlineData("interface IOf { static abstract int Of(int n); } struct One : IOf { public static int Of(int n) => n; "
        + "} [Kernel, Instance(typeof(One))] static void F<T>(ArrayView<int> x) where T : struct, IOf => "
        + "x[0] = T.Of(1);")]
    [InlineData("internal static partial class Inner { struct Hidden { public int N; } "
        + "[Kernel] static void F(ArrayView<int> x, Hidden s) => x[0] = s.N; }")]
    [InlineData("[Kernel] static void K(ArrayView<int> x) { } static void LaunchK(int x) { }")]
    public void NamesAndAccessOfWhatIsGeneratedFit(string members) => Assert.Empty(GeneratorRun.Diagnose(members));

    /// <summary>Views as ILGPU's own kernels take them.</summary>
    [Theory]
    [InlineData("Index2D i, ArrayView2D<float, Stride2D.DenseX> x", "x[i] = x[i.X, i.Y] + x.IntExtent.X;")]
    [InlineData("Index2D i, ArrayView2D<float, Stride2D.DenseY> x", "x[i] = x[new Index2D(i.X, i.Y)] + x.Extent.Size;")]
    [InlineData("Index2D i, ArrayView2D<float, Stride2D.General> x", "x[(i.X, i.Y)] += x.Extent.Y;")]
    [InlineData("Index3D i, ArrayView3D<float, Stride3D.DenseXY> x", "x[i]++;")]
    [InlineData("Index3D i, ArrayView3D<float, Stride3D.DenseZY> x", "x[i.X, i.Y, i.Z] = x.IntExtent.Z;")]
    [InlineData("Index3D i, ArrayView3D<float, Stride3D.General> x", "ref var r = ref x[i]; r = 1;")]
    [InlineData("Index1D i, ArrayView1D<float, Stride1D.Dense> x", "if (i < x.IntLength) x[i] = x[0] + x.Extent.X;")]
    [InlineData("Index1D i, ArrayView1D<float, Stride1D.General> x", "x[i] = x.BaseView[0];")]
    [InlineData("Index1D i, ArrayView1D<float, Stride1D.Dense> x", "Set(x, i);")]
    public void TakesIlgpusViews(string parameters, string body) =>
        Assert.Empty(GeneratorRun.Diagnose($"[Kernel] static void F({parameters}) {{ {body} }} "
            + "static void Set(ArrayView<float> x, int i) => x[i] = 1;"));

    /// <summary>Names of tunable parameters are no names of the generated method's own.</summary>
    [Theory]
    [InlineData(Tuned + "static bool G(int n) => n > 1;")]
    [InlineData("[Kernel] static void F<T>([Tunable(1, 2)] SpecializedValue<int> device, SpecializedValue<int> "
        + "@params, [Tunable(-1, 3)] SpecializedValue<int> values, [Tunable(0, 3)] SpecializedValue<int> sizes, "
        + "ArrayView<T> x) where T : unmanaged, INumber<T> => "
        + "x[0] = T.CreateTruncating(device + @params + values + sizes);")]
    [InlineData("[Kernel] public static void F(Index1D i, [Tunable(1, 2)] SpecializedValue<int> n, ArrayView<int> x) "
        + "=> x[i] = n; public static int TunedG => 3;")]
    public void TakesTunableParameters(string members) => Assert.Empty(GeneratorRun.Diagnose(members));

    [Fact]
    public void AcceptsCorrectKernels() => Assert.Empty(GeneratorRun.Diagnose(
        "[Kernel] static void F<T>(Index1D i, ArrayView<T> x, T a) where T : unmanaged, INumber<T> { x[i] = x[i] * a + "
        + "T.One; }"));
}
