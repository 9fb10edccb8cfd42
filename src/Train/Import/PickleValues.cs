namespace LdNetGpu.Train.Import;

/// <summary>A name that a pickle mentions. Nothing is looked up by it.</summary>
/// <param name="Module">Python's module.</param>
/// <param name="Name">In the module.</param>
readonly record struct PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>A list: its items but for numbers, which are counted only. No number of a list is imported.</summary>
sealed class PickleList
{
    /// <summary>What is no number, in order.</summary>
    public List<object?> Items { get; } = [];

    /// <summary>Numbers among the items.</summary>
    public long Numbers { get; private set; }

    public void Add(object? item)
    {
        if (item is long or double or bool) Numbers++;
        else Items.Add(item);
    }
}

/// <summary>A dictionary whose keys are texts and whole numbers, in the order in which they came first.</summary>
sealed class PickleDictionary() : OrderedDictionary<object, object?>(KeyComparer.Instance)
{
    // Numbers' own hashes can be chosen by who writes the file.
    sealed class KeyComparer : IEqualityComparer<object>
    {
        public static readonly KeyComparer Instance = new();

        bool IEqualityComparer<object>.Equals(object? x, object? y) => Equals(x, y);

        public int GetHashCode(object key) => key is long number ? HashCode.Combine(number) : key.GetHashCode();
    }
}

/// <summary>NumPy's type of a number, as far as a pickle says it.</summary>
/// <param name="Code">Such as f8.</param>
sealed record PickleNumberType(string Code);
