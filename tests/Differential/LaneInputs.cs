namespace LdNetGpu.Tests;

/// <summary>What the lanes of a launch read: each type's awkward values, and random ones.</summary>
sealed class LaneInputs
{
    /// <summary>Of no warp's size, so that the last warp of each group is short.</summary>
    public const int Groups = 2, GroupSize = 37, Lanes = Groups * GroupSize;

    const int Count = Lanes * Case.Variables;

    public int[] Ints { get; }
    public uint[] UInts { get; }
    public long[] Longs { get; }
    public ulong[] ULongs { get; }
    public float[] Floats { get; }
    public double[] Doubles { get; }

    public LaneInputs(int seed)
    {
        var random = new Random(seed);
        Longs = Fill<long>([0, 1, -1, 2, -2, int.MinValue, int.MaxValue, uint.MaxValue, long.MinValue, long.MaxValue,
            1L << 53, -(1L << 24) - 1],
            () => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64));
        ULongs =
            Fill<ulong>([0, 1, 2, uint.MaxValue, 1ul << 63, ulong.MaxValue, (1ul << 53) + 1, 0xffff_ff7f_ffff_ffff],
            () => (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64));
        Ints = Fill<int>([0, 1, -1, 2, -2, 31, 32, 33, int.MinValue, int.MaxValue, -16777217],
            () => (int)(random.NextInt64() >> random.Next(63)));
        UInts = Fill<uint>([0, 1, 2, 31, int.MaxValue, 1u << 31, uint.MaxValue, 16777217],
            () => (uint)random.NextInt64() >> random.Next(32));
        Floats = Fill<float>(
            [
                0, -0f, 1, -1, 0.5f, -1.5f, 2.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity,
                float.MaxValue, float.Epsilon, 1e-40f,
                2147483648f, -2147483904f, 4294967296f, 9223372036854775808f, 1.8446744e19f,
            ],
            () => random.Next(3) == 0 ? BitConverter.Int32BitsToSingle(random.Next() - random.Next())
                : (random.NextSingle() - 0.5f) * MathF.Pow(10, random.Next(-3, 12)));
        Doubles = Fill<double>(
            [
                0, -0.0, 1, -1, 0.5, -1.5, 2.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
                double.MaxValue, double.Epsilon, 1e-310,
                2147483647.5, -2147483649.0, 4294967296, 9223372036854775808.0, 1.8446744073709552e19,
                3.4028235677973366e38, 1e-46,
            ],
            () => random.Next(3) == 0 ? BitConverter.Int64BitsToDouble(random.NextInt64() - random.NextInt64())
                : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 22)));

        T[] Fill<T>(T[] awkward, Func<T> any) =>
            [.. Enumerable.Range(0, Count)
                .Select(_ => random.Next(3) == 0 ? awkward[random.Next(awkward.Length)] : any())];
    }

    /// <summary>Of one type.</summary>
    public T[] Of<T>() where T : unmanaged =>
        new Array[] { Ints, UInts, Longs, ULongs, Floats, Doubles }.OfType<T[]>()
            .First(array => array.GetType() == typeof(T[]));
}
