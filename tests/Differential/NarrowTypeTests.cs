namespace LdNetGpu.Tests;

/// <summary>
/// Integers of 8 and 16 bits by every way that a value takes to where it is converted, to every type: ILGPU keeps them
/// in registers whose upper bits it loses sight of. The texts' conversions are C's own (ConversionChainTests).
/// </summary>
public class NarrowTypeTests
{
    static readonly string[] Types = ["sbyte", "byte", "short", "ushort"];

    /// <summary>Statements before, and an expression; # is their type.</summary>
    static readonly (string Before, string Value)[] Ways =
    [
        ("# v = (#)i0;", "v"),
        ("# v = (#)i0;\nv += (#)i1;\nv++;", "v"),
        ("", "(#)(i0 * 3)"),
        ("", "(#)(byte)i0"),
        ("", "(#)(sbyte)i0"),
        ("", "(#)(ushort)i0"),
        ("", "(#)(short)i0"),
        ("", "Ways.Of_#(i0)"),
        ("", "Ways.Far_#(i0)"),
        ("", "Ways.Same((#)i0)"),
        ("", "Ways.Kept((#)i0)"),
        ("", "Ways.Kept(Ways.Of_#(i0))"),
        ("# v = 0;\nWays.Put(ref v, i0);", "v"),
        ("# v = 0;\nWays.PutKept(ref v, (#)i0);", "Ways.Get(ref v)"),
        ("", "new Held_#((#)i0).Value"),
        ("Held_# held = default;\nheld.Value = (#)i0;", "held.Value"),
        ("var held = new Held_#((#)i0);", "held.Read()"),
        ("var pair = ((#)i0, i1);", "pair.Item1"),
        ("var both = (i1, ((#)i0, d0));", "both.Item2.Item1"),
        ("var some = new #[2];\nsome[i1 & 1] = (#)i0;", "some[i1 & 1]"),
        ("", "(b0 ? (#)i0 : (#)i1)"),
        ("# v;\nif (b0) v = (#)i0; else v = (#)i1;", "v"),
        ("# v = (#)i0;\nfor (var turn = 0; turn < 3; turn++) v = (#)(v * 5 + turn);", "v"),
    ];

    /// <summary>What uses the expression, which is ?.</summary>
    const string Uses = """
        l0 = (long)(sbyte)? ^ ((long)(byte)? << 8) ^ ((long)(short)? << 16) ^ ((long)(ushort)? << 32);
        l1 = (long)?;
        u0 = (uint)?;
        u1 = (uint)(ushort)?;
        m0 = (ulong)?;
        m1 = (ulong)(uint)?;
        f0 = (float)?;
        f1 = (float)(uint)?;
        d1 = (double)(uint)?;
        b1 = ? > 100;
        """;

    const string Members = """
        public struct Held_#(# value) { public # Value = value; public readonly # Read() => Value; }
        public static partial class Ways
        {
            public static # Of_#(int x) => unchecked((#)x);
            [MethodImpl(MethodImplOptions.NoInlining)] public static # Far_#(int x) => unchecked((#)x);
            public static # Same(# x) => x;
            public static void Put(ref # place, int x) => place = unchecked((#)x);
            public static # Get(ref # place) => place;
        }

        """;

    const string GenericMembers = """
        public static partial class Ways
        {
            public static T Kept<T>(T x) where T : unmanaged => x;
            public static void PutKept<T>(ref T place, T x) where T : unmanaged => place = x;
        }
        """;

    [Fact]
    public void EveryWayMeansTheSame() => DialectLines.MeanTheSame(
        Subject.ManagedAndIlgpu(), string.Concat(Types.Select(type => Of(Members, type))) + GenericMembers,
        [.. from type in Types from way in Ways select Of($"{way.Before}\n{Uses.Replace("?", way.Value)}", type)]);

    static string Of(string text, string type) => text.Replace("#", type).Trim('\n');
}
