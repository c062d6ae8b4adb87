import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Address, Asset, Contract, Keypair, nativeToScVal, Operation, rpc, scValToNative, TransactionBuilder, xdr, authorizeEntry } from '@stellar/stellar-sdk';
import { admin, build, contractId, funded, passphrase, server, settled } from './network.mjs';

const contract = new Contract(contractId);
let round = Math.floor(Math.random() * 1_000_000);
const payout = (winner, amount, currency = 'XLM') => contract.call(
  'distribute_winnings', xdr.ScVal.scvSymbol('JS'), nativeToScVal(1, { type: 'u32' }), nativeToScVal(++round, { type: 'u32' }),
  Address.fromString(winner).toScVal(), nativeToScVal(amount, { type: 'i128' }), xdr.ScVal.scvSymbol(currency));

test('health, network, version, latest ledger', async () => {
  assert.equal((await server.getHealth()).status, 'healthy');
  const network = await server.getNetwork();
  assert.equal(network.passphrase, passphrase);
  assert.match(network.friendbotUrl, /\/friendbot$/);
  assert.equal((await server.getVersionInfo()).protocolVersion, network.protocolVersion);
  const latest = await server.getLatestLedger();
  assert.equal(latest.id.length, 64);
  assert.ok(latest.sequence > 0);
});

test('friendbot creates an account once, and answers with it a second time', async () => {
  const { pair, account } = await funded();
  const again = await server.requestAirdrop(pair.publicKey());
  assert.equal(again.sequenceNumber(), account.sequenceNumber());
  const read = await server.getAccountEntry(pair.publicKey());
  assert.equal(String(read.balance), '100000000000');
});

test('a payout: simulate, prepare, sign with two keys, send, poll, events', async () => {
  const { pair: channel, account } = await funded();
  const winner = Keypair.random().publicKey();
  const start = (await server.getLatestLedger()).sequence;

  const call = payout(winner, 25_000_000n);
  const operation = new xdr.Operation({ sourceAccount: xdrSource(admin), body: call.body });
  const transaction = await server.prepareTransaction(build(account, operation));
  transaction.sign(channel, admin);
  const sent = await server.sendTransaction(transaction);
  assert.equal(sent.status, 'PENDING', JSON.stringify(sent));
  assert.equal(sent.hash, hashOf(transaction));
  const answer = await settled(sent.hash);
  assert.equal(answer.status, 'SUCCESS');
  assert.equal(answer.txHash, sent.hash);

  // Created by the payment itself: 2.5 lumens are more than two base reserves.
  assert.equal(String((await server.getAccountEntry(winner)).balance), '25000000');

  const page = await server.getEvents({ startLedger: start, filters: [{ type: 'contract', contractIds: [contractId], topics: [[xdr.ScVal.scvSymbol('PAYOUT').toXdr('base64')]] }] });
  const mine = page.events.find((event) => event.txHash === sent.hash);
  assert.ok(mine, 'the PAYOUT event is there');
  const [who, amount, currency] = scValToNative(mine.value);
  assert.deepEqual([who, amount, currency], [winner, 25_000_000n, 'XLM']);

  const native = Asset.native().contractId(passphrase);
  const transfers = await server.getEvents({ startLedger: start, filters: [{ type: 'contract', contractIds: [native] }] });
  assert.ok(transfers.events.some((event) => event.txHash === sent.hash && scValToNative(event.topic[0]) === 'transfer'));
});

test('a refused payout simulates to the contract\'s error', async () => {
  const { account } = await funded();
  const result = await server.simulateTransaction(build(account, payout(admin.publicKey(), -1n)));
  assert.ok(rpc.Api.isSimulationError(result));
  assert.match(result.error, /Error\(Contract, #2\)/);
});

test('the admin authorizes by a signed entry, not as a source account', async () => {
  const { pair: channel, account } = await funded();
  const winner = Keypair.random().publicKey();
  const transaction = build(account, payout(winner, 30_000_000n));
  const simulated = await server.simulateTransaction(transaction);
  assert.ok(rpc.Api.isSimulationSuccess(simulated), simulated.error);
  const [entry] = simulated.result.auth;
  const signed = await authorizeEntry(entry, admin, simulated.latestLedger + 100, passphrase);
  const invoke = transaction.operations[0];
  const withAuth = build(await server.getAccount(channel.publicKey()), Operation.invokeHostFunction({ func: invoke.func, auth: [signed] }));
  const prepared = await server.prepareTransaction(withAuth);
  prepared.sign(channel);
  const sent = await server.sendTransaction(prepared);
  assert.equal(sent.status, 'PENDING', JSON.stringify(sent));
  const answer = await settled(sent.hash);
  assert.equal(answer.status, 'SUCCESS', JSON.stringify(answer.resultXdr));
});

test('classic operations: trust, pay, and what a failed one looks like', async () => {
  const { pair: issuer, account: issuerAccount } = await funded();
  const { pair: holder, account: holderAccount } = await funded();
  const asset = new Asset('GEM', issuer.publicKey());

  const trust = build(holderAccount, Operation.changeTrust({ asset, limit: '1000' }));
  trust.sign(holder);
  assert.equal((await settled((await server.sendTransaction(trust)).hash)).status, 'SUCCESS');

  const pay = build(issuerAccount, Operation.payment({ destination: holder.publicKey(), asset, amount: '12.5' }));
  pay.sign(issuer);
  assert.equal((await settled((await server.sendTransaction(pay)).hash)).status, 'SUCCESS');

  const line = await server.getTrustline(holder.publicKey(), asset);
  assert.equal(String(line.balance), '125000000');

  const much = build(issuerAccount, Operation.payment({ destination: holder.publicKey(), asset, amount: '1000' }));
  much.sign(issuer);
  const failed = await settled((await server.sendTransaction(much)).hash);
  assert.equal(failed.status, 'FAILED');
});

test('a fee bump: both hashes resolve', async () => {
  const { pair, account } = await funded();
  const { pair: payer } = await funded();
  const inner = build(account, Operation.bumpSequence({ bumpTo: '0' }));
  inner.sign(pair);
  const bump = TransactionBuilder.buildFeeBumpTransaction(payer, '1000', inner, passphrase);
  bump.sign(payer);
  const sent = await server.sendTransaction(bump);
  assert.equal(sent.status, 'PENDING', JSON.stringify(sent));
  const byOuter = await settled(sent.hash);
  const byInner = await server.getTransaction(hashOf(inner));
  assert.deepEqual([byOuter.status, byInner.status], ['SUCCESS', 'SUCCESS']);
  assert.equal(byOuter.feeBump, true);
  assert.equal(byInner.ledger, byOuter.ledger);
});

test('ledger entries, transactions, ledgers, fee stats', async () => {
  const { pair } = await funded();
  const key = xdr.LedgerKey.account(new xdr.LedgerKeyAccount({ accountId: pair.xdrAccountId() }));
  const entries = await server.getLedgerEntries(key);
  assert.equal(entries.entries.length, 1);
  assert.ok(entries.latestLedger >= entries.entries[0].lastModifiedLedgerSeq);

  const latest = (await server.getLatestLedger()).sequence;
  const page = await server.getTransactions({ startLedger: 1, pagination: { limit: 10 } });
  assert.ok(page.transactions.length > 0 && page.transactions.every((one) => one.ledger <= latest + 5));
  const ledgers = await server.getLedgers({ startLedger: 1, pagination: { limit: 3 } });
  assert.equal(ledgers.ledgers.length, 3);
  const fees = await server.getFeeStats();
  assert.ok(Number(fees.inclusionFee.min) >= 100);
  assert.equal(fees.sorobanInclusionFee.ledgerCount, 50);
});

test('a wrong signature is refused with txBAD_AUTH', async () => {
  const { account } = await funded();
  const transaction = build(account, Operation.bumpSequence({ bumpTo: '0' }));
  transaction.sign(Keypair.random());
  const sent = await server.sendTransaction(transaction);
  assert.equal(sent.status, 'ERROR');
  assert.match(JSON.stringify(sent.errorResult), /tx_bad_auth/);
});

function hashOf(transaction) {
  return Buffer.from(transaction.hash()).toString('hex');
}

function xdrSource(pair) {
  return xdr.MuxedAccount.keyTypeEd25519(pair.rawPublicKey());
}
