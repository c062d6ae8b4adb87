namespace Payouts.Tests.Support;

/// <summary>Where a broker is reached, and by which administrator.</summary>
internal sealed record RabbitMqAddress(string Host, int Port, Uri Management, string User, string Password)
{
    /// <summary>The port of the TLS listener; null: there is none.</summary>
    public int? TlsPort { get; init; }

    /// <summary>host:port of its metrics; null: it shows none.</summary>
    public string? Metrics { get; init; }

    /// <summary>amqp://user:password@host:port/vhost</summary>
    public string UrlOf(string virtualHost, string user, string password) => FormattableString.Invariant(
        $"amqp://{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}@{Host}:{Port}/{Uri.EscapeDataString(virtualHost)}");

    public static RabbitMqAddress Parse(string url, string managementUrl)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != "amqp" || uri.UserInfo.Split(':', 2) is not [var user, var password])
        {
            throw new FormatException("The RabbitMQ address must read amqp://user:password@host:port.");
        }

        return new RabbitMqAddress(
            uri.Host, uri.Port > 0 ? uri.Port : 5672, new Uri(managementUrl), Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
    }
}
