using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Fuzz;

/// <summary>
/// Each reader of files on changed good files and on the faults that were found: what comes is read, or refused as the
/// user's fault; never another exception, never more memory or time than the input is worth.
/// </summary>
/// <remarks>
/// 20,000 inputs each, the same ones in each run. <c>LDNET_FUZZ_INPUTS=1000000</c> tries as many,
/// <c>LDNET_FUZZ_SEED</c> others.
/// </remarks>
public sealed class FuzzTests
{
    [Fact]
    public void SafeTensorsFiles() => TensorReaders.SafeTensors().Try();

    [Fact]
    public void TrainingStates()
    {
        using var states = new TrainingStateReader();
        states.Reader().Try();
    }

    [Fact]
    public void LanguageModelConfigurations() => ConfigurationReaders.LanguageModel().Try();

    [Fact]
    public void TaggerConfigurations() => ConfigurationReaders.Tagger().Try();

    [Fact]
    public void Manifests() => ConfigurationReaders.Manifest().Try();

    [Fact]
    public void ManifestsOfShards() => ConfigurationReaders.ShardRecords().Try();

    [Fact]
    public void TemperaturesOfTaggers() => ConfigurationReaders.Temperature().Try();

    [Fact]
    public void SettingsFiles() => ConfigurationReaders.Settings().Try();

    [Fact]
    public void SettingsOfSavedRuns() => ConfigurationReaders.SavedSettings().Try();

    [Fact]
    public void RecordsOfTuning() => TuningRecordReader.Reader().Try();

    [Fact]
    public void FilesOfPyTorchs() => TorchReaders.Files().Try();

    [Fact]
    public void PicklesInFilesOfPyTorchs() => TorchReaders.Pickles().Try();

    [Fact]
    public void PickledVocabularies() => TorchReaders.Vocabularies().Try();

    [Fact]
    public void Vocabularies() => TextReaders.Vocabulary().Try();

    [Fact]
    public void ConllFiles() => TextReaders.Conll().Try();

    [Fact]
    public void Texts() => TextReaders.Text().Try();

    [Fact]
    public void RawTexts() => TextReaders.RawText().Try();

    [Fact]
    public void WordVectors()
    {
        using var files = TestFiles.InMemory();
        TextReaders.WordVectors(files).Try();
    }

    [Fact]
    public void TokenCaches()
    {
        using var files = TestFiles.InMemory();
        TokenCacheReader.Of(files).Try();
    }
}
