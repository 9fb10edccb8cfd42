using System.Runtime.InteropServices;
using LdNetGpu.Autograd;

namespace LdNetGpu.Train.Distributed;

/// <summary>Numbers in the host's memory: gradients, then the host's own.</summary>
sealed unsafe class HostSum : IRankSum
{
    readonly IRankLink link;
    readonly float* values;
    readonly int gradients;
    IRankExchange? exchange;

    public HostSum(IRankLink link, int gradients, int words)
    {
        (this.link, this.gradients, Count) = (link, gradients, checked(gradients + words));
        values = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, Count) * sizeof(float), 64);
    }

    public int Count { get; }

    public Span<float> Words => new(values + gradients, Count - gradients);

    public void Pack(int start, Parameter<float> parameter)
    {
        var place = new Span<float>(values + start, (int)parameter.Shape.Count);
        var gradient = parameter.Gradient;
        if (gradient.IsNone) place.Clear();
        else gradient.Buffer.CopyTo(place, gradient.Offset);
    }

    public void Begin() => exchange = link.Sum(values, Count);

    public void Follow() => exchange!.Wait();

    public void Unpack(int start, Parameter<float> parameter) =>
        parameter.SetGradient(new ReadOnlySpan<float>(values + start, (int)parameter.Shape.Count));

    public void Wait() { }

    public void Dispose() => NativeMemory.AlignedFree(values);
}
