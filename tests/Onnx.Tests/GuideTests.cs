namespace LdNetGpu.Tests;

/// <summary>The code that the guide shows is that of the example, which the tests run.</summary>
public class GuideTests
{
    [Theory, InlineData("csharp", "OnnxTagger.cs"), InlineData("python", "tag_with_onnx.py")]
    public void TheGuideShowsTheExample(string language, string file)
    {
        var block = MarkdownPage.Read("docs/guides/onnx.md").Blocks.Single(block => block.Language == language);
        Assert.Equal(File.ReadAllText(RepositoryRoot.Combine("examples", "TagWithOnnx", file)).ReplaceLineEndings("\n"),
            block.Code);
    }
}
