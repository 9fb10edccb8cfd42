using ILGPU;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Tests;

/// <summary>
/// A struct comes to a kernel with the fields that it had, whatever its constructors would make of them.
/// </summary>
public sealed class StructArgumentTests
{
    readonly ManagedDevice device = new();

    [Fact]
    public void AConstructorInAnotherOrder() =>
        Assert.Equal([10, 100], After(y => StructArgumentKernels.LaunchTakesARange(device, (1, 1), new(100, 10), y)));

    [Fact]
    public void APropertyThatIsNotItsParameter() =>
        Assert.Equal([20, 3], After(y => StructArgumentKernels.LaunchTakesADoubled(device, (1, 1), new(10, 3), y)));

    [Fact]
    public void PropertiesInAnotherOrder() =>
        Assert.Equal([10, 3], After(y => StructArgumentKernels.LaunchTakesATurned(device, (1, 1), new(10, 3), y)));

    [Fact]
    public void AFieldThatWasComputed() =>
        Assert.Equal([9, 5],
            After(y => StructArgumentKernels.LaunchTakesASummed(device, (1, 1), new Summed(1, 4) with { First = 9 },
                y)));

    [Fact]
    public void OneInAnother()
    {
        using var x = device.Allocate<int>(1);
        Assert.Equal([8, 9],
            After(y => StructArgumentKernels.LaunchTakesBoth<int>(device, (1, 1), new(7, new(8, 9)), x, y)));
        var one = new int[1];
        x.CopyTo(one);
        Assert.Equal([7], one);
    }

    int[] After(Action<ArrayView<int>> launch)
    {
        using var buffer = device.Allocate<int>(2);
        launch(buffer);
        var values = new int[2];
        buffer.CopyTo(values);
        return values;
    }
}
