namespace LdNetGpu.Tests;

/// <summary>
/// Statements and operators one by one, each on every device and by every compiler: what random kernels found, and what
/// they are made of.
/// </summary>
public class StatementTests
{
    const int OfOneKernel = 40;

    [Fact]
    public void EveryOperatorAndFunctionMeansTheSameByItself()
    {
        var rules = Rules.Of.SelectMany(rules => rules).Where(rule => !rule.HasEffect)
            .DistinctBy(rule => (rule.Type, rule.Text, string.Join(' ', rule.Parts)));
        var terms = rules.Select(rule => new Term(rule.Type, rule.Text,
            [.. rule.Parts.Select((type, i) => new Term(type, $"{type.Letter()}{i % Case.Variables}"))]));
        MeanTheSame(terms.Chunk(OfOneKernel).Select((some, i) => new Case(i, [], some)));
    }

    /// <summary>
    /// C# evaluates from left to right, masks a shift's distance, and wraps around where it says unchecked.
    /// </summary>
    [Fact]
    public void StatementsMeanTheSame() => MeanTheSame(new[]
    {
        "i0 <<= i1;",
        "i0 = BitConverter.SingleToInt32Bits(f0);\nf1 = BitConverter.Int32BitsToSingle(i1 & 0x3fffffff);\n"
        + "l0 = BitConverter.DoubleToInt64Bits(d0);\nd1 = BitConverter.Int64BitsToDouble(l1 >> 3);",
        "d0 = b0 ? 1 : 0;\nf0 = b1 ? 1 : 0;\nd1 = b1 ? 0 : 1;\nl0 = b0 ? 1 : 0;\nm0 = b1 ? 1u : 0u;",
        "i0 = -(-i1);\nl0 = -(-(-l1));\nf0 = -(-f1);",
        "l0 >>= i1;",
        "l0 >>>= i1;",
        "u0 >>>= i1 + 40;",
        "f0 %= f1;",
        "i0 = i0++ + i0 * 3;",
        "i0 += i0++;",
        "i0 = i0++;",
        "i1 = Math.Max(i0++, i0);",
        "i1 = Mixed(i0--, (uint)i0);",
        "u1 = Next(ref u0) - Next(ref u0);",
        "u1 = u0 ^ Next(ref u0);",
        "items[i0++ & 7] = i0;\ni1 = items[(i0 - 1) & 7];",
        "items[i0++ & 7] += i0;\ni1 = items[(i0 - 1) & 7];",
        "(i0, i1) = (i1--, i0 > i1 ? i1 : 5);",
        "i1 = 2;\n(i1, items[i1]) = (3, 99);\ni0 = items[2];",
        "(items[i0 & 3], items[i1 & 3]) = (items[i1 & 3], items[i0 & 3]++);\ni0 = items[0] ^ items[1];",
        "((i0, i1), var c) = ((i1, i0), 3L);\nl0 = c;",
        "var t = (i0, (f0, 2));\n(long, (double, long)) w = t;\n(l0, (d0, l1)) = w;",
        "i0 = new Pair(i0, f0).Step(i1);",
        "b0 = f0 is float.NaN;\nb1 = d0 is not double.NaN;",
        "i0 = f0 switch { float.NaN => 1, > 1f => 2, _ => 3 };",
        "switch (f0)\n{\n    case 1f: i0 = 1; break;\n    case float.NaN: i0 = 2; break;\n    default: i0 = 3; "
        + "break;\n}",
        "switch (i0)\n{\n    case > 5 when b0: i1 = 1; break;\n    case 0: case < -3: i1 = 2; break;\n}",
        "switch (i0)\n{\n    case 1: int x = 5; i1 = x; break;\n    case 2: x = 7; i1 = x * 2; break;\n    default: "
        + "(x, i1) = (1, 2); i1 += x; break;\n}",
        "if (b0) { ref var r = ref i0; r = 5; }\nif (b1) { ref var r = ref i0; r ^= 6; r = ref i1; r = 7; }",
        "for (ref var r = ref i0; (r & 7) != 3; r++) i1 = r;",
        "b0 = i0 > i1 - 1;",
        "b0 = i0 > --i1;",
        "l0 = i0 * 2 / 2;",
        "i1 = i0 / 8;",
        "i1 = i0 / -8;",
        "i1 = i0 / int.MinValue;",
        "u1 = u0 / 16;",
        "l1 = l0 / 4096;",
        "l1 = i0 / 4L;",
        "l1 = l0 / long.MinValue;",
        "m1 = m0 / 2;",
        "m1 = u0 / 0x80000000UL;",
        "i1 = i0 / (i1 > 0 ? 2 : 4);",
        "i0 /= 2;",
        "f1 = f0 + 0.1f + 0.2f;",
        "f1 = f0 * 0.1f * 0.3f;",
        "d1 = d0 - 0.1 - 0.2;",
        "switch (i0 & 3)\n{\n    case 0: i1 = (int)(uint)l0; break;\n    case 1: i1 = (short)u0; break;\n    default: "
        + "l1 = (uint)(int)m0; break;\n}",
        "l0 = -i0;\nl1 += l0++;",
    }.Select((line, i) => new Case(i, [new Statement(line)], [])));

    /// <summary>
    /// Fields have their initial values whatever makes the struct, and constructors do what their bodies say.
    /// </summary>
    [Fact]
    public void ConstructorsMeanTheSame() => MeanTheSame("""
        public struct Started { public int A = 5; public int B; public Started(int b) { B = b; } }
        public struct Doubled { public int A; public Doubled(int a) { A = (a & 7) * 2; } }
        public struct Primary(int x) { public int X = (x & 7) * 2; public int Y { get; set; } = 3; }
        public record struct Overridden(int A, int B) { public int A { get; init; } = A & 3; }
        public record struct Swapped(int A, int B) { public int B { get; init; } = B; public int A { get; init; } = A; }
        public struct Crossed { public int A, B; public Crossed(int a, int b) => (A, B) = (b, a); }
        public struct Of<T> where T : unmanaged { public T A; public long C = 4; public Of(T a) => A = a; }
        public struct Chained
        {
            public int X;
            public int Y = 7;
            public Chained(int x) { X = x; }
            public Chained(int a, int b) : this(a ^ b) { Y += 1; }
            public Chained(int a, int b, int c) : this() { X = a ^ b ^ c; }
        }
        """,
        "var s = new Started(i0);\ni0 = s.A;\ni1 = s.B;",
        "Started s = default;\ni0 = s.A;",
        "i0 = new Doubled(i0).A;",
        "var s = new Primary(i0);\ni0 = s.X;\ni1 = s.Y;",
        "var s = new Overridden(i0, i1);\ni0 = s.A;\ni1 = s.B;",
        "var s = new Swapped(i0, i1);\ni0 = s.A;\ni1 = s.B;",
        "var s = new Crossed(i0, i1);\ni0 = s.A;\ni1 = s.B;",
        "var s = new Of<uint>(u0);\nu1 = s.A;\nl0 = s.C;",
        "var s = new Chained(i0, i1);\ni0 = s.X;\ni1 = s.Y;",
        "var s = new Chained(i0, i1, 3);\ni0 = s.X;\ni1 = s.Y;");

    /// <summary>
    /// Operators of one's own, those that change the struct in place too; bodies of interfaces; partial members.
    /// </summary>
    [Fact]
    public void MembersMeanTheSame() => MeanTheSame("""
        public struct Total { public int X; public void operator +=(int by) { X ^= by; } public void operator ++() { X ^= 64; } }
        public record struct Step(int X) { public static Step operator ++(Step one) => new(one.X ^ 3); public static Step operator -(Step one) => new(~one.X); }
        public record struct Turned(int A, int B) { public int B { get; init; } = B; public int A { get; init; } = A; }
        public interface IRule { static virtual int Of(int x) => x ^ 5; }
        public struct Usual : IRule;
        public struct Other : IRule { static int IRule.Of(int x) => x ^ 6; }
        public static class Rules { public static int Of<T>(int x) where T : IRule => T.Of(x); }
        public partial struct Parted { int x; public partial Parted(int x); public partial Parted(int x) { this.x = x ^ 8; } public partial int Get(); }
        public partial struct Parted { public partial int Get() => x ^ 1; }
        """,
        "Total t = default;\nt += i0;\nt++;\ni0 = t.X;",
        "var s = new Step(i0);\ns++;\n++s;\ns++;\ni0 = s.X;\ni1 = (-s).X;",
        "(i0, i1) = new Turned(i0, i1);",
        "i0 = Rules.Of<Usual>(i0);\ni1 = Rules.Of<Other>(i1);",
        "i0 = new Parted(i0).Get();",
        "switch (i0 & 1)\n{\n    case 0: Divide(i1, 3, out var q, out _); i1 = q; break;\n    default: q = 4; i1 = q; "
        + "break;\n}");

    /// <summary>
    /// Names that C#'s programs may have and the texts, their preludes and the compilers of C have too.
    /// </summary>
    [Fact]
    public void NamesMeanTheSame() => MeanTheSame("""
        public struct Color { public int Value; }
        public struct Mixed
        {
            public Color Color;
            public Color Other;
            public int value, M_PI, EOF, größe, @class, linux;
            public Mixed(int x) { value = x; M_PI = x ^ 1; EOF = x ^ 2; größe = x ^ 3; @class = x ^ 4; linux = x ^ 5; Color = default; Other = default; }
            public int Größe() => größe;
        }
        public static class Own { public struct Index2D { public int X; } }
        public struct half { public int X; }
        public static class Add { public static int Apply(int x) => x ^ 1; }
        public static class Int { public static int Max(int x, int y) => x ^ y; }
        public static class Words
        {
            public static int Class(int @class, int @new, int @operator) => @class ^ @new ^ @operator;
            public static int Both(Mixed Mixed, Mixed Other) => Mixed.value ^ Other.M_PI ^ Mixed.EOF ^ Other.@class ^ Mixed.linux ^ Mixed.Größe();
        }
        """,
        "int @this = i0, @namespace = 2, @virtual = 3, @template = 4;\ni0 = Words.Class(@this, @namespace, @virtual) ^ "
        + "@template;",
        "int ToInt = 3;\ni0 = (int)f0 ^ ToInt;",
        "int threadIdx = 3, blockIdx = 4, blockDim = 5, gridDim = 6, warpSize = 7;\ni0 ^= threadIdx ^ blockIdx ^ "
        + "blockDim ^ gridDim ^ warpSize;",
        "int float2 = 3, M_PI = 4, EOF = 5, größe = i0, linux = 6, unix = 7;\ni0 = float2 ^ M_PI ^ EOF ^ größe ^ linux "
        + "^ unix;",
        "int Int_Max = 3, convert_int_sat = 4, ints_length = 5, value_2 = 6;\ni0 = Math.Max(i0, Int_Max) ^ (int)f0 ^ "
        + "convert_int_sat ^ ints_length ^ value_2;",
        "var one = new Mixed(i0);\nvar c = one.Color;\nc.Value = 3;\ni0 = Words.Both(one, one) ^ c.Value;",
        "int Mixed = 3;\nvar one = new Mixed(i0);\ni0 = one.value ^ Mixed;",
        "Own.Index2D index = default;\nindex.X = i0;\nhalf part = default;\npart.X = 3;\ni0 = index.X ^ part.X;",
        "i0 = Add.Apply(i0) ^ Int.Max(i0, i1) ^ Math.Max(i0, i1);");

    /// <summary>
    /// What a call changes, however deep below it and by whatever kind of store, it changes in its turn.
    /// </summary>
    [Fact]
    public void ChangesByCallsKeepTheirOrder() => MeanTheSame("""
        public record struct Counted(int X, int Y);
        public readonly record struct Row(int N) { public int Plus(int by) => N ^ by; }
        public interface IStore { static abstract int To(int[] c); }
        public struct Stores : IStore { public static int To(int[] c) => Stored.Other(c); }
        public record struct Adds(int X) { public int this[int i, int j] => X ^ i * 16 ^ j; }
        public static class Stored
        {
            public static int Other(int[] c) { c[0] = 42; return 0; }
            public static int Deep(int[] c) => Other(c);
            public static int Member(Counted[] c) { c[0].X = 42; return 0; }
            public static int DeepMember(Counted[] c) => Member(c);
            static ref int At(int[] c) => ref c[0];
            public static int Reference(int[] c) { At(c) = 42; return 0; }
            public static int Tuple(int[] c) { (c[0], c[1]) = (42, 43); return 0; }
            public static int Step(int[] c) { c[0]++; return 0; }
            public static int Compound(int[] c) { c[0] ^= 42; return 0; }
            static void Out(out int n) => n = 42;
            public static int ByOut(int[] c) { Out(out c[0]); return 0; }
            public static int ByLocal(int[] c) { ref var r = ref c[0]; r = 42; return 0; }
            public static int Through<T>(int[] c) where T : IStore => T.To(c);
            public static int Next(ref Row row) { row = new(unchecked(row.N + 5)); return 3; }
            static int Last(int[] c, int n) { for (var i = 0; i < n; i++) Deep(c); return 0; }
            public static int Loop(int[] c) => Last(c, 2);
        }
        """,
        [.. new[] { "Deep", "Reference", "Tuple", "Step", "Compound", "ByOut", "ByLocal", "Through<Stores>", "Loop" }
            .SelectMany(name => new[]
            {
                $"items[0] = 5;\nitems[1 + Stored.{name}(items)] = items[0];\ni0 = items[1];",
                $"items[0] = 5;\ni0 = items[0] + Stored.{name}(items);",
                $"items[0] = 5;\ni0 = Math.Max(items[0], Stored.{name}(items)) ^ items[0];",
            }),
            "var c = new Counted[2];\nc[0] = new(5, 6);\nitems[1 + Stored.DeepMember(c)] = c[0].X;\ni0 = items[1];",
            "var row = new Row(i0);\ni0 = row.Plus(Stored.Next(ref row));",
            "ref var r = ref i0;\ni1 = i0 + (r = 5);\nl0 = i0;",
            "var row = new Adds(i0);\ni1 = 2;\ni0 = row[i1++, i1];"]);

    /// <summary>
    /// Every integer made of every number, within its bounds and beyond them; by ILGPU's PTX in its own tests.
    /// </summary>
    [Fact]
    public void CreatedNumbersMeanTheSame()
    {
        string[] integers = ["sbyte", "byte", "short", "ushort", "int", "uint", "long", "ulong"];
        var sources = new[] { "(sbyte)i0", "(byte)i0", "(short)i0", "(ushort)i0", "i0", "u0", "l0", "m0",
            "(int)(m0 >> 63) - 1", "f0", "d0", "f0 * 1e30f", "d0 / 0.0", "(d0 - d0) / 0.0" };
        DialectLines.MeanTheSame(Subject.All(), "", [.. from to in integers from source in sources
            select $"l0 = (long){to}.CreateSaturating({source});\nl1 = (long){to}.CreateTruncating({source});"]);
    }

    /// <summary>Functions of integers narrower than int, which C does not have.</summary>
    [Fact]
    public void FunctionsOfNarrowIntegersMeanTheSame() => MeanTheSame("",
        [.. new[] { "sbyte", "byte", "short", "ushort" }.SelectMany(type => new[]
        {
            $"i0 = Math.Max(({type})i0, ({type})7);\ni1 = Math.Min(({type})i0, ({type})i1);",
            $"i0 = {type}.Max(({type})i0, ({type})i1);\ni1 = {type}.Min(({type})3, ({type})u0);",
            $"i0 = Math.Clamp(({type})i0, ({type})3, ({type})60);",
        }),
        "i0 = Math.Abs((short)(i0 | 1));\ni1 = Math.Abs((sbyte)(i1 | 1));"]);

    /// <summary>Structs without fields are values as others are.</summary>
    [Fact]
    public void EmptyStructsMeanTheSame() => MeanTheSame("""
        public struct Empty { public int Of(int x) => x ^ 9; }
        public record struct Nothing();
        public record struct Around(Empty E, int X);
        public static class Takes { public static int Of(Empty e, int x) => e.Of(x); public static int Of(Nothing n, int x) => x ^ 7; }
        """,
        "Empty e = default;\ni0 = Takes.Of(e, i0);",
        "i0 = Takes.Of(new Empty(), i0) ^ Takes.Of(new Nothing(), i1);",
        "var t = (new Empty(), i0);\ni0 = Takes.Of(t.Item1, t.Item2);",
        "var a = new Around(default, i0);\ni1 = Takes.Of(a.E, a.X);");

    /// <summary>
    /// Where a struct may not change, or a property gives it, C# calls what would change it on a copy.
    /// </summary>
    [Fact]
    public void CopiesMeanTheSame() => MeanTheSame("""
        public struct Counter
        {
            public int K;
            public Counter(int k) => K = k;
            public void Inc() => K++;
            public int Twice() { Inc(); Inc(); return K; }
            public int Next { get { (K, _) = (K + 1, 0); return K; } }
            public readonly int Read() => K;
        }
        public struct Holder
        {
            public readonly Counter Fixed;
            public Counter Free;
            public Counter Given { get; set; }
            public Holder(Counter c) { Fixed = c; Fixed.Inc(); Free = c; Given = c; }
            public readonly int Peek() { Free.Inc(); return Free.Twice() * 100 + Free.K; }
            public int Go() { Free.Inc(); Fixed.Inc(); Given.Inc(); return Free.K * 10000 + Fixed.K * 100 + Given.K; }
        }
        public static class Copies
        {
            public static int ByIn(in Counter c) { c.Inc(); return c.Twice() * 100 + c.K; }
            public static int PartOfIn(in Holder h) { h.Free.Inc(); return h.Free.Next * 100 + h.Free.K; }
            public static int ByRef(ref Counter c) { c.Inc(); return c.K; }
            public static int ByReadOnlyLocal(Counter c) { ref readonly var r = ref c; r.Inc(); return r.Next * 100 + r.K; }
        }
        """,
        "var c = new Counter(i0 & 15);\ni1 = Copies.ByIn(in c);\ni0 = c.K;",
        "var h = new Holder(new Counter(i0 & 15));\nh.Fixed.Inc();\nh.Free.Inc();\nh.Given.Inc();\n"
        + "i0 = h.Fixed.K;\ni1 = h.Free.K;\nl0 = h.Given.K;",
        "var h = new Holder(new Counter(i0 & 15));\ni1 = h.Peek();\nl0 = h.Go();\ni0 = Copies.PartOfIn(in h);",
        "var c = new Counter(i0 & 15);\ni1 = Copies.ByRef(ref c);\nl0 = Copies.ByReadOnlyLocal(c);\ni0 = c.Read();");

    /// <summary>The names of a tuple's fields make no other type.</summary>
    [Fact]
    public void NamedTuplesMeanTheSame() => MeanTheSame("""
        public struct Named { public (int X, long Y) P; public ((int A, int B) Q, long C) R; }
        public struct Made { public (int X, long Y) P; public Made((int, long) p) => P = p; }
        public static class Tuples { public static (int, long) Of(int x, long y) => (x, y); }
        """,
        "Named n = default;\nn.P = (i0, l0);\nl1 = n.P.X ^ n.P.Y;",
        "Named n = default;\nn.P = Tuples.Of(i0, l0);\nvar p = n.P;\nl1 = p.X ^ p.Y;",
        "var m = new Made((i0, l0));\nNamed n = default;\nn.P = m.P;\nl1 = n.P.Item1 ^ m.P.Item2;",
        "Named n = default;\nn.R = ((i0, i1), 5);\nn.R.Q = (i1, n.R.Q.A);\nl0 = n.R.Q.B ^ n.R.Item2;");

    /// <summary>Divisors that are constant powers of two to a compiler that inlines and propagates.</summary>
    [Fact]
    public void DivisionsByAPowerOfTwoMeanTheSame() => MeanTheSame("""
        public static class Parts
        {
            public static int Of(int x, int d) => x / d;
            public static uint Of(uint x, uint d) => x / d;
            public static long Of(long x, long d) => x / d;
            public static ulong Of(ulong x, ulong d) => x / d;
            public static T Of<T>(T x, T d) where T : System.Numerics.INumber<T> => x / d;
            public static int Least() => int.MinValue;
            public static int Sum(int x, int d) { var sum = 0; for (var i = d; i > 0; i /= 2) sum += x / i; return sum; }
            public static int Field(int x, (int First, long Second) d) => x / d.First + (int)(x / d.Second);
        }
        """,
        "i0 = Parts.Of(i0, 2);\ni1 = Parts.Of(i1, 64);\nl0 = Parts.Of(i0 - i1, Parts.Least());",
        "u0 = Parts.Of(u0, 2u);\nu1 = Parts.Of(u1, 0x80000000u);",
        "l0 = Parts.Of(l0, 4L);\nl1 = Parts.Of(l1, long.MinValue);",
        "m0 = Parts.Of(m0, 2UL);\nm1 = Parts.Of(m1, 1UL << 63);",
        "i0 = Parts.Of<int>(i0, 8);\nm0 = Parts.Of<ulong>(m0, 8);\nl0 = Parts.Of<long>(l0, 16);",
        "var d = 4;\ni0 = i0 / d;\nl0 = l0 / (d * d);\ni1 = (i1 + i0) / (l0 > 0 ? 2 : d);",
        "var d = 16u;\nu0 = u0 / d;\nm0 = m0 / (ulong)d;\nl0 = u1 / d - i0 / (long)d;",
        "i0 = Parts.Sum(i0, 8);\ni1 = Parts.Field(i1, (4, 8));",
        "i0 = i0 / 2 / 4;\ni1 = -i1 / -2;\nl0 = l0 / (1L << 40);");

    /// <summary>Constants beyond an integer's bounds become the nearest integer, whoever shows them.</summary>
    [Fact]
    public void LargeConstantsBecomeTheNearestInteger() => MeanTheSame("""
        public static class Large
        {
            static readonly float Much = 1e20f;
            static readonly double Little = -1e20, NoNumber = double.NaN;
            public static int ToI(float v) => (int)v;
            public static int ToI(double v) => (int)v;
            public static uint ToU(float v) => (uint)v;
            public static uint ToU(double v) => (uint)v;
            public static byte ToB(float v) => (byte)v;
            public static short ToS(double v) => (short)v;
            public static int OfFields() => (int)Much ^ (int)Little;
            public static int OfNone() => (int)NoNumber;
        }
        """,
        "var k = 1e20f;\ni0 = (int)k;\nk = -1e20f;\ni1 = (int)k;\nvar d = 1e20;\nu0 = (uint)d;\nd = -5.0;\n"
        + "u1 = (uint)d;",
        "i0 = Large.ToI(3e9f);\ni1 = Large.ToI(-3e9);\nu0 = Large.ToU(5e9f);\nu1 = Large.ToU(-1.0);",
        "i0 = Large.ToI(float.PositiveInfinity);\ni1 = Large.ToI(double.NaN);\nu0 = Large.ToU(float.MaxValue);",
        "i0 = Large.OfFields();\ni1 = Large.OfNone();",
        "i0 = int.CreateSaturating(1e20f);\ni1 = int.CreateTruncating(1e20f);\nu0 = uint.CreateSaturating(-1e20);\n"
        + "u1 = uint.CreateTruncating(1e20);",
        "i0 = Large.ToB(-1f) ^ Large.ToB(300f) << 8;\ni1 = Large.ToS(70000.0) ^ Large.ToB(3e9f) << 16;",
        "var k = 1e5f;\ni0 = (int)(k * k);\ni1 = (int)(-k * k * k);\nu0 = (uint)(k * k);\n"
        + "l0 = (long)(k * k * k * k);",
        "var k = 1e20f;\nl0 = (long)k;\nl1 = (long)-k;\nm0 = (ulong)k;\nm1 = (ulong)-k;",
        "i0 = (int)(f0 * 1e30f);\ni1 = (int)f0;\nu0 = (uint)d0;\nu1 = (uint)(d0 * -1e30);",
        "i0 = (int)2147483647.0;\ni1 = Large.ToI(2147483648.0) ^ Large.ToI(2147483520f) ^ Large.ToI(-2147483649.0);");

    /// <summary>Functions of constants, and the bits of what they give.</summary>
    [Fact]
    public void FunctionsOfConstantsMeanTheSame() => MeanTheSame("",
        "i0 = (int)BitConverter.SingleToUInt32Bits(MathF.Tanh(-0f));",
        "l0 = (long)BitConverter.DoubleToUInt64Bits(double.Tanh(-0.0));",
        "f0 = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(MathF.Tanh(-0f)) ^ 0x40000000u);",
        "i0 = (int)BitConverter.SingleToUInt32Bits(MathF.CopySign(MathF.Floor(2.5f), -1f));",
        "i0 = (int)BitConverter.SingleToUInt32Bits(MathF.Abs(-2f));");

    /// <summary>A NaN is the larger and the lesser number, but for MaxNumber and MinNumber.</summary>
    [Fact]
    public void ExtremaOfNaNMeanTheSame() => MeanTheSame("",
        "f0 = IntrinsicMath.Max(f0, f1);\nd0 = IntrinsicMath.Min(d0, d1);",
        "f0 = XMath.Max(f0, f1);\nd0 = XMath.Min(d0, d1);",
        "f0 = MathF.Max(f0, f1);\nd0 = Math.Min(d0, d1);",
        "f0 = float.MaxNumber(f0, f1);\nd0 = double.MinNumber(d0, d1);",
        "f0 = IntrinsicMath.Clamp(f0, -1f, 1f);\ni0 = IntrinsicMath.Max(i0, i1);\ni1 = XMath.Min(i0, 5);");

    /// <summary>
    /// NaN is neither less nor more than a constant, on whichever side that stands and whoever shows it.
    /// </summary>
    [Fact]
    public void OrdersWithNaNMeanTheSame() => MeanTheSame("""
        public static class Orders
        {
            public static bool IsLess<T>(T x, T y) where T : System.Numerics.INumber<T> => x < y;
            public static int Count(float x, float y) => (x < y ? 1 : 0) + (x <= y ? 2 : 0) + (x > y ? 4 : 0) + (x >= y ? 8 : 0) + (x == y ? 16 : 0);
            public static int NotCount(double x, double y)
            {
                var count = 0;
                if (!(x < y)) count++;
                if (!(x <= y)) count += 2;
                while (x > y) { count += 4; break; }
                return !(x >= y) ? count + 8 : x != y ? count + 16 : count;
            }
        }
        """,
        "f0 = (f0 - f0) / 0f;\nb0 = 0f < f0;\nb1 = !(0f >= f0);\ni0 = 1f <= f0 ? 1 : 2;\ni1 = 1f > f0 ? 1 : 2;",
        "d0 = (d0 - d0) / 0.0;\nb0 = 0.0 < d0;\nb1 = !(0.0 >= d0);\ni0 = 1.0 <= d0 ? 1 : 2;\ni1 = 1.0 > d0 ? 1 : 2;",
        "f0 /= u0 & 1;\nd0 /= u1 & 1;\ni0 = Orders.Count(2f, f0);\ni1 = Orders.NotCount(2.0, d0);",
        "f0 /= u0 & 1;\nd0 /= u1 & 1;\ni0 = Orders.Count(f0, 2f);\ni1 = Orders.NotCount(d0, 2.0);",
        "f0 /= u0 & 1;\nd0 /= u1 & 1;\nb0 = Orders.IsLess(1f, f0);\nb1 = Orders.IsLess(1.0, d0);\ni0 = 3 < f0 ? 3 : "
        + "4;",
        "i0 = Orders.Count(float.NaN, 2f);\ni1 = Orders.NotCount(double.NaN, 2.0);",
        "i0 = Orders.Count(2f, float.NaN);\ni1 = Orders.NotCount(2.0, double.NaN);",
        "i0 = Orders.Count(float.NaN, float.NaN);\ni1 = Orders.NotCount(double.NaN, double.NaN);");

    /// <summary>
    /// 0 added to -0, and constants that sums and products meet one after the other, whoever shows them: a literal, an
    /// integer, a default, a field, a function, bits.
    /// </summary>
    [Fact]
    public void SumsWithConstantsMeanTheSame() => MeanTheSame("""
        public struct Weights { public float First; public double Second; public (float, double) Third; }
        public static class Sums
        {
            static readonly float None = 0f;
            static readonly double Nought = 0.0;
            public static T Of<T>(T x, T y) where T : System.Numerics.INumber<T> => x + y;
            public static T Less<T>(T x, T y) where T : System.Numerics.INumber<T> => x - y;
            public static T Times<T>(T x, T y) where T : System.Numerics.INumber<T> => x * y;
            public static T Zero<T>(T x) where T : System.Numerics.INumber<T> => x + T.Zero;
            public static T Default<T>(T x) where T : struct, System.Numerics.INumber<T> { T none = default; return x + none; }
            public static float OfField(float x) => x + None;
            public static double OfField(double x) => Nought - x;
            public static float Number(int i) => i;
            public static float Bits(float x, int bits) => x + BitConverter.Int32BitsToSingle(bits);
        }
        """,
        "f0 = -0f * MathF.Abs(f0);\nf1 = f0 + 0f;\nf0 = 0f - f0;",
        "d0 = -0.0 * Math.Abs(d0);\nd1 = d0 + 0UL;\nd0 = 0u - d0;",
        "f0 = -0f * MathF.Abs(f0);\nf1 = Sums.Of(f0, 0f);\nf0 = Sums.Less(0f, f0);",
        "d0 = -0.0 * Math.Abs(d0);\nd1 = Sums.Of(0.0, d0);\nd0 = Sums.Less(0.0, d0);",
        "f0 = -0f * MathF.Abs(f0);\nf1 = Sums.Zero(f0);\nf0 = Sums.Default(f0);",
        "d0 = -0.0 * Math.Abs(d0);\nd1 = Sums.Zero(d0);\nd0 = Sums.Default(d0);",
        "f0 = -0f * MathF.Abs(f0);\nf1 = Sums.OfField(f0);\nd0 = -0.0 * Math.Abs(d0);\nd1 = Sums.OfField(d0);",
        "f0 = -0f * MathF.Abs(f0);\nf1 = f0 + Sums.Number(0);\nf0 = Sums.Bits(f0, 0);",
        "var i = 0;\nf0 = i - -0f * MathF.Abs(f0);\nd0 = (long)i - -0.0 * Math.Abs(d0);",
        "Weights w = default;\nf0 = -0f * MathF.Abs(f0) + w.First;\nd0 = -0.0 * Math.Abs(d0) + w.Second;",
        "var w = new Weights();\nf0 = -0f * MathF.Abs(f0) + w.Third.Item1;\n"
        + "d0 = w.Third.Item2 - -0.0 * Math.Abs(d0);",
        "var w = new float[2];\nf0 = -0f * MathF.Abs(f0) + w[0];\n"
        + "var v = new double[1];\nd0 = v[0] - -0.0 * Math.Abs(d0);",
        "f0 = Sums.Of(Sums.Of(f0, 0.1f), 0.2f);\nf1 = Sums.Times(Sums.Times(f1, 0.1f), 3f);",
        "d0 = Sums.Less(Sums.Less(d0, 0.1), 0.2);\nd1 = Sums.Of(0.3, Sums.Of(0.1, d1));",
        "var a = 1e30f;\nf0 = f0 * a * a;\nf1 = f1 + a - a;\nd0 = d0 * 1e300 * 1e-300;");

    /// <summary>Integers that are constant after inlining, and such as a float or a double rounds.</summary>
    [Fact]
    public void ConvertedConstantsMeanTheSame() => MeanTheSame("""
        public static class Ints
        {
            public static ushort ToUShort(long x) => (ushort)x;
            public static byte ToByte(ulong x) => (byte)x;
            public static sbyte ToSByte(int x) => (sbyte)x;
            public static short ToShort(uint x) => (short)x;
            public static float ToFloat(ulong x) => x;
        }
        """,
        "l0 = long.MaxValue;\ni1 = (int)(ushort)l0;\ni0 = Ints.ToUShort(-1L);",
        "i0 = Ints.ToByte(ulong.MaxValue);\ni1 = Ints.ToSByte(255);\nl0 = Ints.ToShort(65535u);",
        "f0 = 0xffff_ff7f_ffff_fffful;\nf1 = Ints.ToFloat(0xffff_ff7f_ffff_fffful);\n"
        + "d0 = Ints.ToFloat((1ul << 54) + (1ul << 30) + 1);",
        "m0 |= 0x8000_0080_0000_0001;\nf0 = m0;\n"
        + "m1 = (1ul << 60) + (1ul << 36) + (m1 & 1);\nf1 = m1;\nd0 = (float)m1;\nd1 = m0;",
        "u0 |= 0x8000_0081;\nf0 = u0;\nl0 |= 0x4000_0040_0000_0001;\nf1 = l0;\n"
        + "d0 = (double)(float)l0;\nd1 = (float)(double)m0;");

    /// <summary>
    /// An enum's values are its base type's, which arithmetic wraps around to: C computes in int where that is
    /// narrower.
    /// </summary>
    [Theory]
    [InlineData("byte")]
    [InlineData("short")]
    [InlineData("uint")]
    [InlineData("long")]
    public void EnumsMeanTheSame(string number)
    {
        string[] lines =
        [
            "l0 = (long)((E)l0 + 10);\nl1 = (long)(10 + (E)l1);",
            "l0 = (long)((E)l0 - 10);\nl1 = (long)~(E)l1;",
            "l0 = (long)(E.A - (E)l0);\nl1 = (long)((E)l1 - (E)l0);",
            "b0 = (E)l0 + 10 > E.A;\nb1 = ~(E)l1 < E.B;\ni0 = (E)l0 - 3 == (E)l1 ? 1 : 2;",
            "b0 = E.B - (E)l0 > 100;\nf0 = (float)((E)l0 + 10);\nd0 = (double)~(E)l1;",
            "var s = (E)l0;\nl0 = (long)s++;\nb0 = s > E.A;\nl1 = (long)s;\ni1 = (int)++s;",
            "var s = (E)l0;\nl0 = (long)s--;\nb0 = s > E.A;\nl1 = (long)s;\ni1 = (int)--s;",
            "var s = (E)l0;\ns += 10;\nl0 = (long)s;\ns -= 100;\nl1 = (long)s;\nb0 = (s += 3) > E.A;",
            "var s = (E)l0;\ns ^= (E)l1;\nl0 = (long)s;\ns &= E.B;\nl1 = (long)(s | E.A);",
            "var s = b0 ? E.Most : E.B;\ns++;\nl0 = (long)s;\nb0 = s > E.A;\ns--;\nl1 = (long)s;\nb1 = s > E.A;",
            "var s = b0 ? E.Most : E.B;\ns += 1;\nb0 = s > E.A;\nl0 = (long)s;\nl1 = (long)(s += 100);",
            "var s = b0 ? E.Least : E.B;\nb0 = s - 1 > E.A;\ns -= 1;\nb1 = s > E.A;\nl0 = (long)s;",
        ];
        MeanTheSame($"public enum E : {number} {{ A = 50, B = 55, C = 51, Least = {number}.MinValue, "
            + $"Most = {number}.MaxValue }}", lines);
    }

    /// <summary>Operators of a type parameter for integers are the type's own: they give no int where it is narrower.
    /// </summary>
    [Theory]
    [InlineData("byte")]
    [InlineData("short")]
    [InlineData("uint")]
    [InlineData("long")]
    public void OperatorsOfATypeParameterMeanTheSame(string number)
    {
        const string Types = """
            public static class Of<T> where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
            {
                public static T Left(T a, int n) => a << n;
                public static T Right(T a, int n) => a >> n;
                public static T Unsigned(T a, int n) => a >>> n;
                public static T Shifted(T a, int n) { a <<= n; a >>= 1; a >>>= n; return a; }
                public static bool LeftIsMore(T a, int n, T b) => a << n > b;
                public static bool UnsignedIsMore(T a, int n, T b) => a >>> n > b;
                public static long Negative(T a) => long.CreateTruncating(unchecked(-a));
                public static bool NegativeIsMore(T a, T b) => unchecked(-a) > b;
                public static long Not(T a) => long.CreateTruncating(~a);
                public static bool NotIsMore(T a, T b) => ~a > b;
                public static bool SumIsMore(T a, T b, T c) => unchecked(a + b) > c;
                public static bool DifferenceIsMore(T a, T b, T c) => unchecked(a - b) > c;
                public static bool ProductIsMore(T a, T b, T c) => unchecked(a * b) > c;
                public static long Sum(T a, T b) => long.CreateTruncating(unchecked(a + b));
                public static long Difference(T a, T b) => long.CreateTruncating(unchecked(a - b));
                public static long Product(T a, T b) => long.CreateTruncating(unchecked(a * b));
                public static long Square(T a) { unchecked { a *= a; } return long.CreateTruncating(a); }
                public static long Quotient(T a, T b) => long.CreateTruncating(a / (b | T.One));
                public static long Rest(T a, T b) => long.CreateTruncating(a % (b | T.One));
                public static long Half(T a) => long.CreateTruncating(unchecked(a + a) / (T.One + T.One));
                public static long Average(T a, T b) => long.CreateTruncating(unchecked(a + b) >> 1);
                public static bool Wraps(T a) { var b = a; unchecked { b++; } return b > a; }
                public static bool StepsBack(T a) { var b = a; unchecked { return --b < a; } }
                public static long Steps(T a)
                {
                    unchecked { return long.CreateTruncating(a++) ^ long.CreateTruncating(++a); }
                }
                public static long Compound(T a, T b)
                {
                    unchecked { a += b; a -= T.One; a ^= b; a &= b | T.One; a |= b; }
                    return long.CreateTruncating(a);
                }
                public static bool Most(T a) => unchecked(T.MaxValue + T.One) < a;
                public static bool Bits(T a, T b) => (a & b) > (a ^ b) | (a | b) == b;
            }
            """;
        string[] lines =
        [
            "l0 = (long)Of<#>.Left((#)i0, 9);\nl1 = (long)Of<#>.Left((#)l1, i1);",
            "l0 = (long)Of<#>.Right((#)i0, 9);\nl1 = (long)Of<#>.Right((#)l1, i1);",
            "l0 = (long)Of<#>.Unsigned((#)i0, 1);\nl1 = (long)Of<#>.Unsigned((#)l1, i1);",
            "l0 = (long)Of<#>.Shifted((#)i0, 3);\nl1 = (long)Of<#>.Shifted((#)l1, i1);",
            "b0 = Of<#>.LeftIsMore((#)i0, 3, (#)i1);\nb1 = Of<#>.UnsignedIsMore((#)l0, 3, (#)l1);",
            "l0 = Of<#>.Negative((#)i0);\nb0 = Of<#>.NegativeIsMore((#)i0, (#)i1);",
            "l0 = Of<#>.Not((#)i0);\nb0 = Of<#>.NotIsMore((#)i0, (#)i1);",
            "b0 = Of<#>.SumIsMore((#)i0, (#)i1, (#)l0);\nb1 = Of<#>.DifferenceIsMore((#)i0, (#)i1, (#)l0);",
            "b0 = Of<#>.ProductIsMore((#)i0, (#)i1, (#)l0);\nl1 = Of<#>.Square((#)l1);",
            "l0 = Of<#>.Sum((#)l0, (#)l1);\nl1 = Of<#>.Difference((#)i0, (#)i1);",
            "l0 = Of<#>.Product((#)l0, (#)l1);\nl1 = Of<#>.Half((#)i0);",
            "l0 = Of<#>.Quotient((#)(i0 & 63), (#)(i1 & 63));\nl1 = Of<#>.Rest((#)(i0 & 63), (#)(i1 & 63));",
            "l0 = Of<#>.Average((#)l0, (#)l1);\nb0 = Of<#>.Wraps((#)i0);\nb1 = Of<#>.Most((#)i1);",
            "l0 = Of<#>.Steps((#)l0);\nl1 = Of<#>.Compound((#)i0, (#)i1);\nb0 = Of<#>.StepsBack((#)i0);",
            "b0 = Of<#>.Bits((#)i0, (#)i1);\nb1 = Of<#>.Wraps(#.MaxValue);",
        ];
        MeanTheSame(Types, [.. lines.Select(line => line.Replace("#", number, StringComparison.Ordinal))]);
    }

    /// <summary>Indices are numbers: unchecked, their arithmetic wraps around as that of int and long does.</summary>
    [Fact]
    public void IndicesMeanTheSame() => MeanTheSame("",
        "Index1D x = i0;\nl0 = x + 3;\nl1 = x * 3;",
        "Index1D x = i0;\nl0 = x - i1;\nl1 = i1 - x;\nb0 = x + 3 > x;",
        "Index1D x = int.MaxValue;\nl0 = x + 3;\nb0 = x + 1 > x;\nl1 = x * (i0 | 1);",
        "Index1D x = i0, y = i1;\nl0 = x + y;\nl1 = x * y;\nb0 = x - y > 0;",
        "Index1D x = i0;\nx += i1;\nl0 = x;\nx *= 3;\nl1 = x;\nx -= 5;\ni0 = x;",
        "Index1D x = int.MaxValue;\nx++;\nl0 = x;\nb0 = x > i1;\nx--;\nl1 = x;\nl1 -= -x;",
        "LongIndex1D x = l0;\nl0 = x + 3;\nl1 = x * 3;\nb0 = x - l1 > 0;",
        "LongIndex1D x = long.MaxValue;\nb0 = x + 1 > x;\nx += 1;\nl0 = x;\nx -= l1;\nl1 = x;",
        "Index1D x = i0;\nl0 = x + l1;\nl1 = (x + 1) * l0;\nl0 ^= x / 3 ^ x % 5;");

    /// <summary>
    /// An interface's properties and indexers, read through a type parameter, are the struct's, whatever it says them
    /// with.
    /// </summary>
    [Fact]
    public void PropertiesOfATypeParameterMeanTheSame() => MeanTheSame("""
        public interface IVal { int Value { get; } int Of(int x); int this[int x] { get; } }
        public interface IVal<T> { T Given { get; } }
        public interface ISet { int Kept { get; set; } }
        public record struct Got(int Value) : IVal
        {
            public int Of(int x) => Value ^ x;
            public int this[int x] => Value ^ 2 ^ x;
        }
        public readonly struct Twice(int x) : IVal
        {
            public readonly int X = x;
            public int Value => unchecked(X * 2);
            public int Of(int x) => X ^ x;
            public int this[int x] { get { return X ^ 5 ^ x; } }
        }
        public record struct Hidden(int Value) : IVal
        {
            int IVal.Value => Value ^ 77;
            int IVal.Of(int x) => Value ^ x;
            int IVal.this[int x] => Value ^ 3 ^ x;
        }
        public struct Auto(long x) : IVal<long>, ISet
        {
            public long Given { get; } = x;
            public int Kept { get; set; } = 3;
        }
        public struct Counting : IVal
        {
            public int N;
            public int Value => N++;
            public int Of(int x) => N++ ^ x;
            public int this[int x] => N++ ^ x ^ 6;
        }
        public struct Either<T, U>(T one, U other) : IVal where T : struct, IVal where U : struct, IVal
        {
            public T One = one;
            public U Other = other;
            public int Value => unchecked(One.Value + Other[2]);
            public int Of(int x) => One[x] ^ Other.Of(x);
            public int this[int x] => One.Of(x) ^ Other.Value;
        }
        public static class Read
        {
            public static int Value<T>(T t) where T : struct, IVal => t.Value;
            public static int Item<T>(T t, int x) where T : struct, IVal => t[x] ^ t.Of(4);
            public static int Twice<T>(T t) where T : struct, IVal => unchecked(t.Value * 3 + t.Value);
            public static int ByRef<T>(ref T t) where T : struct, IVal =>
                unchecked(t[1] + t.Value * 5 + t[t.Value & 3]);
            public static U Given<T, U>(T t) where T : struct, IVal<U> => t.Given;
            public static int Set<T>(T t, int x) where T : struct, ISet { t.Kept = x; t.Kept ^= 9; return t.Kept; }
        }
        """,
        "i0 = Read.Value(new Got(i0));\ni1 = Read.Item(new Got(i1), i0);",
        "i0 = Read.Value(new Twice(i0));\ni1 = Read.Item(new Twice(i1), i0);",
        "i0 = Read.Value(new Hidden(i0));\ni1 = Read.Item(new Hidden(i1), i0);",
        "l0 = Read.Given<Auto, long>(new Auto(l1));\ni0 = Read.Set(new Auto(3), i1);",
        "Counting c = default;\nc.N = i0 & 15;\ni0 = Read.ByRef(ref c);\ni1 = c.N;",
        "Counting c = default;\nc.N = i0 & 15;\ni0 = Read.Twice(c);\ni1 = c.N ^ Read.Item(c, i1);",
        "var e = new Either<Got, Twice>(new Got(i0), new Twice(i1));\ni0 = Read.Value(e);\ni1 = Read.Item(e, 3);",
        "var e = new Either<Hidden, Either<Got, Hidden>>(new Hidden(i0), new(new Got(i1), new Hidden(5)));\n"
        + "i0 = Read.Twice(e);\ni1 = Read.ByRef(ref e);");

    /// <summary>Indices of two and three axes: ILGPU's operators, and what becomes one of them.</summary>
    [Fact]
    public void IndicesOfAxesMeanTheSame() => MeanTheSame("",
        "var x = new Index2D(i0, i1) + new Index2D(i1, 3);\nl0 = x.X;\nl1 = x.Y;",
        "Index2D x = (i0, i1), y = (i1 | 1, 7);\nvar z = x * y - y;\nl0 = z.X;\nl1 = z.Y;",
        "var x = new Index2D(i0 >> 1, i1 >> 1) / new Index2D(3, 5);\nl0 = x.X;\nl1 = x.Y;",
        "Index2D x = (i0 & 1, 2), y = (i1 & 1, 2);\nb0 = x == y;\nb1 = x != y;\ni0 = !(x == y) ? 1 : 2;",
        "Index2D x = (i0, i1);\nx += new Index2D(3, i0);\nl0 = x.X;\nl1 = x.Y;\nx *= x;\ni0 = x.X;\ni1 = x.Y;",
        "Index3D x = (i0, i1, 5);\nx = x + new Index3D(1, i0, i1) * x;\nl0 = x.X ^ x.Z;\nl1 = x.Y;",
        "Index3D x = (i0 & 1, i1 & 1, 5), y = (1, 0, 5);\nb0 = x == y;\nb1 = x != y && b0;",
        "LongIndex2D x = new Index2D(i0, i1);\nl0 = x.X;\nl1 = x.Y;",
        "LongIndex2D x = new LongIndex2D(l0, l1) + new LongIndex2D(i0, i1);\nl0 = x.X;\nl1 = x.Y;");

    /// <summary>Functions that ILGPU has beside C#'s.</summary>
    [Fact]
    public void FunctionsOfIlgpuMeanTheSame() => MeanTheSame("",
        "i0 = IntrinsicMath.PopCount(i0);\ni1 = IntrinsicMath.PopCount(u0);",
        "i0 = IntrinsicMath.PopCount(l0);\ni1 = IntrinsicMath.PopCount(m0);",
        "i0 = IntrinsicMath.PopCount((short)i0);\ni1 = IntrinsicMath.PopCount((byte)i0);",
        "i0 = ILGPU.Algorithms.XMath.DivRoundUp(i0, (i1 & 63) + 2);\ni1 = IntrinsicMath.DivRoundUp(i1, (i0 & 7) + 3);",
        "i0 = IntrinsicMath.DivRoundDown(i0, (i1 & 63) + 2);\ni1 = ILGPU.Algorithms.XMath.DivRoundDown(i1, 3);",
        "l0 = ILGPU.Algorithms.XMath.DivRoundUp(l0, (l1 & 63) + 2);\nl1 = IntrinsicMath.DivRoundDown(l1, 7L);",
        "i0 = ILGPU.Algorithms.XMath.DivRoundUp(i0, 32);\ni1 = IntrinsicMath.DivRoundDown(i1, 32);\n"
        + "l0 = IntrinsicMath.DivRoundUp(l0, 16L);");

    /// <summary>Lines that use types, which stand beside the kernel's class.</summary>
    static void MeanTheSame(string types, params string[] lines) => DialectLines.MeanTheSame(types, lines);

    static void MeanTheSame(IEnumerable<Case> cases)
    {
        var subjects = Subject.AllAndIlgpu();
        var findings = new Comparison(subjects).Run([.. cases]);
        foreach (var subject in subjects) subject.Dispose();
        foreach (var finding in findings)
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{finding.Subject.Name}, {finding.Case.Body.FirstOrDefault()?.Tail}: {finding.Problem}");
        Assert.Empty(findings);
    }
}
