// Tags standard input, a tokenised sentence a line, with a tagger that 'ldnet export onnx' wrote.
using LdNetGpu.TagWithOnnx;

using var tagger = new OnnxTagger(args[0]);
while (Console.ReadLine() is { } line)
{
    var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    if (words.Length == 0) continue;
    foreach (var (word, tag) in words.Zip(tagger.Tag([words])[0])) Console.WriteLine($"{word}\t{tag}");
    Console.WriteLine();
}
