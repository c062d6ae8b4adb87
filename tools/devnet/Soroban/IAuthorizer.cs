using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>Answers require_auth. Follows the call frames so that authorizations match the shape of the calls.</summary>
public interface IAuthorizer
{
    void Push();

    void Pop();

    /// <summary>The top frame's call must be authorized by the address.</summary>
    /// <exception cref="HostException">It is not.</exception>
    void Require(SorobanHost host, SCAddress address);
}
