// Whole transactions by the official SDK, to compare hashes, signatures and bytes with.
import { Account, Address, Asset, Keypair, Operation, TransactionBuilder, authorizeEntry, buildAuthorizationEntryPreimage, buildWithDelegatesEntry, nativeToScVal, xdr } from '@stellar/stellar-sdk';

export function build(request) {
  return builders[request.name](request);
}

const builders = { payout, payment, feeBump, authorization, delegates, preimage, assetContract };

function payout({ passphrase, source, sequence, operationSource, contract, method, args, maxTime, maxLedger, fee, secrets }) {
  const values = args.map(([type, value]) => (type === 'address' ? Address.fromString(value).toScVal() : nativeToScVal(type === 'i128' ? BigInt(value) : value, { type })));
  const operation = Operation.invokeContractFunction({ contract, function: method, args: values, source: operationSource });
  const builder = new TransactionBuilder(new Account(source, String(BigInt(sequence) - 1n)), { fee: String(fee), networkPassphrase: passphrase })
    .addOperation(operation)
    .setTimebounds(0, maxTime)
    .setLedgerbounds(0, maxLedger);
  return signed(builder.build(), secrets);
}

function payment({ passphrase, source, sequence, destination, amount, asset, maxTime, fee, secrets }) {
  const paid = asset === 'native' ? Asset.native() : new Asset(...asset.split(':'));
  const builder = new TransactionBuilder(new Account(source, String(BigInt(sequence) - 1n)), { fee: String(fee), networkPassphrase: passphrase })
    .addOperation(Operation.payment({ destination, asset: paid, amount }))
    .setTimebounds(0, maxTime);
  return signed(builder.build(), secrets);
}

function feeBump({ passphrase, inner, feeSource, baseFee, secrets }) {
  const bump = TransactionBuilder.buildFeeBumpTransaction(Keypair.fromSecret(feeSource), String(baseFee), TransactionBuilder.fromXDR(inner, passphrase), passphrase);
  return signed(bump, secrets);
}

async function authorization({ entry, secret, validUntil, passphrase, forAddress }) {
  const signed = await authorizeEntry(xdr.SorobanAuthorizationEntry.fromXDR(entry, 'base64'), Keypair.fromSecret(secret), validUntil, passphrase, forAddress ?? undefined);
  return { xdr: signed.toXDR('base64') };
}

function delegates({ entry, validUntil, delegates: asked }) {
  const built = buildWithDelegatesEntry({ entry: xdr.SorobanAuthorizationEntry.fromXDR(entry, 'base64'), validUntilLedgerSeq: validUntil, delegates: asked });
  return { xdr: built.toXDR('base64') };
}

function preimage({ entry, validUntil, passphrase }) {
  return { xdr: buildAuthorizationEntryPreimage(xdr.SorobanAuthorizationEntry.fromXDR(entry, 'base64'), validUntil, passphrase).toXDR('base64') };
}

function assetContract({ asset, passphrase }) {
  const of = asset === 'native' ? Asset.native() : new Asset(...asset.split(':'));
  return { contract: of.contractId(passphrase) };
}

function signed(transaction, secrets) {
  for (const secret of secrets) transaction.sign(Keypair.fromSecret(secret));
  return { xdr: transaction.toXDR(), hash: Buffer.from(transaction.hash()).toString('hex'), fee: String(transaction.fee) };
}
