namespace Payouts.Stellar.Rpc;

/// <summary>What one endpoint says of its network. A closed set.</summary>
public abstract record EndpointCheck
{
    private EndpointCheck(string endpoint) => Endpoint = endpoint;

    /// <summary>Scheme, host and port.</summary>
    public string Endpoint { get; init; }

    public sealed record Right(string Endpoint, NetworkInfo Network) : EndpointCheck(Endpoint);

    public sealed record WrongNetwork(string Endpoint, string Passphrase) : EndpointCheck(Endpoint);

    public sealed record NoAnswer(string Endpoint, string Reason) : EndpointCheck(Endpoint);
}
