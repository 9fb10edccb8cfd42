using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>A row of elements, reached by every kind of member that may reach memory.</summary>
readonly record struct Row(ArrayView<float> Values, int Start)
{
    public float First => Values[Start];

    public float this[int index] => Values[Start + index];

    public ref float At(int index) => ref Values[Start + index];

    public void Put(int index, float value) => Values[Start + index] = value;

    public float Twice(int index)
    {
        var value = this[index];
        return value + value;
    }

    /// <summary>Writes one's own element, and reads the neighbour's after the others have written.</summary>
    public float Exchange(int index, float value)
    {
        Put(index, value);
        Group.Barrier();
        return Values[Start + (index + 1) % Group.DimX];
    }

    /// <summary>The same without the barrier.</summary>
    public float ExchangeAtOnce(int index, float value)
    {
        Put(index, value);
        return Values[Start + (index + 1) % Group.DimX];
    }
}

/// <summary>A matrix whose element is a reference, and that is generic.</summary>
readonly record struct Table<T>(ArrayView<T> Values, int Stride) where T : unmanaged
{
    public ref T this[int row, int column] => ref Values[row * Stride + column];

    public T Corner => this[0, 0];
}

/// <summary>
/// A read-only field that its constructor makes of something else: a launch carries the field, and makes it anew from
/// nothing else.
/// </summary>
readonly struct Even
{
    public readonly int Value;

    public Even(int half) => Value = 2 * half;
}

/// <summary>An ordinary struct with fields and no constructor; its methods change it.</summary>
struct Cursor
{
    public ArrayView<float> Target;
    public int Next;
    public Even Step;

    public void Push(float value)
    {
        Target[Next] = value;
        Advance();
    }

    void Advance() => Next += Step.Value;
}

/// <summary>Kernels that reach memory through members of structs; some do one thing wrong.</summary>
static partial class MemberKernels
{
    [Kernel]
    internal static void ReadsByGetter(Row source, ArrayView<float> y) => y[Group.IdxX] = source.First;

    [Kernel]
    internal static void ReadsByIndexer(Row source, ArrayView<float> y) => y[Group.IdxX] = source[Group.IdxX];

    [Kernel]
    internal static void ReadsByMethods(Row source, ArrayView<float> y) => y[Group.IdxX] = source.Twice(Group.IdxX);

    [Kernel]
    internal static void EveryLaneWritesOneElement(Row target) => target.Put(0, Group.IdxX);

    [Kernel]
    internal static void EachLaneWritesItsOwn(Row target) => target.Put(Group.IdxX, Group.IdxX);

    [Kernel]
    internal static void AddsThroughAReference(Row target) => target.At(Group.IdxX) += 1;

    [Kernel]
    internal static void EveryLaneAddsToOneReference(Row target) => target.At(0) += 1;

    [Kernel]
    internal static void KeepsAReference(Row target)
    {
        ref var own = ref target.At(Group.IdxX);
        own = 2;
        own *= own;
    }

    [Kernel]
    internal static void CountsThroughAReference(Row target) => Atomic.Add(ref target.At(0), 1);

    [Kernel]
    internal static void Exchanges(Row target, ArrayView<float> y) =>
        y[Group.IdxX] = target.Exchange(Group.IdxX, Group.IdxX);

    [Kernel]
    internal static void ExchangesAtOnce(Row target, ArrayView<float> y) =>
        y[Group.IdxX] = target.ExchangeAtOnce(Group.IdxX, Group.IdxX);

    [Kernel]
    internal static void Transposes<T>(Table<T> x, Table<T> y) where T : unmanaged
    {
        y[Group.IdxX, Group.IdxY] = x[Group.IdxY, Group.IdxX];
    }

    [Kernel]
    internal static void ReadsTheCorner<T>(Table<T> x, Table<T> y) where T : unmanaged
    {
        y[0, Group.IdxX] = x.Corner;
    }

    [Kernel]
    internal static void Pushes(Cursor cursor)
    {
        cursor.Push(1);
        cursor.Push(2);
    }
}
