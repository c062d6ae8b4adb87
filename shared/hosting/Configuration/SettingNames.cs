using System.Collections.Frozen;
using System.Reflection;

namespace Payouts.Hosting.Configuration;

/// <summary>
/// Every public setting, by the name of its environment variable. A variable that begins as ours do and is not listed here
/// stops the start: it is a misspelt key that somebody believes in.
/// </summary>
public static class SettingNames
{
    /// <summary>Where the service keeps its state: postgres://user:password@host:5432/database, or sqlite:PATH.</summary>
    public const string DatabaseUrl = "DATABASE_URL";

    /// <summary>The broker: amqp://user:password@host:5672/vhost (amqps for TLS).</summary>
    public const string RabbitMqUrl = "RABBITMQ_URL";

    /// <summary>
    /// Development networks only, refused on the public one: a single key with every role that names nobody. Use HTTP_API_KEYS_FILE or
    /// HTTP_JWT_... instead.
    /// </summary>
    public const string HttpApiKey = "HTTP_API_KEY";

    /// <summary>HTTP_API_KEYS_FILE: named keys with their roles, one a line; "api-key new" makes them. Read again when it changes.</summary>
    public const string HttpApiKeys = "HTTP_API_KEYS";

    /// <summary>The OpenID provider whose tokens are taken, https://...; its keys come from /.well-known/openid-configuration.</summary>
    public const string JwtAuthority = "HTTP_JWT_AUTHORITY";

    /// <summary>Where the keys of the tokens are, https://..., for providers without discovery.</summary>
    public const string JwtJwksUrl = "HTTP_JWT_JWKS_URL";

    /// <summary>HTTP_JWT_JWKS_FILE: the keys of the tokens in a file, for clusters without a way out. Read again when it changes.</summary>
    public const string JwtJwks = "HTTP_JWT_JWKS";

    /// <summary>The issuer that a token must name; with an authority its own unless this is set.</summary>
    public const string JwtIssuer = "HTTP_JWT_ISSUER";

    /// <summary>The audience that a token must name, or several, comma separated.</summary>
    public const string JwtAudience = "HTTP_JWT_AUDIENCE";

    /// <summary>The claim that names the caller (sub); it must be one that the caller cannot change.</summary>
    public const string JwtNameClaim = "HTTP_JWT_NAME_CLAIM";

    /// <summary>The claim that holds the roles (roles); a path such as realm_access.roles when it is within another claim.</summary>
    public const string JwtRoleClaim = "HTTP_JWT_ROLE_CLAIM";

    /// <summary>What the values of the role claim mean here, VALUE=ROLE, comma separated; absent: a value is the role's own name.</summary>
    public const string JwtRoles = "HTTP_JWT_ROLES";

    /// <summary>How far the clocks of provider and service may differ, in seconds; 0 to 300.</summary>
    public const string JwtClockSkewSeconds = "HTTP_JWT_CLOCK_SKEW_SECONDS";

    /// <summary>The signature algorithms that are taken, comma separated; none with a shared secret.</summary>
    public const string JwtAlgorithms = "HTTP_JWT_ALGORITHMS";

    /// <summary>HTTP_TLS_CERT_FILE: the certificate of the HTTP doors in PEM, its chain behind it. Read again when it changes.</summary>
    public const string TlsCertificate = "HTTP_TLS_CERT";

    /// <summary>HTTP_TLS_KEY_FILE: the private key of that certificate in PEM.</summary>
    public const string TlsKey = "HTTP_TLS_KEY";

    /// <summary>RABBITMQ_TLS_CA_FILE: who must have issued the broker's certificate, in PEM; absent: whom the host trusts. Only with amqps.</summary>
    public const string BrokerCa = "RABBITMQ_TLS_CA";

    /// <summary>RABBITMQ_TLS_CERT_FILE: the certificate that the service shows the broker, in PEM. Only with amqps.</summary>
    public const string BrokerCertificate = "RABBITMQ_TLS_CERT";

    /// <summary>RABBITMQ_TLS_KEY_FILE: the private key of that certificate in PEM.</summary>
    public const string BrokerKey = "RABBITMQ_TLS_KEY";

    /// <summary>One or more Soroban RPC endpoints, comma separated.</summary>
    public const string SorobanRpcUrl = "SOROBAN_RPC_URL";

    /// <summary>The network's passphrase; it is part of every hash.</summary>
    public const string NetworkPassphrase = "STELLAR_NETWORK_PASSPHRASE";

    /// <summary>true: payouts are signed and submitted; false: they end as Built.</summary>
    public const string LiveExecution = "PAYOUTS_LIVE_EXECUTION";

    /// <summary>true: payout-signer holds the payout key itself; false: an external signer does.</summary>
    public const string SignWithHotKey = "PAYOUTS_SIGN_WITH_HOT_KEY";

    /// <summary>The hot key's secret seed, S...; only with PAYOUTS_SIGN_WITH_HOT_KEY=true.</summary>
    public const string HotSignerSecret = "PAYOUT_HOT_SIGNER_SECRET";

    /// <summary>Second, explicit switch without which the hot key refuses to start on the public network.</summary>
    public const string HotKeyOnPublicNetwork = "PAYOUTS_HOT_KEY_ON_PUBLIC_NETWORK";

    /// <summary>The most that one payout's transaction may cost, inclusion plus resources, in stroops of the native asset.</summary>
    public const string MaxGasStroops = "PAYOUTS_MAX_GAS_STROOPS";

    /// <summary>
    /// The account that pays for fee bumps, G...: key number 1000 of PAYOUT_CHANNEL_SECRET, which no channel can be. payout-signer and
    /// payout-submitter; without it fees are not bumped.
    /// </summary>
    public const string FeeAccount = "PAYOUT_FEE_ACCOUNT";

    /// <summary>Ledgers that an accepted transaction may be missing before its fee is bumped; 1 to 100.</summary>
    public const string BumpAfterLedgers = "PAYOUTS_BUMP_AFTER_LEDGERS";

    /// <summary>How often a payout is built before a human decides.</summary>
    public const string MaxAttempts = "PAYOUTS_MAX_ATTEMPTS";

    /// <summary>How often the ledger is asked for news, in milliseconds.</summary>
    public const string ConfirmPollMs = "PAYOUTS_CONFIRM_POLL_MS";

    /// <summary>How many polls by hash a submission gets after its validity is over before a human decides.</summary>
    public const string ConfirmMaxPolls = "PAYOUTS_CONFIRM_MAX_POLLS";

    /// <summary>How long a built transaction stays valid, in seconds; it must cover the signer's longest answer.</summary>
    public const string ValiditySeconds = "PAYOUTS_VALIDITY_SECONDS";

    /// <summary>What the external signer signs: envelope (default), the whole transaction; or authorization, the call alone, before a channel is taken for it.</summary>
    public const string SigningForm = "PAYOUTS_SIGNING_FORM";

    /// <summary>How long an authorization counts, in seconds; it must cover the signer's longest answer and the wait for a channel. 600 to 2592000.</summary>
    public const string AuthorizationSeconds = "PAYOUTS_AUTHORIZATION_SECONDS";

    /// <summary>Winners of one round that one transaction pays at most, 1 to 200; above 1 only where the method takes a list.</summary>
    public const string RecipientsMax = "PAYOUTS_RECIPIENTS_MAX";

    /// <summary>Payouts that may wait for their signature in one channel's lane at once, 1 to 100; above 1 only with channel accounts.</summary>
    public const string LaneDepth = "PAYOUTS_LANE_DEPTH";

    /// <summary>How long a signed payout waits behind an unsigned one in its lane before the unsigned one's slot is burned, in seconds.</summary>
    public const string LaneHeadWaitSeconds = "PAYOUTS_LANE_HEAD_WAIT_SECONDS";

    /// <summary>How long a channel rests after an outcome that nobody knows for sure, in seconds.</summary>
    public const string ChannelRestSeconds = "PAYOUTS_CHANNEL_REST_SECONDS";

    /// <summary>The payout contract, C...</summary>
    public const string ContractId = "PAYOUT_CONTRACT_ID";

    /// <summary>The contract's method that pays one winner.</summary>
    public const string MethodName = "PAYOUT_METHOD_NAME";

    /// <summary>The method's arguments in order, each name:type.</summary>
    public const string ArgumentLayout = "PAYOUT_ARGUMENT_LAYOUT";

    /// <summary>The account whose authority pays, G...; the contract's admin.</summary>
    public const string SourceAccount = "PAYOUT_SOURCE_ACCOUNT";

    /// <summary>The keys that sign for the payout source account, G...=WEIGHT, comma separated; absent: its own key alone. payout-signer only.</summary>
    public const string SourceSigners = "PAYOUT_SOURCE_SIGNERS";

    /// <summary>The weight that the payout source account's signatures must reach together; only with PAYOUT_SOURCE_SIGNERS.</summary>
    public const string SourceThreshold = "PAYOUT_SOURCE_THRESHOLD";

    /// <summary>The secret from which the channel accounts' keys are derived, 64 hex digits; payout-signer only.</summary>
    public const string ChannelSecret = "PAYOUT_CHANNEL_SECRET";

    /// <summary>The channel accounts' public keys, G..., comma separated; without any, the payout source account is the one channel.</summary>
    public const string ChannelAccounts = "PAYOUT_CHANNEL_ACCOUNTS";

    /// <summary>The token contract of each currency, CURRENCY=C..., comma separated: the transfer that confirms a payout must come from it.</summary>
    public const string TokenContracts = "PAYOUT_TOKEN_CONTRACTS";

    /// <summary>The address that the contract pays from, G... or C...; absent: the contract itself.</summary>
    public const string Treasury = "PAYOUT_TREASURY";

    /// <summary>For fault tests only, refused on the public network: the folder of the points at which this process kills itself.</summary>
    public const string FaultSteps = "PAYOUTS_FAULT_STEPS";

    /// <summary>How often payout-builder's books take in what the ledger shows, in milliseconds.</summary>
    public const string ReconcilePollMs = "PAYOUTS_RECONCILE_POLL_MS";

    /// <summary>How long a payout that the ledger shows as paid may stay unconfirmed before that is a finding, in seconds.</summary>
    public const string ReconcileUnconfirmedSeconds = "PAYOUTS_RECONCILE_UNCONFIRMED_SECONDS";

    /// <summary>true: a decision that changes what becomes of a payout takes effect only when a second person approves it.</summary>
    public const string FourEyes = "PAYOUTS_FOUR_EYES";

    /// <summary>How long a proposed decision waits for its approval, in seconds.</summary>
    public const string DecisionSeconds = "PAYOUTS_DECISION_SECONDS";

    /// <summary>How many days history is kept: state changes, ended requests and submissions, what the ledger showed, decisions.</summary>
    public const string RetentionDays = "PAYOUTS_RETENTION_DAYS";

    /// <summary>The most that rounds may owe at once, CURRENCY=AMOUNT, comma separated; a draw beyond it is refused. Empty: no limit.</summary>
    public const string RoundsTreasuryLimits = "ROUNDS_TREASURY_LIMITS";

    /// <summary>ROUNDS_WEBHOOKS_FILE: where games are told over HTTP, with their secrets, as JSON (docs/events.md). Read again when it changes.</summary>
    public const string RoundsWebhooks = "ROUNDS_WEBHOOKS";

    /// <summary>Who keeps the payout source account's key: external (default), hot-key, or a provider that payout-signer asks itself.</summary>
    public const string SigningProvider = "PAYOUTS_SIGNING_PROVIDER";

    /// <summary>The provider that keeps the key; signer-worker only.</summary>
    public const string SignerProvider = "SIGNER_PROVIDER";

    /// <summary>The account of the provider's key, G..., where it is one of several that sign for the payout source account; signer-worker only.</summary>
    public const string SignerAccount = "SIGNER_ACCOUNT";

    /// <summary>The queue of signer-worker's instances: workers with different keys need different ones.</summary>
    public const string SignerQueue = "SIGNER_QUEUE";

    /// <summary>How long one try of a signature may take at the provider, in milliseconds.</summary>
    public const string SignerTimeoutMs = "SIGNER_TIMEOUT_MS";

    /// <summary>Signatures asked of the provider at once, 1 to 64.</summary>
    public const string SignerConcurrency = "SIGNER_CONCURRENCY";

    /// <summary>Path of the HSM's PKCS#11 library.</summary>
    public const string SignerPkcs11Module = "SIGNER_PKCS11_MODULE";

    /// <summary>Label of the token that holds the key.</summary>
    public const string SignerPkcs11TokenLabel = "SIGNER_PKCS11_TOKEN_LABEL";

    /// <summary>The user PIN; from a file only, SIGNER_PKCS11_PIN_FILE, which is read again at every login.</summary>
    public const string SignerPkcs11Pin = "SIGNER_PKCS11_PIN";

    /// <summary>CKA_LABEL of the key pair.</summary>
    public const string SignerPkcs11KeyLabel = "SIGNER_PKCS11_KEY_LABEL";

    /// <summary>CKA_ID of the key pair, hex digits.</summary>
    public const string SignerPkcs11KeyId = "SIGNER_PKCS11_KEY_ID";

    /// <summary>ARN, id or alias of the key in AWS KMS.</summary>
    public const string SignerAwsKeyId = "SIGNER_AWS_KEY_ID";

    /// <summary>Region of the key in AWS KMS.</summary>
    public const string SignerAwsRegion = "SIGNER_AWS_REGION";

    /// <summary>Another endpoint of AWS KMS than the region's, such as a VPC's.</summary>
    public const string SignerAwsEndpoint = "SIGNER_AWS_ENDPOINT";

    /// <summary>Full name of the key version in Google Cloud KMS.</summary>
    public const string SignerGcpKeyVersion = "SIGNER_GCP_KEY_VERSION";

    /// <summary>Another endpoint of Google Cloud KMS than the public one.</summary>
    public const string SignerGcpEndpoint = "SIGNER_GCP_ENDPOINT";

    /// <summary>Address of the Vault, or of its agent on this host.</summary>
    public const string SignerVaultAddress = "SIGNER_VAULT_ADDRESS";

    /// <summary>The Vault token; from a file only, SIGNER_VAULT_TOKEN_FILE, which is read again when it changes.</summary>
    public const string SignerVaultToken = "SIGNER_VAULT_TOKEN";

    /// <summary>Where Vault's transit engine is mounted.</summary>
    public const string SignerVaultMount = "SIGNER_VAULT_MOUNT";

    /// <summary>Name of the transit key.</summary>
    public const string SignerVaultKeyName = "SIGNER_VAULT_KEY_NAME";

    /// <summary>The version of the transit key that signs.</summary>
    public const string SignerVaultKeyVersion = "SIGNER_VAULT_KEY_VERSION";

    /// <summary>Namespace of Vault Enterprise.</summary>
    public const string SignerVaultNamespace = "SIGNER_VAULT_NAMESPACE";

    /// <summary>Whether payouts outside rounds are taken (rounds) and signed (payout-signer); both must say so.</summary>
    public const string DirectPayouts = "PAYOUTS_DIRECT_PAYOUTS";

    /// <summary>What may be signed beyond what an order says, as JSON; from the file that PAYOUTS_SIGNING_POLICY_FILE names. Absent: no limits.</summary>
    public const string SigningPolicy = "PAYOUTS_SIGNING_POLICY";

    /// <summary>Where traces go, by OTLP over HTTP: http://collector:4318. Absent: none are made. The name is OpenTelemetry's own.</summary>
    public const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Of how many payouts traces are made, 0 to 1; the same payouts in every service. The name is OpenTelemetry's own.</summary>
    public const string TracesSamplerArg = "OTEL_TRACES_SAMPLER_ARG";

    /// <summary>text, for people, or json, a line each for a collector.</summary>
    public const string LogFormat = "PAYOUTS_LOG_FORMAT";

    /// <summary>What the operators' console reads, tools/console: a shell that has them may start services too.</summary>
    internal static FrozenSet<string> OfConsole { get; } = FrozenSet.ToFrozenSet(
    [
        "PAYOUTS_URL", "PAYOUTS_ROUNDS_URL", "PAYOUTS_BUILDER_URL", "PAYOUTS_SIGNER_URL", "PAYOUTS_SUBMITTER_URL", "PAYOUTS_API_KEY", "PAYOUTS_TLS_CA", "PAYOUTS_TIMEOUT_SECONDS",
        "PAYOUTS_PROFILE", "PAYOUTS_CONSOLE", "PAYOUTS_CONSOLE_NAME",
    ], StringComparer.Ordinal);

    /// <summary>How only our names begin.</summary>
    internal static IReadOnlyList<string> Prefixes { get; } = ["PAYOUT", "SIGNER_", "HTTP_API_", "HTTP_JWT_", "HTTP_TLS_", "RABBITMQ_TLS_", "ROUNDS_WEBHOOK"];

    /// <summary>All names above.</summary>
    public static FrozenSet<string> All { get; } = typeof(SettingNames).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToFrozenSet(StringComparer.Ordinal);
}
