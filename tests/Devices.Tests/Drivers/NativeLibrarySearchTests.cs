using LdNetGpu.Devices;
using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Tests.Drivers;

public class NativeLibrarySearchTests
{
    const string Variable = "LDNET_TEST_LIBRARY";

    [Fact]
    public void MissingLibraryListsEveryPlaceAndReason()
    {
        var search = new NativeLibrarySearch("frobnicator", Variable,
            ["libfrobnicator-not-there.so.1", "/no/such/libfrobnicator.so"]);
        Assert.False(search.Found);
        var error = Assert.ThrowsAny<UserException>(() => search.Export("frobnicate"));
        Assert.Contains("No frobnicator found", error.Message);
        Assert.Contains("libfrobnicator-not-there.so.1: ", error.Message);
        Assert.Contains("/no/such/libfrobnicator.so: no such file", error.Message);
        Assert.Contains($"Set {Variable}", error.Message);
    }

    [Fact]
    public void FileThatIsNoLibrarySaysSo()
    {
        var file = Path.GetTempFileName();
        try
        {
            var search = new NativeLibrarySearch("frobnicator", Variable, [file]);
            Assert.False(search.Found);
            Assert.Contains(file, search.Describe());
            Assert.NotEqual("no such file", search.Attempts[0].Problem);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void LibraryWithoutTheFunctionIsTooOld()
    {
        var place = OperatingSystem.IsWindows()
            ? "kernel32.dll" : OperatingSystem.IsMacOS() ? "libSystem.dylib" : "libc.so.6";
        var search = new NativeLibrarySearch("C library", Variable, ["/no/such/libc.so", place, "never tried"]);
        Assert.Equal((true, place, 2), (search.Found, search.Place, search.Attempts.Count));
        Assert.Contains("has no function frobnicate",
            Assert.ThrowsAny<UserException>(() => search.Export("frobnicate")).Message);
    }
}
