// A second devnet whose ledgers close only when a test says so: what the queue answers, and what the ledger then does.
import assert from 'node:assert/strict';
import { Account, Address, Contract, Keypair, nativeToScVal, Operation, rpc, TransactionBuilder, xdr } from '@stellar/stellar-sdk';
import { admin, passphrase } from './network.mjs';

export const url = process.env.DEVNET_MANUAL_URL ?? (() => { throw new Error('DEVNET_MANUAL_URL must name a devnet whose ledgers close on request'); })();
export const contract = new Contract(process.env.DEVNET_MANUAL_CONTRACT ?? (() => { throw new Error('DEVNET_MANUAL_CONTRACT must name its payout contract'); })());
export const server = new rpc.Server(url, { allowHttp: true });

async function control(path, body) {
  const answer = await fetch(new URL(`admin/${path}`, url), {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer;
}

export const close = (count = 1) => control(`close?count=${count}`);
export const fault = (rule) => control('faults', rule);
export const archiveInstance = (id) => control(`ledger/archive-instance?contract=${id}`);

/** A new account, without a transaction. */
export async function account(stroops = 1_000_000_000n) {
  const pair = Keypair.random();
  await control(`grant?account=${pair.publicKey()}&stroops=${stroops}`);
  return pair;
}

export async function sequence(pair) {
  return (await server.getAccount(pair.publicKey())).sequenceNumber();
}

/** A transaction that is not signed yet; its sequence number is the account's next one, moved by `ahead`. */
export async function build(pair, operations, { fee = '100', ahead = 0n, change = (builder) => builder.setTimeout(600) } = {}) {
  const source = new Account(pair.publicKey(), String(BigInt(await sequence(pair)) + ahead));
  const builder = new TransactionBuilder(source, { fee, networkPassphrase: passphrase });
  operations.forEach((operation) => builder.addOperation(operation));
  return change(builder).build();
}

export const noOp = () => Operation.bumpSequence({ bumpTo: '0' });

export async function signedNoOp(pair, options) {
  const transaction = await build(pair, [noOp()], options);
  transaction.sign(pair);
  return transaction;
}

let round = 0;

/** The call that pays a new winner; the admin authorizes it as the operation's source. */
export function payout(winner) {
  const call = contract.call(
    'distribute_winnings', xdr.ScVal.scvSymbol('JS'), nativeToScVal(2, { type: 'u32' }), nativeToScVal(++round, { type: 'u32' }),
    Address.fromString(winner.publicKey()).toScVal(), nativeToScVal(10_000_000n, { type: 'i128' }), xdr.ScVal.scvSymbol('XLM'));
  return new xdr.Operation({ sourceAccount: xdr.MuxedAccount.keyTypeEd25519(admin.rawPublicKey()), body: call.body });
}

/** Simulated, assembled and signed by the channel and the admin. */
export async function signedPayout(channel, winner) {
  const transaction = await server.prepareTransaction(await build(channel, [payout(winner)]));
  transaction.sign(channel, admin);
  return transaction;
}

export function bump(payer, inner, fee) {
  const transaction = TransactionBuilder.buildFeeBumpTransaction(payer, '1000000000', inner, passphrase);
  // The builder asks for a rate; the wire carries the whole fee, and here it may be too low.
  const envelope = transaction.toEnvelope();
  envelope.feeBump.tx.fee = BigInt(fee);
  const priced = TransactionBuilder.fromXdr(envelope.toXdr('base64'), passphrase);
  priced.sign(payer);
  return priced;
}

export const hash = (transaction) => Buffer.from(transaction.hash()).toString('hex');

export const status = async (transaction) => (await server.getTransaction(hash(transaction))).status;

/** Sends, and checks the status; an ERROR must carry this result. */
export async function expectAnswer(transaction, wanted, result, feeCharged) {
  const sent = await server.sendTransaction(transaction);
  const told = sent.errorResult === undefined ? undefined : JSON.parse(JSON.stringify(sent.errorResult));
  assert.equal(sent.status, wanted, JSON.stringify(told));
  assert.equal(sent.hash, hash(transaction));
  if (result !== undefined) assert.deepEqual(told.result, result);
  if (feeCharged !== undefined) assert.equal(told.fee_charged, String(feeCharged));
  return sent;
}

/** Two ledgers on, nothing of it has happened: no hash, no fee, no sequence number. */
export async function expectNoTrace(transaction, pair) {
  const before = await server.getAccountEntry(pair.publicKey());
  await close(2);
  assert.equal(await status(transaction), 'NOT_FOUND');
  const after = await server.getAccountEntry(pair.publicKey());
  assert.deepEqual([String(after.seqNum), String(after.balance)], [String(before.seqNum), String(before.balance)]);
}
