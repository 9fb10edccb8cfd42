using System.CommandLine;
using LdNetGpu.Bench;
using LdNetGpu.Devices;

var model = new Option<string>("--model") { Description = "A tagger's folder.", Required = true };
var text = new Option<string>("--text") { Description = "Untokenised text, UTF-8.", Required = true };
var words = new Option<int>("--words") { Description = "Words of a request, about.", DefaultValueFactory = _ => 25 };
var seconds = new Option<double>("--seconds")
{
    Description = "How long each row is measured.", DefaultValueFactory = _ => 10,
};
var concurrency = new Option<int[]>("--concurrency")
{
    Description = "How many requests are under way at once, a row each.", AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [1, 4, 16, 64],
};
var minutes = new Option<double>("--minutes")
{
    Description = "A soak of so long instead of the table: 16 requests at once, one in twenty hostile.",
};
var options = new Argument<string[]>("OPTIONS") { Description = "For ldnet serve, behind --." };

var root = new RootCommand("Loads ldnet serve: latency and words a second by concurrency, beside ldnet tag.")
{
    model, text, words, seconds, concurrency, minutes, options,
};
root.SetAction(async (parsed, cancellation) =>
{
    try
    {
        var load = RequestTexts.Read(parsed.GetValue(text)!, parsed.GetValue(words));
        using var server = ServerProcess.Start(parsed.GetValue(model)!, parsed.GetValue(options) ?? []);
        if (parsed.GetValue(minutes) is > 0 and var time)
            return await Soak.RunAsync(server, load, TimeSpan.FromMinutes(time), cancellation);
        await LoadTable.PrintAsync(server, load, parsed.GetValue(concurrency)!,
            TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellation);
        Console.WriteLine(TagRun.Row(parsed.GetValue(model)!, parsed.GetValue(text)!));
        return 0;
    }
    catch (UserException error)
    {
        Console.Error.WriteLine("error: " + error.Message);
        return 1;
    }
});
return await root.Parse(args).InvokeAsync();
