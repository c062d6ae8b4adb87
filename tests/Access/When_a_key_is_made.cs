using System.Text;
using Payouts.Hosting.Access;
using Payouts.Hosting.Web;

namespace Payouts.Tests.Access;

public sealed class When_a_key_is_made
{
    [Fact]
    public void Should_be_shown_once_with_the_line_that_knows_it()
    {
        var answer = ApiKeyCommand.Answer(["api-key", "new", "--name", "ana", "--roles", "read,operate"]);
        answer.ExitCode.ShouldBe(0);
        var lines = answer.Text.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        lines[1].ShouldNotContain(lines[0]["payouts_".Length..]);
        var holder = ApiKeyFile.Parse(Encoding.UTF8.GetBytes($"# keys\n\n{lines[1]}\r\n")).Find(lines[0]).ShouldNotBeNull();
        holder.Name.ShouldBe("ana");
        holder.Roles.ShouldBe(["read", "operate"]);
        ApiKeyCommand.Answer(["api-key", "new", "--name", "ana", "--roles", "read,operate"]).Text.ShouldNotBe(answer.Text);
    }

    [Theory]
    [InlineData("api-key", "new", "--name", "ana", "--roles", "read,boss")]
    [InlineData("api-key", "new", "--name", "ana", "--roles", "")]
    [InlineData("api-key", "new", "--name", "a b", "--roles", "read")]
    [InlineData("api-key", "new", "--name", "", "--roles", "read")]
    [InlineData("api-key", "new", "--name", "ana")]
    [InlineData("api-key", "list")]
    [InlineData("api-key")]
    public void Should_be_refused_with_the_right_way_to_ask(params string[] arguments)
    {
        var answer = ApiKeyCommand.Answer(arguments);
        answer.ExitCode.ShouldBe(ServiceCommand.ExitUsage);
        answer.Text.ShouldContain("api-key new --name NAME --roles ROLE,ROLE");
        answer.Text.ShouldNotContain("sha256:");
    }

    [Theory]
    [InlineData("ana read payouts_0123456789012345678901234567890123456789012")]
    [InlineData("ana read sha256:00")]
    [InlineData("ana read SHA256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ana boss sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ana sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ana, read sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public void Should_name_the_wrong_line_of_a_file_and_never_repeat_it(string line)
    {
        var wrong = Should.Throw<FormatException>(() => ApiKeyFile.Parse(Encoding.UTF8.GetBytes($"# one\n{line}\n")));
        wrong.Message.ShouldContain("line 2");
        wrong.Message.ShouldNotContain(line);
    }

    [Fact]
    public void Should_refuse_a_key_that_is_too_short_to_be_random_although_its_hash_is_there()
    {
        const string homeMade = "correct horse battery staple";
        var file = ApiKeyFile.Parse(Encoding.UTF8.GetBytes(ApiKeyFile.LineOf("ana", ["admin"], homeMade)));
        file.Count.ShouldBe(1);
        file.Find(homeMade).ShouldBeNull();
    }

    [Fact]
    public void Should_belong_to_one_caller_alone()
    {
        var key = ApiKey.New();
        var lines = $"{ApiKeyFile.LineOf("ana", ["read"], key)}\n{ApiKeyFile.LineOf("ben", ["admin"], key)}";
        Should.Throw<FormatException>(() => ApiKeyFile.Parse(Encoding.UTF8.GetBytes(lines))).Message.ShouldContain("line 2");
    }
}
