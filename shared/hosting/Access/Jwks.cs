using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Payouts.Hosting.Configuration;

namespace Payouts.Hosting.Access;

/// <summary>Key sets (RFC 7517) without discovery.</summary>
internal static class Jwks
{
    /// <summary>Reads a key set.</summary>
    /// <exception cref="FormatException">It is none, or holds no key that can check a signature.</exception>
    public static OpenIdConnectConfiguration Parse(byte[] content) => Parse(Encoding.UTF8.GetString(content));

    public static OpenIdConnectConfiguration Parse(string json)
    {
        try
        {
            var configuration = new OpenIdConnectConfiguration { JsonWebKeySet = new JsonWebKeySet(json) };
            foreach (var key in configuration.JsonWebKeySet.GetSigningKeys().Where(key => key is not SymmetricSecurityKey))
                configuration.SigningKeys.Add(key);
            return configuration.SigningKeys.Count > 0 ? configuration : throw new FormatException("the key set holds no public key for signatures");
        }
        catch (Exception wrong) when (wrong is ArgumentException or System.Text.Json.JsonException)
        {
            throw new FormatException($"it is no key set: {wrong.Message}");
        }
    }
}

/// <summary>Fetches a key set.</summary>
internal sealed class JwksRetriever : IConfigurationRetriever<OpenIdConnectConfiguration>
{
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(string address, IDocumentRetriever retriever, CancellationToken cancel) =>
        Jwks.Parse(await retriever.GetDocumentAsync(address, cancel));
}

/// <summary>Says why keys could not be fetched: the library keeps that to itself and finds every token unsigned.</summary>
internal sealed partial class ReportingRetriever(IConfigurationRetriever<OpenIdConnectConfiguration> inner, ILogger logger) : IConfigurationRetriever<OpenIdConnectConfiguration>
{
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(string address, IDocumentRetriever retriever, CancellationToken cancel)
    {
        try
        {
            return await inner.GetConfigurationAsync(address, retriever, cancel);
        }
        catch (Exception failure)
        {
            NotFetched(logger, address, failure.GetBaseException().Message);
            throw;
        }
    }

    [LoggerMessage(LogLevel.Error, "the keys of the tokens cannot be fetched from {address}: {reason}")]
    private static partial void NotFetched(ILogger logger, string address, string reason);
}

/// <summary>A key set in a file, read again when it changes.</summary>
internal sealed class JwksFile(WatchedFile<OpenIdConnectConfiguration> file) : IConfigurationManager<OpenIdConnectConfiguration>
{
    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel) => Task.FromResult(file.Current);

    public void RequestRefresh()
    {
        // The file is looked at anyway.
    }
}
