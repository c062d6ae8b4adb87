namespace Payouts.Stellar.Rpc;

/// <summary>What one endpoint says of its network. A closed set.</summary>
/// <param name="Endpoint">Scheme, host and port.</param>
public abstract record EndpointCheck(string Endpoint)
{
    public sealed record Right(string Endpoint, NetworkInfo Network) : EndpointCheck(Endpoint);

    public sealed record WrongNetwork(string Endpoint, string Passphrase) : EndpointCheck(Endpoint);

    public sealed record NoAnswer(string Endpoint, string Reason) : EndpointCheck(Endpoint);
}
