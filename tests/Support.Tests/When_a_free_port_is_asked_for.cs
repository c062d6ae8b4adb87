using System.Net;
using System.Net.Sockets;

namespace Payouts.Tests.Support.Tests;

public sealed class When_a_free_port_is_asked_for
{
    [Fact]
    public void Should_not_hand_out_one_that_is_taken()
    {
        var taken = FreePort.Next() + 1;
        using var listener = new TcpListener(IPAddress.Loopback, taken);
        listener.Start();
        Enumerable.Range(0, 20).Select(_ => FreePort.Next()).ShouldNotContain(taken);
    }

    [Fact]
    public void Should_hand_out_each_once() => Enumerable.Range(0, 50).Select(_ => FreePort.Next()).ShouldBeUnique();

    [Fact]
    public void Should_stay_below_the_ports_of_outgoing_connections() => FreePort.Next().ShouldBeInRange(20_000, 31_999);
}
