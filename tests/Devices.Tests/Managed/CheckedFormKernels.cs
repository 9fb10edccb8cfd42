using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

enum Shade : byte { Dark, Bright = 200 }

struct Pair
{
    public int First, Second;

    public void Add(int n) => First += n;
}

/// <summary>Parts of less than four bytes.</summary>
struct Lit
{
    public Shade Shade;
    public byte Count;
}

/// <summary>An element with parts, a part of its own kind, and a method that changes it.</summary>
struct Particle
{
    public int Charge;
    public Pair Spin;

    public int Mass { get; set; }

    public void Load(int n) => Charge += n;

    public void LoadFrom(ArrayView<int> x) => Charge += x[0];
}

readonly record struct Strided(ArrayView<int> Values)
{
    public int this[int index, int stride = 2] => Values[index * stride];
}

/// <summary>Members that are written to a place from without.</summary>
static class Extensions
{
    public static void Put(ref this int x, int value) => x = value;

    public static void Turn(ref this Pair pair, ArrayView<int> x, int value) =>
        (pair.First, pair.Second) = (value, x[0]);
}

/// <summary>Kernels in ordinary C# whose checked bodies must be C# too, and do the same.</summary>
static partial class CheckedFormKernels
{
    [Kernel]
    internal static void LanesWriteShorts(ArrayView<int> x) => x.Cast<short>()[Group.IdxX] = 3;

    [Kernel]
    internal static void LanesWriteIntsOfDoubles(ArrayView<double> x) => x.Cast<int>()[Group.IdxX] = Group.IdxX;

    [Kernel]
    internal static void LanesWriteOneShort(ArrayView<int> x) => x.Cast<short>()[Group.IdxX / 2] = 3;

    [Kernel]
    internal static void WritesAShortAndReadsTheInt(ArrayView<int> x)
    {
        x.Cast<short>()[0] = 3;
        x[1] = x[0];
    }

    [Kernel]
    internal static void StoresConstants(ArrayView<byte> bytes, ArrayView<uint> numbers, ArrayView<ulong> wide,
        ArrayView<short> small, ArrayView<Shade> shades)
    {
        bytes[0] = 5;
        numbers[0] = numbers[1] = 6;
        wide[0] = 7;
        small[0] = -8;
        small[1] = default;
        shades[0] = 0;
        shades[1] = Shade.Bright;
    }

    [Kernel]
    internal static void LeavesArgumentsOut(ArrayView<int> x, ArrayView<int> y)
    {
        y[0] = At(x);
        y[1] = new Strided(x)[3];
        y[2] = Chosen(x);
        y[3] = Chosen(isFirst: false, x: x);
        y[4] = Kept(4);
    }

    [Kernel]
    internal static void NamesArguments(ArrayView<int> x, ArrayView<int> y)
    {
        var shifted = Shifted(by: 1, value: x[Group.IdxX]);
        var second = Group.Broadcast(groupIndex: 2, value: shifted);
        var part = x.SubView(subViewLength: 2, index: 1);
        y[Group.IdxX] = shifted + 100 * second + 1000 * (int)part.Length;
    }

    [Kernel]
    internal static void ChangesParts(ArrayView<Particle> particles, ArrayView<int> x)
    {
        particles[1].Charge++;
        particles[1].Charge += 4;
        Increment(ref particles[1].Charge);
        particles[1].Load(10);
        particles[1].LoadFrom(x);
        particles[1].Mass = 3;
        particles[1].Mass++;
        particles[1].Spin.Add(2);
        (particles[1].Spin.Second, particles[2].Charge) = (7, 9);
        x[1] = Atomic.Add(ref particles[2].Charge, 1);
        x[2] = Twice(in particles[2].Charge);
    }

    [Kernel]
    internal static void KeepsAReferenceToAPart(ArrayView<Particle> particles)
    {
        ref var second = ref particles[Group.IdxX].Spin.Second;
        second = 5;
        Group.Barrier();
        second += 2;
        second++;
        Increment(ref second);
        ref var spin = ref particles[Group.IdxX].Spin;
        ref var first = ref spin.First;
        first = second;
        second = ref particles[Group.IdxX + Group.DimX].Spin.Second;
        second = 1;
    }

    [Kernel]
    internal static void LanesShareAnElement(ArrayView<Particle> particles, ArrayView<Lit> lit)
    {
        if (Group.IdxX == 0) particles[0].Spin.First = 5;
        else particles[0].Spin.Second = 6;
        ref var spin = ref particles[1].Spin;
        if (Group.IdxX == 0) spin.First = lit[0].Shade == Shade.Bright ? 1 : 2;
        else lit[0].Count = 7;
    }

    [Kernel]
    internal static void LanesShareAPart(ArrayView<Particle> particles) => particles[0].Spin.Second = Group.IdxX;

    [Kernel]
    internal static void ExtendsPlaces(ArrayView<int> x, ArrayView<Particle> particles)
    {
        x[0].Put(3);
        ref var second = ref x[1];
        second.Put(4);
        particles[0].Spin.Turn(x, 5);
        var plain = 0;
        plain.Put(6);
        x[2] = plain;
    }

    [Kernel]
    internal static void ReadsThePartBeside(ArrayView<Particle> particles)
    {
        particles[0].Spin.First = 1;
        particles[0].Charge = particles[0].Spin.Second;
    }

    [Kernel]
    internal static void ReadsThePartItWrote(ArrayView<Particle> particles)
    {
        particles[0].Spin.First = 1;
        ref readonly var first = ref particles[0].Spin.First;
        particles[0].Charge = particles[0].Spin.First + first;
    }

    [Kernel]
    internal static void EveryLaneChangesOnePart(ArrayView<Particle> particles) => particles[0].Spin.First++;

    [Kernel]
    internal static void KeepsOneReferenceInEveryLane(ArrayView<Particle> particles)
    {
        ref var first = ref particles[0].Spin.First;
        first++;
    }

    static int At(ArrayView<int> x, int index = 3) => x[index];

    static int Chosen(ArrayView<int> x, bool isFirst = true, Shade shade = Shade.Bright, float half = 0.5f,
        double none = double.NaN, Pair pair = default) =>
        isFirst && shade == Shade.Bright && half == 0.5f && double.IsNaN(none) ? x[5] : pair.First;

    static int Kept(int value, int more = 30)
    {
        Group.Barrier();
        return value + more;
    }

    static int Shifted(int value, int by)
    {
        var shared = SharedMemory.Allocate<int>(8);
        shared[Group.IdxX] = value;
        Group.Barrier();
        return shared[(Group.IdxX + by) % Group.DimX];
    }

    static void Increment(ref int value) => value++;

    static int Twice(in int value) => value + value;
}
