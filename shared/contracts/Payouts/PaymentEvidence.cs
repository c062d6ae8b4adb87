namespace Payouts.Contracts;

/// <summary>What contract and ledger say about a debt, asked for it directly.</summary>
public enum PaymentEvidence
{
    /// <summary>A transaction on the ledger paid this very debt: the contract's record, its event and the token transfer are as ordered.</summary>
    Paid,

    /// <summary>The contract has no record of it.</summary>
    Unpaid,

    /// <summary>The contract's record or the transaction says something else than the order.</summary>
    NotAsOrdered,

    /// <summary>The contract says paid, but no transaction that moved the money is among those that the RPC still holds.</summary>
    NotFound,

    /// <summary>The network could not be asked, or answered from too old a ledger.</summary>
    Unknown,
}
