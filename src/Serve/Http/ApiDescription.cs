using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace LdNetGpu.Serve.Http;

/// <summary>What /openapi.json says.</summary>
static class ApiDescription
{
    const string Json = "application/json";

    public static void Add(IServiceCollection services) => services.AddOpenApi(api =>
        api.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "Tagger", Version = "1",
                Description = "Finds the names in texts. Errors are problems of RFC 9457.",
            };
            // Where it is reached is known to who asked for it: a proxy may stand between.
            document.Servers = [];
            return Task.CompletedTask;
        }));

    /// <summary>Describes POST /tag, which reads and writes its bodies itself.</summary>
    public static RouteHandlerBuilder Describe(RouteHandlerBuilder tag, ServerOptions options)
    {
        tag.WithName("tag").WithTags("tag").WithSummary("Names in one text, or in each of several.")
            .Accepts<TagRequest>(Json).Produces<NamedEntity[]>();
        List<int> problems = [StatusCodes.Status400BadRequest, StatusCodes.Status408RequestTimeout,
            StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType,
            StatusCodes.Status429TooManyRequests, StatusCodes.Status500InternalServerError,
            StatusCodes.Status503ServiceUnavailable];
        if (options.ApiKey is not null) problems.Add(StatusCodes.Status401Unauthorized);
        foreach (var status in problems) tag.ProducesProblem(status);
        return tag.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            // Of text its names; of texts an array of them.
            var content = operation.Responses!["200"].Content![Json];
            var names = content.Schema!;
            content.Schema = new OpenApiSchema
            {
                OneOf = [names, new OpenApiSchema { Type = JsonSchemaType.Array, Items = names }],
            };
            return Task.CompletedTask;
        });
    }
}
