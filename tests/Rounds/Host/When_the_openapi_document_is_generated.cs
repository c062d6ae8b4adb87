using System.Net.Http;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Payouts.Contracts;
using Payouts.Rounds.Doors;
using Payouts.Rounds.Game;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

/// <summary>docs/openapi/rounds.json is what the doors are.</summary>
public sealed class When_the_openapi_document_is_generated(Servers servers)
{
    private const string Name = "rounds";
    private const string UpdateVariable = "PAYOUTS_TEST_UPDATE";
    private const string Command = "PAYOUTS_TEST_UPDATE=1 ./test.sh Rounds -- --filter-class '*When_the_openapi_document_is_generated'";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Should_equal_the_committed_one()
    {
        var generated = await GenerateAsync();
        var path = RepositoryRoot.PathOf("docs/openapi/rounds.json");
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, generated, Cancelled);
        }

        (File.Exists(path) ? await File.ReadAllTextAsync(path, Cancelled) : "(no file)").ShouldBe(generated, $"after a deliberate change run: {Command}");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_hold_every_door_with_its_body_key_and_codes()
    {
        var document = JsonNode.Parse(await GenerateAsync())!;
        var doors = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(door => $"{door.Key} {path.Key}")).Order(StringComparer.Ordinal);
        doors.ShouldBe(
        [
            "get /direct-payouts", "get /direct-payouts/{reference}", "get /rounds", "get /rounds/{id}", "get /rounds/{id}/entries", "get /rounds/{id}/payouts", "get /webhooks", "get /webhooks/{id}",
            "post /payouts", "post /rounds", "post /rounds/{id}/cancel", "post /rounds/{id}/close", "post /rounds/{id}/draw", "post /rounds/{id}/entries",
        ]);
        foreach (var door in document["paths"]!.AsObject().Select(path => path.Value!["post"]).OfType<JsonNode>())
        {
            door["requestBody"]!["content"]!["application/json"]!["schema"].ShouldNotBeNull();
            door["parameters"]!.AsArray().Single(x => x!["name"]!.GetValue<string>() == "Idempotency-Key")!["required"]!.GetValue<bool>().ShouldBeTrue();
        }

        document["components"]!["schemas"]!["Problem"]!["properties"]!["code"]!["enum"]!.AsArray().Select(x => x!.GetValue<string>())
            .ShouldBe(Enum.GetNames<DoorCode>().Union(Enum.GetNames<RefusalCode>()));
        document["components"]!["schemas"]!["DrawBody"]!["properties"]!.AsObject().Select(x => x.Key)
            .ShouldBe(["roundId", "winners", "yield", "policy", "seed", "yieldRate", "resolutionHash"], ignoreOrder: true);
    }

    private async Task<string> GenerateAsync()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite, change: services =>
        {
            services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
            services.AddOpenApi(Name, Describe);
        });
        var document = await host.Get<IServiceProvider>().GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(Cancelled);
        return (await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, Cancelled)).ReplaceLineEndings("\n") + "\n";
    }

    private static void Describe(OpenApiOptions options)
    {
        options.ShouldInclude = door => door.ActionDescriptor.EndpointMetadata.OfType<DoorShape>().Any();
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Payout suite: rounds", Version = "1", Description = "The game's rounds over HTTP; docs/events.md tells the whole of it. Amounts are decimal text." };
            document.Servers = [];
            document.Tags = null;
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Money is text on the wire, by a converter that no schema can look into.
            if (context.JsonTypeInfo.Type == typeof(Stroops) || context.JsonTypeInfo.Type == typeof(Stroops?))
                (schema.Type, schema.Pattern) = (JsonSchemaType.String, @"^-?\d+\.\d{7}$");
            if (context.JsonTypeInfo.Type == typeof(PayoutId) || context.JsonTypeInfo.Type == typeof(PayoutId?))
                (schema.Type, schema.Format) = (JsonSchemaType.String, "uuid");
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, cancellation) =>
        {
            var shape = context.Description.ActionDescriptor.EndpointMetadata.OfType<DoorShape>().Single();
            var document = context.Document!;
            operation.Tags = null;
            operation.Summary = shape.Summary;
            var answers = new List<IOpenApiSchema>();
            foreach (var answer in shape.Answers)
                answers.Add(await ComponentAsync(answer));
            operation.Responses = new OpenApiResponses
            {
                [$"{shape.Status}"] = new OpenApiResponse { Description = "Taken", Content = Json(answers.Count == 1 ? answers[0] : new OpenApiSchema { OneOf = answers }) },
            };
            document.AddComponent("Problem", Problem());
            var refused = shape.Body is null ? [400, 401, 403, 404] : new[] { 400, 401, 403, 409, 413, 422 };
            foreach (var status in refused)
                operation.Responses[$"{status}"] = new OpenApiResponse
                {
                    Description = "Refused",
                    Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference("Problem", document) } },
                };
            if (shape.Body is not { } body)
                return;
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Json(await ComponentAsync(body)) };
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = "Idempotency-Key", In = ParameterLocation.Header, Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = Hosting.Web.IdempotencyKey.LengthMax },
            });

            async Task<IOpenApiSchema> ComponentAsync(Type type)
            {
                document.AddComponent(type.Name, await context.GetOrCreateSchemaAsync(type, null, cancellation));
                return new OpenApiSchemaReference(type.Name, document);
            }
        });
    }

    private static Dictionary<string, OpenApiMediaType> Json(IOpenApiSchema schema) => new() { ["application/json"] = new OpenApiMediaType { Schema = schema } };

    private static OpenApiSchema Problem() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "status" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["code"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "Absent where the caller is not let in (401, 403).",
                Enum = [.. Enum.GetNames<DoorCode>().Union(Enum.GetNames<RefusalCode>()).Select(name => (JsonNode)name)],
            },
            ["problems"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
        },
    };
}
