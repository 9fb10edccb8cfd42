using System.Text.RegularExpressions;

namespace LdNetGpu.Tests;

/// <summary>
/// Only Cli knows a flag's name or what the program is called: strings of the layers below it have neither, whoever
/// reads them.
/// </summary>
public class CommandLineWordsTests
{
    // "--set key", "(--device cpu)" inside a string; and the program: "see 'ldnet config list'".
    static readonly Regex Flag = new("\"[^\"]*(?<![\\w-])--[a-z]");
    static readonly Regex Program = new("\"[^\"]*\\bldnet\\b");

    // Their flags are those of the compilers that they run.
    static readonly string[] RunCompilers = ["ClangCompiler.cs", "NvrtcCompiler.cs"];

    // Words of settings and files, which only Model and Train have.
    static readonly Regex JsonName = new("Json(?:PropertyName|StringEnumMemberName)");

    public static TheoryData<string> LayersBelowCli =>
        ["Devices", "Kernels", "Kernels.Generator", "Autograd", "Model", "Train", "Serve"];

    [Theory, MemberData(nameof(LayersBelowCli))]
    public void NoStringNamesAFlagOrTheProgram(string layer) => Assert.Empty(Lines(layer)
        .Where(line => Program.IsMatch(line.Text)
            || Flag.IsMatch(line.Text) && !RunCompilers.Contains(Path.GetFileName(line.File)))
        .Select(line => $"{line.File}: {line.Text.Trim()}"));

    [Theory, InlineData("Devices"), InlineData("Kernels"), InlineData("Kernels.Generator"), InlineData("Autograd")]
    public void NoLayerBelowModelNamesASetting(string layer) =>
        Assert.Empty(Lines(layer).Where(line => JsonName.IsMatch(line.Text))
            .Select(line => $"{line.File}: {line.Text.Trim()}"));

    [Theory]
    [InlineData("throw new UserException(\"Give --resume to go on with it.\");")]
    [InlineData("\"Use a smaller batch (--set batch_size=...).\"")]
    [InlineData("$\"--device {name}: there is no such device.\"")]
    public void AFlagIsSeen(string line) => Assert.Matches(Flag, line);

    [Theory]
    [InlineData("\"'ldnet lm train' writes such folders.\"")]
    [InlineData("$\"see 'ldnet config list'.\"")]
    [InlineData("Name = $\"ldnet worker {i + 1}\"")]
    public void TheProgramIsSeen(string line) => Assert.Matches(Program, line);

    [Theory]
    [InlineData("count--;")]
    [InlineData("const string ChecksumKey = \"ldnet_crc32c\"; // a word of files, as others read them")]
    [InlineData("\"rows [a--b] of the table\"")]
    public void OtherTextIsNot(string line)
    {
        Assert.DoesNotMatch(Flag, line);
        Assert.DoesNotMatch(Program, line);
    }

    [Fact]
    public void ANameOfASettingIsSeen() => Assert.Matches(JsonName, "    [JsonStringEnumMemberName(\"lstm\")] Lstm,");

    static IEnumerable<(string File, string Text)> Lines(string layer) =>
        SourceFiles.Under("src", layer)
            .SelectMany(file => File.ReadLines(file).Select(text => (file, text)))
            .Where(line => !line.text.TrimStart().StartsWith("//", StringComparison.Ordinal));
}
