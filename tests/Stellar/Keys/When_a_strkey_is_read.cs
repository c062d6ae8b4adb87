using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Keys;

public sealed class When_a_strkey_is_read
{
    private const string Account = "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ";
    private const string Contract = "CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA";

    public static TheoryData<string> Valid => new(Vectors.StrKeys.Valid);

    public static TheoryData<string> Invalid => new(Vectors.StrKeys.Invalid);

    [Theory]
    [MemberData(nameof(Valid))]
    public void Should_write_the_same_text_again(string text)
    {
        StrKey.TryDecode(text, out var kind, out var payload, out var error).ShouldBeTrue(error);

        StrKey.Encode(kind, payload).ShouldBe(text);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Should_refuse_every_invalid_one_and_say_why(string text)
    {
        StrKey.TryDecode(text, out _, out _, out var error).ShouldBeFalse();

        error.ShouldNotBeEmpty();
    }

    [Fact]
    public void Should_cover_both_lists_of_the_standard()
    {
        (Vectors.StrKeys.Valid.Distinct().Count(), Vectors.StrKeys.Invalid.Distinct().Count()).ShouldBe((8, 15));
        (((IEnumerable<TheoryDataRow<string>>)Valid).Count(), ((IEnumerable<TheoryDataRow<string>>)Invalid).Count()).ShouldBe((8, 15));
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGY", "checksum")]
    [InlineData("ga7qynf7sowq3glr2bgmzehxavirza4kvwltjjfc7mgxua74p7ujvsgz", "character 1 is not one of A-Z and 2-7")]
    [InlineData(Contract, "is a Contract, not a AccountId")]
    public void Should_name_what_is_wrong_with_an_account(string text, string reason)
    {
        Should.Throw<FormatException>(() => AccountId.Parse(text)).Message.ShouldContain(reason);
        AccountId.TryParse(text, out _).ShouldBeFalse();
    }

    [Fact]
    public void Should_never_repeat_a_secret()
    {
        var secret = "SBGWSG6BTNCKCOB3DIFBGCVMUPQFYPA2G4O34RMTB343OYPXU5DJDVMN";
        var mistyped = secret[..^1] + "A";

        Should.Throw<FormatException>(() => AccountId.Parse(secret)).Message.ShouldNotContain(secret[..12]);
        Should.Throw<FormatException>(() => KeyPair.FromSecretSeed(mistyped)).Message.ShouldNotContain(secret[..12]);
    }

    [Fact]
    public void Should_keep_accounts_and_contracts_apart()
    {
        AccountId.Parse(Account).ToString().ShouldBe(Account);
        ContractId.Parse(Contract).ToString().ShouldBe(Contract);
        Should.Throw<FormatException>(() => ContractId.Parse(Account)).Message.ShouldContain("is a AccountId, not a Contract");
        AccountId.Parse(Account).ShouldBe(AccountId.FromXdr(AccountId.Parse(Account).ToXdr()));
        AccountId.Parse(Account).ShouldBe(AccountId.FromXdr(AccountId.Parse(Account).ToMuxedAccount()));
    }

    [Fact]
    public void Should_accept_no_mutated_text_and_fail_in_no_other_way()
    {
        var random = new Random(1);
        foreach (var valid in Vectors.StrKeys.Valid)
        {
            for (var i = 0; i < 2000; i++)
            {
                var text = valid.ToCharArray();
                text[random.Next(text.Length)] = (char)random.Next(0x20, 0x80);
                var mutated = new string(text);
                var accepted = StrKey.TryDecode(mutated, out var kind, out var payload, out _);

                (!accepted || StrKey.Encode(kind, payload) == mutated).ShouldBeTrue(mutated);
                (!accepted || mutated == valid).ShouldBeTrue($"{mutated} has one character changed and a checksum that still matches");
            }
        }
    }

    [Theory]
    [InlineData("329F3718DF30444AFF4087AAD459ECA28B0EC6EB0973C135DA42610F1BF10ED3")]
    [InlineData("329f3718")]
    [InlineData(null)]
    public void Should_take_a_transaction_hash_only_in_its_one_spelling(string? text) => TransactionHash.TryParse(text, out _).ShouldBeFalse();
}
