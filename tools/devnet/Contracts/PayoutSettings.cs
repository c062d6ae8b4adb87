using System.Collections.Immutable;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Contracts;

/// <summary>What the payout contract keeps in its instance storage.</summary>
public sealed record PayoutSettings(SCAddress? Admin, SCAddress? Treasury, bool Paused, ImmutableSortedDictionary<string, SCAddress> Tokens)
{
    public static PayoutSettings Empty { get; } = new(null, null, false, ImmutableSortedDictionary.Create<string, SCAddress>(StringComparer.Ordinal));

    public PayoutSettings WithToken(string currency, SCAddress token) => this with { Tokens = Tokens.SetItem(currency, token) };

    public static PayoutSettings Read(SCContractInstance instance)
    {
        var settings = Empty;
        foreach (var entry in instance.Storage?.Value ?? [])
        {
            if (entry.Key is not SCVal.Vec { Value.Value: { Count: > 0 } key })
            {
                continue;
            }

            settings = key[0].SymbolOrNull() switch
            {
                "Admin" => settings with { Admin = entry.Val.AddressOrNull() },
                "Treasury" => settings with { Treasury = entry.Val.AddressOrNull() },
                "Paused" => settings with { Paused = entry.Val.BoolOrNull() ?? false },
                "Token" when key.Count == 2 && key[1].SymbolOrNull() is { } currency && entry.Val.AddressOrNull() is { } token => settings.WithToken(currency, token),
                _ => settings,
            };
        }

        return settings;
    }

    public SCContractInstance ToInstance()
    {
        var entries = new List<SCMapEntry>();
        if (Admin is not null)
        {
            entries.Add(new SCMapEntry(ScValues.Vec("Admin".ToSymbol()), Admin.ToVal()));
        }

        entries.Add(new SCMapEntry(ScValues.Vec("Paused".ToSymbol()), new SCVal.Bool(Paused)));
        entries.AddRange(Tokens.Select(token => new SCMapEntry(ScValues.Vec("Token".ToSymbol(), token.Key.ToSymbol()), token.Value.ToVal())));
        if (Treasury is not null)
        {
            entries.Add(new SCMapEntry(ScValues.Vec("Treasury".ToSymbol()), Treasury.ToVal()));
        }

        return new SCContractInstance(new ContractExecutable.Wasm(PayoutContract.WasmHash), new SCMap(entries.ToXdrArray()));
    }
}
