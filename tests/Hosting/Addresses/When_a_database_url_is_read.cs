using Npgsql;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;

namespace Payouts.Hosting.Tests.Addresses;

public sealed class When_a_database_url_is_read
{
    private const string Secret = "s3cr3t-Passw0rd";

    [Theory]
    [InlineData("postgres://ann:pw@db:6543/payouts", "db", 6543, "payouts", "ann", "pw")]
    [InlineData("postgresql://ann@db/payouts", "db", 5432, "payouts", "ann", null)]
    [InlineData("postgres://a%40b:p%3Aw%2F@db/my%20base", "db", 5432, "my base", "a@b", "p:w/")]
    [InlineData("postgres://ann:a:b@db/{service}", "db", 5432, "rounds", "ann", "a:b")]
    [InlineData("Host=db;Database=payouts;Username=ann;Password=pw", "db", 5432, "payouts", "ann", "pw")]
    public void Should_understand_both_forms(string url, string host, int port, string database, string user, string? password)
    {
        var settings = DatabaseSettings.Parse(url, "rounds");

        settings.Provider.ShouldBe(DatabaseProvider.Postgres);
        var read = new NpgsqlConnectionStringBuilder(settings.ConnectionString);
        (read.Host, read.Port, read.Database, read.Username, read.Password).ShouldBe((host, port, database, user, password));
        (read.SearchPath, read.ApplicationName, read.MaxPoolSize).ShouldBe(("rounds", "payouts rounds", 20));
        read.NoResetOnClose.ShouldBeTrue();
        read.GssEncryptionMode.ShouldBe(GssEncryptionMode.Disable);
    }

    [Fact]
    public void Should_take_options_of_the_connection()
    {
        var read = new NpgsqlConnectionStringBuilder(DatabaseSettings.Parse("postgres://ann:pw@db/payouts?sslmode=Require&Maximum%20Pool%20Size=7&GSS%20Encryption%20Mode=Require", "rounds").ConnectionString);
        (read.SslMode, read.MaxPoolSize, read.GssEncryptionMode).ShouldBe((SslMode.Require, 7, GssEncryptionMode.Require));
    }

    [Theory]
    [InlineData("sqlite:/data/{service}.db", "/data/rounds.db")]
    [InlineData("sqlite:rounds.db", "rounds.db")]
    public void Should_take_a_file(string url, string path)
    {
        var settings = DatabaseSettings.Parse(url, "rounds");
        settings.Provider.ShouldBe(DatabaseProvider.Sqlite);
        new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(settings.ConnectionString).DataSource.ShouldBe(path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mysql://ann:s3cr3t-Passw0rd@db/payouts")]
    [InlineData("postgres://ann:s3cr3t-Passw0rd@db")]
    [InlineData("postgres://ann:s3cr3t-Passw0rd@db/")]
    [InlineData("postgres://:s3cr3t-Passw0rd@/payouts")]
    [InlineData("postgres://ann:s3cr3t-Passw0rd@db:port/payouts")]
    [InlineData("postgres://ann:s3cr3t-Passw0rd@db/payouts?colour=red")]
    [InlineData("postgres://ann:s3cr3t-Passw0rd@db/payouts?timeout=soon")]
    [InlineData("Host=db;Pasword=s3cr3t-Passw0rd")]
    [InlineData("Host=db;Port=s3cr3t-Passw0rd")]
    [InlineData("sqlite:")]
    [InlineData("sqlite: ")]
    public void Should_refuse_the_rest_without_repeating_it(string url) =>
        Should.Throw<FormatException>(() => DatabaseSettings.Parse(url, "rounds")).ToString().ShouldNotContain(Secret);

    [Theory]
    [InlineData("amqp://ann:pw@broker:5672/payouts", "amqp://ann:pw@broker:5672/payouts")]
    [InlineData("amqps://ann:pw@broker/payouts", "amqps://ann:pw@broker/payouts")]
    [InlineData("inmemory", null)]
    public void Should_understand_a_brokers_address(string url, string? address) => (BrokerSettings.Parse(url).Address?.ToString()).ShouldBe(address);

    [Theory]
    [InlineData("")]
    [InlineData("InMemory")]
    [InlineData("rabbitmq://ann:s3cr3t-Passw0rd@broker")]
    [InlineData("http://ann:s3cr3t-Passw0rd@broker")]
    [InlineData("amqp:///s3cr3t-Passw0rd")]
    [InlineData("amqp://ann:s3cr3t-Passw0rd@broker:port/")]
    [InlineData("s3cr3t-Passw0rd")]
    public void Should_refuse_another_broker_without_repeating_it(string url) =>
        Should.Throw<FormatException>(() => BrokerSettings.Parse(url)).ToString().ShouldNotContain(Secret);
}
