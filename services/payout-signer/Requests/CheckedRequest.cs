using Payouts.Contracts;
using Payouts.Signer.Intent;

namespace Payouts.Signer.Requests;

/// <summary>A command with what the check outside the transaction made of it.</summary>
/// <param name="Command">As payout-builder sent it.</param>
/// <param name="Verdict">Of the independent check.</param>
/// <param name="SignedXdr">In hot-key mode, when the order was known and equal already: the finished envelope or authorization. Never logged.</param>
public sealed record CheckedRequest(SignOrder Command, IntentVerdict Verdict, string? SignedXdr);
