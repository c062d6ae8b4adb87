using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Rpc.Methods;

/// <summary>One filter of getEvents: type, contracts, and topics with * (one segment) and ** (any rest).</summary>
internal sealed class EventFilter
{
    private const int ContractsMax = 5;
    private const int TopicsMax = 5;
    private const int SegmentsMax = 4;

    private readonly HashSet<ContractEventType>? types;
    private readonly HashSet<ContractID> contracts;
    private readonly List<Segments> topics;

    private EventFilter(HashSet<ContractEventType>? types, HashSet<ContractID> contracts, List<Segments> topics)
    {
        this.types = types;
        this.contracts = contracts;
        this.topics = topics;
    }

    public static EventFilter Of(RpcParams filter)
    {
        var type = filter.Text("type");
        HashSet<ContractEventType>? types = string.IsNullOrEmpty(type) ? null : [.. type.Split(',').Select(TypeOf)];
        var ids = filter.Texts("contractIds");
        if (ids.Count > ContractsMax)
        {
            throw RpcException.Params("filter 1 invalid: maximum 5 contract IDs per filter");
        }

        var topics = filter.TextLists("topics");
        if (topics.Count > TopicsMax)
        {
            throw RpcException.Params("filter 1 invalid: maximum 5 topics per filter");
        }

        return new EventFilter(types, [.. ids.Select(ContractOf)], [.. topics.Select(Segments.Of)]);
    }

    public bool Matches(ContractEvent contractEvent)
    {
        if (types is not null && !types.Contains(contractEvent.Type))
        {
            return false;
        }

        if (contracts.Count > 0 && (contractEvent.ContractID is not { } id || !contracts.Contains(id)))
        {
            return false;
        }

        return topics.Count == 0 || topics.Exists(one => one.Match(((ContractEventBody.V0)contractEvent.Body).Value.Topics));
    }

    private static ContractEventType TypeOf(string text) => text switch
    {
        "contract" => ContractEventType.CONTRACT,
        "system" => ContractEventType.SYSTEM,
        _ => throw RpcException.Params("filter 1 invalid: filter type invalid: if set, type must be either 'system' or 'contract'"),
    };

    private static ContractID ContractOf(string text) =>
        ContractId.TryParse(text, out var id) ? id.ToXdr() : throw RpcException.Params("filter 1 invalid: contract ID 1 invalid");

    /// <summary>One topic filter; a null segment is *.</summary>
    private sealed record Segments(IReadOnlyList<SCVal?> Values, bool OpenEnd)
    {
        public static Segments Of(IReadOnlyList<string> texts)
        {
            var open = texts.Count > 0 && texts[^1] == "**";
            var closed = open ? texts.Count - 1 : texts.Count;
            if (texts.Count == 0 || closed > SegmentsMax)
            {
                throw RpcException.Params("filter 1 invalid: topic 1 invalid: topic must have 1 to 4 segments, and ** only at its end");
            }

            return new Segments([.. texts.Take(closed).Select(ValueOf)], open);
        }

        public bool Match(XdrArray<SCVal> topics)
        {
            if (OpenEnd ? topics.Count < Values.Count : topics.Count != Values.Count)
            {
                return false;
            }

            for (var i = 0; i < Values.Count; i++)
            {
                if (Values[i] is { } wanted && wanted != topics[i])
                {
                    return false;
                }
            }

            return true;
        }

        private static SCVal? ValueOf(string text)
        {
            if (text == "*")
            {
                return null;
            }

            try
            {
                return XdrCodec.FromBase64<SCVal>(text);
            }
            catch (XdrException)
            {
                throw RpcException.Params("filter 1 invalid: topic 1 invalid: segment is neither * nor the base64 XDR of an SCVal");
            }
        }
    }
}
