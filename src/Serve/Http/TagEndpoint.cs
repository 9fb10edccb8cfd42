using System.Text.Json;
using LdNetGpu.Serve.Batching;
using LdNetGpu.Train.Tagging;
using Microsoft.AspNetCore.Http;

namespace LdNetGpu.Serve.Http;

/// <summary>POST /tag: cuts the texts, has their sentences tagged in common batches, writes the names.</summary>
sealed class TagEndpoint(ServerOptions options, BatchingTagger tagger, ServerMetrics metrics)
{
    const int BusySeconds = 1;

    /// <exception cref="RequestFault">It is not answered; says why.</exception>
    /// <exception cref="BadHttpRequestException">The body is too long, or comes too slowly.</exception>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public async Task AnswerAsync(HttpContext context)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(options.Timeout);
        var isRead = false;
        try
        {
            var request = await TagRequestReader.ReadAsync(context.Request, limit.Token);
            isRead = true;
            var cut = new RawTextOptions { Break = TagRequestReader.BreakOf(request) };
            var texts = TagRequestReader.TextsOf(request)
                .Select(text => RawText.Sentences(text, cut).ToArray()).ToArray();
            var tagged = await TagAsync([.. texts.SelectMany(sentences => sentences)], limit.Token);
            await WriteAsync(context.Response, request, texts.Select(sentences => sentences.Length), tagged);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            metrics.Refused("gone");
            throw;
        }
        catch (OperationCanceledException)
        {
            metrics.Refused("timeout");
            throw TooLate(isRead);
        }
    }

    RequestFault TooLate(bool isRead)
    {
        var limit = Invariant($"{options.Timeout.TotalSeconds:0.###} s, the server's limit for a request");
        return !isRead
            ? new(StatusCodes.Status408RequestTimeout, "the body comes too slowly",
                $"It was not there after {limit}. Send it at once.")
            : new(StatusCodes.Status503ServiceUnavailable, "not done in time",
                $"The texts were not tagged after {limit}: they are long, or too much else is asked for. Try again "
                + "later, or send less at once.") { RetryAfter = BusySeconds };
    }

    async Task<TaggedSentence[]> TagAsync(Train.Data.Sentence[] sentences, CancellationToken cancellation)
    {
        if (sentences.Length == 0) return [];
        var work = new TagWork(sentences);
        if (await tagger.TryTagAsync(work, cancellation) is { } tagged) return tagged;
        metrics.Refused("queue");
        throw new RequestFault(StatusCodes.Status429TooManyRequests, "too much is waiting",
            $"{tagger.WaitingWords} words wait to be tagged, of {options.QueueWords} that may; this request has "
            + $"{work.Cost} more. Try again later.") { RetryAfter = BusySeconds };
    }

    static async Task WriteAsync(HttpResponse response, TagRequest request, IEnumerable<int> counts,
        TaggedSentence[] tagged)
    {
        var unit = TagRequestReader.UnitOf(request);
        response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(response.BodyWriter, EntityJson.Options);
        if (request.Texts is not null) json.WriteStartArray();
        var start = 0;
        foreach (var count in counts)
        {
            json.WriteStartArray();
            foreach (var entity in tagged.Skip(start).Take(count).SelectMany(sentence => sentence.Entities))
                EntityJson.Write(json, entity, unit);
            json.WriteEndArray();
            start += count;
        }
        if (request.Texts is not null) json.WriteEndArray();
        await json.FlushAsync();
        await response.BodyWriter.FlushAsync();
    }
}
