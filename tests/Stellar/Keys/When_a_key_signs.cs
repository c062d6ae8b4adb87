using System.Numerics;
using System.Security.Cryptography;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Keys;

public sealed class When_a_key_signs
{
    // The order of Ed25519's base point (RFC 8032, section 5.1).
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");

    private static readonly byte[] Identity = [1, .. new byte[31]];
    private static readonly byte[] Message = SHA256.HashData("a transaction"u8);

    [Fact]
    public void Should_match_the_vector_of_rfc_8032()
    {
        using var key = KeyPair.FromRawSeed(Convert.FromHexString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));

        Convert.ToHexStringLower(key.AccountId.PublicKey).ShouldBe("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        Convert.ToHexStringLower(key.Sign([])).ShouldBe(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    }

    [Fact]
    public void Should_verify_its_own_signature_and_no_other()
    {
        using var key = Seeded(1);
        using var other = Seeded(2);
        var signature = key.Sign(Message);

        key.Verify(Message, signature).ShouldBeTrue();
        other.Verify(Message, signature).ShouldBeFalse();
        for (var bit = 0; bit < 512; bit++)
        {
            var changed = (byte[])signature.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            key.Verify(Message, changed).ShouldBeFalse($"bit {bit}");
        }

        key.Verify(Message, signature[..63]).ShouldBeFalse();
        key.Verify(Message, [.. signature, 0]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000080")]
    [InlineData("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")]
    [InlineData("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85")]
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")]
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000080")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void Should_refuse_a_public_key_of_small_order(string publicKey)
    {
        // With such a key R = identity, S = 0 satisfies the lax equation for one message in eight or more: try many.
        var signer = new AccountId(Convert.FromHexString(publicKey));
        byte[] forged = [.. Identity, .. new byte[32]];

        for (var i = 0; i < 64; i++)
        {
            Ed25519Verifier.Verify(signer, SHA256.HashData([(byte)i]), forged).ShouldBeFalse();
        }
    }

    [Fact]
    public void Should_refuse_an_r_of_small_order_although_the_equation_holds()
    {
        byte[] seed = [.. Enumerable.Repeat((byte)7, 32)];
        using var key = KeyPair.FromRawSeed(seed);
        var expanded = SHA512.HashData(seed)[..32];
        expanded[0] &= 248;
        expanded[31] = (byte)((expanded[31] & 127) | 64);
        var k = SHA512.HashData([.. Identity, .. key.AccountId.PublicKey, .. Message]);
        var s = Little(k) * Little(expanded) % Order;

        key.Verify(Message, [.. Identity, .. Bytes(s)]).ShouldBeFalse();
    }

    [Fact]
    public void Should_refuse_a_non_canonical_s()
    {
        using var key = Seeded(3);
        var signature = key.Sign(Message);
        var malleable = Little(signature[32..]) + Order;

        key.Verify(Message, [.. signature[..32], .. Bytes(malleable)]).ShouldBeFalse();
    }

    [Fact]
    public void Should_not_print_its_secret()
    {
        using var key = Seeded(4);

        key.ToString().ShouldBe(key.AccountId.ToString());
        KeyPair.FromSecretSeed(key.ExportSecretSeed()).AccountId.ShouldBe(key.AccountId);
        Should.Throw<InvalidOperationException>(() => KeyPair.FromAccountId(key.AccountId).Sign(Message));
    }

    [Theory]
    [InlineData(0, "GDRXE2BQUC3AZNPVFSCEZ76NJ3WWL25FYFK6RGZGIEKWE4SOOHSUJUJ6", "SBGWSG6BTNCKCOB3DIFBGCVMUPQFYPA2G4O34RMTB343OYPXU5DJDVMN")]
    [InlineData(1, "GBAW5XGWORWVFE2XTJYDTLDHXTY2Q2MO73HYCGB3XMFMQ562Q2W2GJQX", "SCEPFFWGAG5P2VX5DHIYK3XEMZYLTYWIPWYEKXFHSK25RVMIUNJ7CTIS")]
    public void Should_derive_the_keys_of_sep_5(uint index, string account, string secret)
    {
        // SEP-5, test 1: the BIP-39 seed of "illness spike retreat truth genius clock brain pass fit cave bargain toe".
        var seed = Rfc2898DeriveBytes.Pbkdf2(
            "illness spike retreat truth genius clock brain pass fit cave bargain toe"u8, "mnemonic"u8, 2048, HashAlgorithmName.SHA512, 64);

        using var key = KeyDerivation.Derive(seed, index);

        key.AccountId.ToString().ShouldBe(account);
        key.ExportSecretSeed().ShouldBe(secret);
    }

    [Fact]
    public void Should_derive_different_keys_from_one_secret_seed()
    {
        using var root = Seeded(5);
        var keys = Enumerable.Range(0, 20).Select(i => KeyDerivation.Derive(root.ExportSecretSeed(), (uint)i).AccountId).ToList();

        keys.Distinct().Count().ShouldBe(20);
        keys[3].ShouldBe(KeyDerivation.Derive(root.ExportSecretSeed(), 3).AccountId);
    }

    private static KeyPair Seeded(int seed) => KeyPair.Random(new Random(seed).NextBytes);

    private static BigInteger Little(byte[] bytes) => new(bytes, isUnsigned: true);

    private static byte[] Bytes(BigInteger value)
    {
        var bytes = value.ToByteArray(isUnsigned: true);
        return [.. bytes, .. new byte[32 - bytes.Length]];
    }
}
