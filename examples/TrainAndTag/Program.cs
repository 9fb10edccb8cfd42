using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Tagging;
using LdNetGpu.Train.Training;
using TrainAndTag;

// Texts of your own take the place of these: sentences a line, and labelled ones, a word and its tag a line. Without
// the other lines of Miniature the models have the paper's sizes.
var folder = args is [var name] ? Directory.CreateDirectory(name) : Directory.CreateTempSubdirectory("train-and-tag-");
Directory.SetCurrentDirectory(folder.FullName);
Miniature.WriteTexts(".");
var train = LabelledFile.Load("train.conll");
var dev = LabelledFile.Load("dev.conll");
var test = LabelledFile.Load("test.conll");

// Language models of both directions; a tagger that reads them; the same with the two layers that it needs most.
var backend = new CpuBackend<float>(new CpuDevice());
LanguageModelRun.Train(backend, new() { Sources = ["unlabelled.txt"], Valid = "unlabelled.valid.txt", Output = "lm",
    Configure = Miniature.LanguageModel });
TaggerRun.Train(backend, new() { Train = train, Dev = dev, LanguageModels = "lm", Output = "tagger",
    Configure = Miniature.Tagger });
LayerSelectionRun.Train(backend, new() { Model = "tagger", Train = train, Dev = dev, Output = "pruned",
    Options = Miniature.Selection with { Layers = 2 } });

// The pruned tagger from its folder, as another program would load it.
using var pruned = TaggerFolder.Load(backend, "pruned");
Console.WriteLine($"test F1 {new TaggerEvaluation(pruned.Vocabularies, test).Score(pruned.Tagger).F1:f2}");
foreach (var sentence in new TextTagger(pruned).Tag(test.Sentences.Take(3)))
    Console.WriteLine($"{string.Join(' ', sentence.Words)}: "
        + string.Join(", ", sentence.Spans.Select(span => $"{sentence.TextOf(span)} {span.Type}")));
