using LdNetGpu.Devices.Ilgpu;

namespace LdNetGpu.Tests;

/// <summary>The mathematics that ILGPU is given, run as C# on this processor, against values of 106 bits.</summary>
public class DeviceMathTests
{
    public static TheoryData<string> Functions => [.. MathematicsGolden.Functions];

    [Theory, MemberData(nameof(Functions))]
    public void DoublesAreWithinTheirUlps(string name)
    {
        var golden = new MathematicsGolden(name);
        var function = name == "Pow" ? null : Of<Func<double, double>>(name);
        var power = name == "Pow" ? Of<Func<double, double, double>>(name) : null;
        golden.Check((x, y) => function?.Invoke(x) ?? power!(x, y));
    }

    static T Of<T>(string name) where T : Delegate => (T)Delegate.CreateDelegate(typeof(T), typeof(DeviceMath), name);
}
