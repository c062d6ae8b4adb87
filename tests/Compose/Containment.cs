namespace Payouts.Tests.Compose;

/// <summary>What docker-compose.yml promises of a container, tried out on its first process.</summary>
internal static class Containment
{
    /// <summary>It is healthy, no root, and where its root is read-only a write is really refused.</summary>
    public static void ShouldHold(ComposeContainer container, bool isReadOnly)
    {
        container.Health.ShouldBe("healthy", container.Service);
        container.UserId.ShouldNotBe(0, $"{container.Service} runs as root");
        if (!isReadOnly)
            return;
        container.Capabilities.ShouldBe(0UL, $"{container.Service} has capabilities");
        container.MayGainPrivileges.ShouldBeFalse($"{container.Service} may gain privileges");
        foreach (var place in new[] { "/", "/etc/", "/usr/" })
            Should.Throw<IOException>(() => File.WriteAllText(container.PathOf(place + "planted"), "here"), $"{container.Service} has a root that takes a file in {place}")
                .Message.ShouldContain("Read-only file system");
        // The same write where one may be made: it is the mount that refused, not the path.
        var allowed = container.PathOf("/tmp/planted");
        File.WriteAllText(allowed, "here");
        File.Delete(allowed);
    }
}
