namespace Payouts.Tests.Deployment;

public sealed class When_settings_are_compared
{
    private static ComposeFile Compose => ComposeFile.Parse(File.ReadAllText(RepositoryRoot.PathOf("docker-compose.yml")));

    [Theory]
    [MemberData(nameof(Components.ServicesData), MemberType = typeof(Components))]
    public void Should_name_the_same_settings_in_compose_and_kubernetes(Component service)
    {
        var compose = SettingNamesInUse.OfCompose(Compose, service.Name).Except(SettingNamesInUse.OfOverlaysOnly).Order(StringComparer.Ordinal);
        SettingNamesInUse.OfKubernetes(Manifests.Load(), service.Name).Order(StringComparer.Ordinal).ShouldBe(compose);
    }

    [Theory]
    [MemberData(nameof(Components.ServicesData), MemberType = typeof(Components))]
    public void Should_pass_each_service_exactly_what_it_reads(Component service) =>
        SettingNamesInUse.OfCompose(Compose, service.Name).Order(StringComparer.Ordinal).ShouldBe(SettingNamesRead.By(service), ignoreOrder: false, $"docker-compose.yml against {service.Folder}");

    /// <summary>Where its key is, an overlay says: every provider needs other settings.</summary>
    [Fact]
    public void Should_pass_the_worker_what_it_reads_in_kubernetes() => SettingNamesInUse.OfKubernetes(Manifests.Load(), Components.SignerWorker.Name).Order(StringComparer.Ordinal)
        .ShouldBe(SettingNamesRead.By(Components.SignerWorker).Except(SettingNamesInUse.OfOverlaysOnly).Order(StringComparer.Ordinal));

    [Fact]
    public void Should_find_what_a_service_reads()
    {
        SettingNamesRead.By(Components.Services.Single(service => service.Name == "rounds")).ShouldBe(SettingNamesRead.OfEveryHost.Concat(["DATABASE_URL", "PAYOUTS_DIRECT_PAYOUTS", "PAYOUTS_RETENTION_DAYS", "ROUNDS_TREASURY_LIMITS", "ROUNDS_WEBHOOKS"]).Order(StringComparer.Ordinal));
        SettingNamesRead.By(Components.Services.Single(service => service.Name == "payout-submitter")).ShouldContain("SOROBAN_RPC_URL");
        SettingNamesRead.By(Components.Services.Single(service => service.Name == "payout-signer")).ShouldContain("PAYOUT_CHANNEL_SECRET");
        SettingNamesRead.By(Components.Services.Single(service => service.Name == "payout-signer")).ShouldContain("SIGNER_PKCS11_PIN");
        SettingNamesRead.By(Components.SignerWorker).ShouldContain("SIGNER_PROVIDER");
    }

    [Fact]
    public void Should_give_channel_and_hot_keys_to_the_signer_only()
    {
        foreach (var service in Components.Services.Where(service => service.Name != "payout-signer"))
        {
            SettingNamesInUse.OfCompose(Compose, service.Name).Intersect(SettingNamesInUse.OfTheSigner).ShouldBeEmpty(service.Name);
        }
    }

    [Fact]
    public void Should_give_each_service_a_database_of_its_own()
    {
        var created = File.ReadAllText(RepositoryRoot.PathOf("scripts/create-databases.sh"));
        var urls = Components.Services.Select(service => new Uri(ComposeText.WithDefaults(Compose.Services[service.Name].Environment["DATABASE_URL"]))).ToList();
        urls.Select(url => url.AbsolutePath).ShouldBeUnique();
        foreach (var url in urls)
        {
            url.UserInfo.Split(':')[0].ShouldBe(url.AbsolutePath[1..]);
            created.ShouldContain(url.AbsolutePath[1..]);
        }
    }

    [Fact]
    public void Should_list_every_setting_of_the_host_that_its_rooms_read()
    {
        var rooms = new[] { "Access", "Web", "Messaging", "Observability" }.SelectMany(room => Directory.EnumerateFiles(RepositoryRoot.PathOf($"shared/hosting/{room}"), "*.cs"));
        SettingNamesRead.NamedIn(rooms).Order(StringComparer.Ordinal).ShouldBe(SettingNamesRead.OfEveryHost.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Should_give_each_program_a_broker_user_of_its_own()
    {
        var definitions = BrokerDefinitions.Load();
        foreach (var program in ComposeSuite.Programs)
        {
            var url = new Uri(ComposeText.WithDefaults(Compose.Services[program.Name].Environment["RABBITMQ_URL"]));
            url.UserInfo.ShouldBe($"{program.Name}:{definitions.Passwords[program.Name]}");
            definitions.Permissions.ShouldContainKey(program.Name);
        }
    }

    [Fact]
    public void Should_notice_a_setting_that_only_one_of_them_has()
    {
        var compose = Compose;
        compose.Services["rounds"].Environment["PAYOUTS_ONLY_HERE"] = "1";
        SettingNamesInUse.OfCompose(compose, "rounds").Except(SettingNamesInUse.OfOverlaysOnly).Except(SettingNamesInUse.OfKubernetes(Manifests.Load(), "rounds")).ShouldBe(["PAYOUTS_ONLY_HERE"]);
    }
}
