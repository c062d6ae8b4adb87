using System.Text.Json;

namespace Payouts.Devnet.Rpc;

/// <summary>One method: reads its parameters (an object, or Undefined when absent) and writes the value of "result".</summary>
public delegate void RpcMethod(RpcParams parameters, Utf8JsonWriter result);
