// Tags standard input, a tokenised sentence a line, with a tagger that 'ldnet export onnx' wrote.
using LdNetGpu.TagWithOnnx;
using Microsoft.ML.OnnxRuntime;

if (args is not [var path])
{
    Console.Error.WriteLine("TagWithOnnx FILE.onnx < sentences.txt");
    return 2;
}
try
{
    using var tagger = new OnnxTagger(path);
    while (Console.ReadLine() is { } line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) continue;
        foreach (var (word, tag) in words.Zip(tagger.Tag([words])[0])) Console.WriteLine($"{word}\t{tag}");
        Console.WriteLine();
    }
    return 0;
}
catch (Exception error) when (error is OnnxRuntimeException or InvalidDataException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
