using System.Text;

namespace LdNetGpu.Tests;

/// <summary>
/// Random kernels as C#: each body once for the dialect, once for plain C#, where a barrier is a yield.
/// </summary>
static class CaseText
{
    /// <summary>What one lane reads of each type.</summary>
    const int Inputs = Case.Variables;

    const string Parameters = "int lane, int local, int size, int lanes, int first, ";

    /// <summary>
    /// The source of kernels Run0, Run1, ..., each of so many bodies, and of the bodies Plain0, Plain1, ...
    /// </summary>
    public static string Of(IReadOnlyList<Case> cases, int perKernel)
    {
        var text = new StringBuilder(Head);
        for (var first = 0; first < cases.Count; first += perKernel)
        {
            var count = Math.Min(perKernel, cases.Count - first);
            var calls = Enumerable.Range(first, count).Select(i =>
                $"        Case{i}(lane, Group.IdxX, Group.DimX, lanes, "
                + $"{FirstResult(cases, first, i)} * lanes, {Arguments});\n");
            text.Append(
                $"    [Kernel]\n    public static void Run{first / perKernel}({Views("ArrayView<", ">")})\n    {{\n")
                .Append("        var lane = Grid.GlobalIndex.X;\n        var lanes = Grid.DimX * Group.DimX;\n")
                .AppendJoin("", calls).Append("    }\n\n");
        }
        for (var i = 0; i < cases.Count; i++) text.Append(Body(cases[i], i)).Append(Plain(cases[i], i));
        return text.Append("}\n").ToString();
    }

    /// <summary>One body as a reader wants it.</summary>
    public static string Body(Case one, int index = 0) =>
        $"    static void Case{index}({Parameters}{Views("ArrayView<", ">")})\n    {{\n{Declarations}"
        + (UsesShared(one) ? "        var shared = SharedMemory.Allocate<int>(64);\n" : "")
        + "        unchecked\n        {\n" + Statements(one)
        + string.Concat(one.Results.Select((result, i) => $"            {Store(result, i)}\n"))
        + "        }\n    }\n\n";

    static int FirstResult(IReadOnlyList<Case> cases, int from, int to) =>
        cases.Skip(from).Take(to - from).Sum(one => one.Results.Count);

    static string Plain(Case one, int index) =>
        $"    public static IEnumerable<int> Plain{index}({Parameters}int[] shared, {Views("", "[]")}, double[] "
        + $"magnitudes)\n    {{\n{Declarations}"
        + "        unchecked\n        {\n"
        + Statements(one).Replace("Group.Barrier();", "yield return 0;", StringComparison.Ordinal)
        + string.Concat(one.Results.Select((result, i) => $"            {Store(result, i)}\n"
            + (result.MagnitudeText is null
                ? "" : $"            magnitudes[first + {i} * lanes + lane] = {result.Magnitude};\n")))
        + "        }\n        yield break;\n    }\n\n";

    static bool UsesShared(Case one) =>
        one.Body.Any(statement => statement.Tail.Contains("shared[", StringComparison.Ordinal));

    static string Statements(Case one)
    {
        var text = new StringBuilder();
        foreach (var statement in one.Body) statement.Write(text, 3);
        return text.ToString();
    }

    static string Store(Term result, int index) => result.Type switch
    {
        Number.Bool => $"integers[first + {index} * lanes + lane] = {result} ? 1 : 0;",
        Number.Float or Number.Double => $"reals[first + {index} * lanes + lane] = {result};",
        Number.ULong => $"integers[first + {index} * lanes + lane] = (long){result};",
        _ => $"integers[first + {index} * lanes + lane] = {result};",
    };

    static string Views(string before, string after) =>
        string.Concat(Numbers.Arithmetic.Select(type => $"{before}{type.Name()}{after} {type.Name()}s, "))
        + $"{before}long{after} integers, {before}double{after} reals";

    static string Arguments =>
        string.Concat(Numbers.Arithmetic.Select(type => $"{type.Name()}s, ")) + "integers, reals";

    static string Declarations =>
        string.Concat(Numbers.Arithmetic.Select(type => "        " + type.Name() + " "
            + string.Join(", ", Enumerable.Range(0, Inputs)
                .Select(i => $"{type.Letter()}{i} = {type.Name()}s[lane * {Inputs} + {i}]")) + ";\n"))
        + "        bool b0 = i0 > i1, b1 = f0 < f1;\n"
        + "        var items = new int[8];\n        var weights = new float[4];\n";

    const string Head = """
        using System;
        using System.Collections.Generic;
        using System.Numerics;
        using System.Runtime.CompilerServices;
        using ILGPU;
        using ILGPU.Algorithms;
        using ILGPU.Runtime;
        using LdNetGpu.Dialect;

        public record struct Pair(int Count, float Weight)
        {
            public readonly float Ratio => Weight / (1 + (Count & 7));

            public int Step(int by)
            {
                Count = unchecked(Count + by);
                return Count ^ 0x55;
            }
        }

        public readonly record struct Wide(long High, uint Low)
        {
            public ulong Joined => ((ulong)High << 32) | Low;

            public static Wide operator +(Wide one, Wide other)
            {
                var low = (ulong)one.Low + other.Low;
                return unchecked(new Wide(one.High + other.High + (long)(low >> 32), (uint)low));
            }
        }

        public static partial class Cases
        {
            static int Mixed(int x, uint y) => unchecked(x * 31) ^ (int)(y >> 3);

            static uint Next(ref uint state)
            {
                state = state * 1664525u + 1013904223u;
                return state;
            }

            static int Steps(int n)
            {
                for (var steps = 0; steps < 9; steps++)
                {
                    if (n == 1) return steps;
                    n = (n & 1) == 0 ? n / 2 : unchecked(3 * n + 1);
                }
                return unchecked(-n);
            }

            static void Divide(int n, int by, out int quotient, out int rest)
            {
                by = (by & 63) + 1;
                quotient = n / by;
                rest = n % by;
            }

            static T Larger<T>(T x, T y) where T : unmanaged, INumber<T> => x > y ? x : y;

            static uint Bits(float x) => float.IsNaN(x) ? 0u : BitConverter.SingleToUInt32Bits(x);

            static ulong Bits(double x) => double.IsNaN(x) ? 0ul : BitConverter.DoubleToUInt64Bits(x);

            // Not inlined: of a constant zero, .NET 10's JIT makes another number than Min and MaxNumber give.
            [MethodImpl(MethodImplOptions.NoInlining)]
            static float Max(float x, float y) => float.Max(x, y);

            [MethodImpl(MethodImplOptions.NoInlining)]
            static double Max(double x, double y) => double.Max(x, y);

            [MethodImpl(MethodImplOptions.NoInlining)]
            static float Min(float x, float y) => float.Min(x, y);

            [MethodImpl(MethodImplOptions.NoInlining)]
            static double Min(double x, double y) => double.Min(x, y);

            [MethodImpl(MethodImplOptions.NoInlining)]
            static float MaxNumber(float x, float y) => float.MaxNumber(x, y);

            [MethodImpl(MethodImplOptions.NoInlining)]
            static double MaxNumber(double x, double y) => double.MaxNumber(x, y);

            [MethodImpl(MethodImplOptions.NoInlining)]
            static float MinNumber(float x, float y) => float.MinNumber(x, y);

            [MethodImpl(MethodImplOptions.NoInlining)]
            static double MinNumber(double x, double y) => double.MinNumber(x, y);

            static float Tame(float x) => MathF.Abs(x) <= 20f ? x : 0.5f;

            static double Tame(double x) => Math.Abs(x) <= 20.0 ? x : 0.5;

            static float TamePositive(float x) => x > 1e-20f && x < 1e20f ? x : 0.5f;

            static double TamePositive(double x) => x > 1e-20 && x < 1e20 ? x : 0.5;

            static float Away(float x) => MathF.Abs(x) > 1f && MathF.Abs(x) < 1e20f ? x : 2f;

            static double Away(double x) => Math.Abs(x) > 1.0 && Math.Abs(x) < 1e20 ? x : 2.0;


        """;
}
