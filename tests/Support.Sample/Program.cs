using Payouts.Tests.Support;

if (args is ["hold-servers"])
{
    return await ServerHolder.RunAsync();
}

if (args is ["fail"])
{
    Console.Error.WriteLine("DATABASE_URL is missing");
    return 3;
}

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
var requests = 0;
app.MapGet("/health/ready", () => Environment.GetEnvironmentVariable("SAMPLE_READY") == "never" ? Results.StatusCode(503) : Results.Ok());
app.MapGet("/setting/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? "(none)");
app.MapGet("/count", () => Interlocked.Increment(ref requests));
app.Lifetime.ApplicationStopped.Register(() => Console.WriteLine("drained"));
Console.WriteLine("sample starts");
await app.RunAsync();
return 0;
