using LdNetGpu.Train.Data;

namespace LdNetGpu.Cli.Commands;

/// <summary>What <c>--train</c>, <c>--dev</c> and <c>--test</c> name, read before any work starts.</summary>
sealed record LabelledFiles(LabelledFile Train, LabelledFile Dev, LabelledFile? Test)
{
    public static LabelledFiles Load(CommandContext context) => LoadWith(context, context.Value(CommonOptions.DevFile));

    /// <summary>The same with the dev text named by another option.</summary>
    public static LabelledFiles LoadWith(CommandContext context, string dev)
    {
        LabelledFile Read(string path) => Load(context, path);
        var train = Read(context.Value(CommonOptions.TrainFile));
        SpanTypes.RequireSome(train);
        var files = new LabelledFiles(train, Read(dev),
            context.Value(CommonOptions.TestFile) is { } test ? Read(test) : null);
        if (files.Test is not null && SpanTypes.Warning(files.Test, SpanTypes.Of(train.Sentences), train.Name) is
            { } warning)
            context.Note(warning);
        return files;
    }

    /// <summary>One labelled file, read as the command's options say.</summary>
    public static LabelledFile Load(CommandContext context, string path) => LabelledFile.Load(path,
        from: ColumnOptions.Scheme(context.Value(ColumnOptions.TagScheme)),
        lenient: context.Value(CommonOptions.Lenient), options: ColumnOptions.ReadLabelled(context));
}
