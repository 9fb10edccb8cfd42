using LdNetGpu.Devices;
using LdNetGpu.Devices.OpenCl;

namespace LdNetGpu.Tests;

/// <summary>
/// The OpenCL device that tests run on. CI requires one; elsewhere tests without it are skipped, and say why.
/// </summary>
public static class OpenClForTests
{
    /// <summary>Environment variable: 1 makes the lack of OpenCL a failure.</summary>
    public const string RequiredVariable = "LDNET_REQUIRE_DRIVERS";

    static readonly Lazy<string?> Problem = new(Find);

    /// <summary>Why there is no OpenCL here; null where there is.</summary>
    /// <exception cref="InvalidOperationException">There is none, and this run requires it.</exception>
    public static string? WhyNot =>
        Problem.Value is { } problem && Environment.GetEnvironmentVariable(RequiredVariable) == "1"
        ? throw new InvalidOperationException($"{RequiredVariable}=1, and there is no OpenCL: {problem}")
        : Problem.Value;

    static string? Find()
    {
        try
        {
            OpenClDriver.Choose(null);
            return null;
        }
        catch (UserException error)
        {
            return error.Message;
        }
    }
}
