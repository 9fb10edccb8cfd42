using System.Text;
using System.Text.Json;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Tests;

/// <summary>Settings: the paper's defaults, saving and reading back, and defects with their place.</summary>
public class SettingsTests
{
    [Fact]
    public void SavedOptionsReadBackTheSame()
    {
        var options = new LanguageModelOptions
        {
            Cutoffs = [5, 70], Unit = RecurrentUnit.Gru, LearningRate = 1.25e-7, MaxTokens = 5_000_000_000,
            ProjectionRelu = false,
        };
        var json = JsonSerializer.Serialize(options, OptionsJson.Default.LanguageModelOptions);
        var read = Read<LanguageModelOptions>(json, out var problems);
        Assert.Empty(problems);
        Assert.Equal(json, JsonSerializer.Serialize(read, OptionsJson.Default.LanguageModelOptions));
        Assert.Equal([5, 70], read.Cutoffs);
        Assert.Equal(options with { Cutoffs = read.Cutoffs }, read);
    }

    [Fact]
    public void DefaultsSatisfyTheirOwnRanges()
    {
        foreach (var schema in (SettingsSchema[])
        [
            SettingsSchema<LanguageModelOptions>.Instance, SettingsSchema<TaggerOptions>.Instance,
            SettingsSchema<PruneOptions>.Instance,
        ])
            foreach (var setting in schema.Settings)
                Assert.True(
                    setting.TryParse(setting.DefaultText, out var value, out var problem)
                        && (setting.IsList || value!.Equals(setting.Default)),
                    problem ?? setting.Name);
        Assert.Empty(new LanguageModelOptions().Contradictions());
        Assert.Empty(new TaggerOptions().Contradictions());
        Assert.Empty(new PruneOptions().Contradictions());
    }

    [Fact]
    public void UnknownKeyIsReportedWithLineColumnAndNearestName()
    {
        Read<LanguageModelOptions>("{\n  \"layers\": 3,\n  \"layer_droput\": 0.1\n}", out var problems);
        Assert.Equal(["f.json, line 3, column 3: unknown key 'layer_droput'; did you mean layer_dropout?"], problems);
    }

    [Theory]
    [InlineData("{\"layers\": \"3\"}",
        "line 1, column 2: layers: a JSON string where whole number, 1 to 1000 is expected")]
    [InlineData("{\"layers\": 3.5}", "layers: '3.5' is not one of whole number")]
    [InlineData("{\"layers\": 99999999999}", "layers: '99999999999' is not one of")]
    [InlineData("{\"unit\": \"lstmm\"}", "unit: 'lstmm' is not one of lstm|gru|rnn")]
    [InlineData("{\"cutoffs\": [5, \"6\"]}", "cutoffs: a JSON array where")]
    [InlineData("{\"cutoffs\": [0]}", "cutoffs: '0' is not one of")]
    [InlineData("{\"cutoffs\": [9, 3]}", "cutoffs must rise: 3 follows 9")]
    [InlineData("{\"layers\": 1, \"layers\": 2}", "'layers' is given twice")]
    [InlineData("{\"projection_relu\": 1}", "projection_relu: a JSON number where true|false is expected")]
    [InlineData("{\"layers\": 3", "not valid JSON")]
    [InlineData("[]", "expected a JSON object")]
    [InlineData("", "not valid JSON")]
    [InlineData("{\"connectivity\": \"stacked\"}", "set layer_dropout=0")]
    public void DefectIsReported(string json, string message)
    {
        Read<LanguageModelOptions>(json, out var problems);
        Assert.Contains(message, Assert.Single(problems));
    }

    [Fact]
    public void AllDefectsAreReportedAtOnce()
    {
        Read<TaggerOptions>("{\"dropout\": 2, \"patience\": 0,\n\"sheme\": \"iobes\", \"batch_size\": null}",
            out var problems);
        Assert.Equal(4, problems.Count);
    }

    [Fact]
    public void BrokenUtf8IsReported()
    {
        var problems = new List<string>();
        SettingsJson.Read([(byte)'{', 0xff, (byte)'}'], "f.json",
            [new SettingsSection(SettingsSchema<PruneOptions>.Instance)], problems);
        Assert.Contains("not UTF-8", Assert.Single(problems));
    }

    static T Read<T>(string json, out List<string> problems) where T : class, ISettings, new()
    {
        problems = [];
        var section = new SettingsSection(SettingsSchema<T>.Instance);
        SettingsJson.Read(Encoding.UTF8.GetBytes(json), "f.json", [section], problems);
        return section.Build<T>(problems);
    }
}
