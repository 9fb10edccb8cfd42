namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>A method for one set of type arguments and kinds of memory, as a C function.</summary>
sealed class DeviceFunction(string name)
{
    public string Name { get; } = name;

    /// <summary>Where the pointers in its result lead.</summary>
    public string ResultSpaces { get; set; } = "";

    /// <summary>Where a ref result leads; anywhere where no return was translated, which is said already.</summary>
    public char ReferenceSpace => ResultSpaces.Length > 0 ? ResultSpaces[0] : Space.Generic;

    /// <summary>Whether it gives back an address: a ref result.</summary>
    public bool ReturnsReference { get; set; }

    /// <summary>What it needs of its entry point beside its arguments.</summary>
    public List<HiddenParameter> Hidden { get; } = [];

    public void Need(HiddenParameter parameter)
    {
        if (!Hidden.Contains(parameter)) Hidden.Add(parameter);
    }
}

/// <summary>Shared memory on a target where only entry points may declare it: handed down through every call.</summary>
/// <param name="Names">As an argument.</param>
/// <param name="Declaration">As a parameter.</param>
/// <param name="EntryLine">The entry point's declaration; empty where it is a parameter there too.</param>
sealed record HiddenParameter(string Names, string Declaration, string EntryLine)
{
    public static readonly HiddenParameter Dynamic =
        new("dynamic_shared, dynamic_shared_bytes", "__local uchar* dynamic_shared, int dynamic_shared_bytes", "");

    public static readonly HiddenParameter Scratch =
        new("collective_scratch", "__local ulong* collective_scratch", "__local ulong collective_scratch[1024];");
}
