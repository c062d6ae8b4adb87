// Every answer of sendTransaction, in the order in which stellar-core's queue asks, each with what the ledger then does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keypair, Memo, Operation, SorobanDataBuilder, TransactionBuilder } from '@stellar/stellar-sdk';
import { passphrase, admin } from './network.mjs';
import { account, build, bump, close, expectAnswer, expectNoTrace, fault, hash, noOp, payout, sequence, server, signedNoOp, signedPayout, status } from './manual.mjs';

test('1 the other kind is pending: TRY_AGAIN_LATER; the ledger takes the first only', async () => {
  const channel = await account();
  const first = await signedNoOp(channel);
  const second = await signedPayout(channel, await account());
  await expectAnswer(first, 'PENDING');
  await expectAnswer(second, 'TRY_AGAIN_LATER');
  await close();
  assert.deepEqual([await status(first), await status(second)], ['SUCCESS', 'NOT_FOUND']);
});

test('2 an applied hash is banned: TRY_AGAIN_LATER for ten ledgers, then txBAD_SEQ; it is paid once', async () => {
  const winner = await account();
  const paid = await signedPayout(await account(), winner);
  await expectAnswer(paid, 'PENDING');
  await close();
  for (let ledger = 1; ledger < 10; ledger++) {
    await expectAnswer(paid, 'TRY_AGAIN_LATER');
    await close();
  }
  await expectAnswer(paid, 'ERROR', 'tx_bad_seq');
  assert.equal(String((await server.getAccountEntry(winner.publicKey())).balance), '1010000000');
});

test('3 filtered: JSON-RPC -32603; nothing reaches a ledger', async () => {
  const pair = await account();
  const transaction = await signedNoOp(pair);
  await fault({ kind: 'Filtered', count: 1 });
  await assert.rejects(server.sendTransaction(transaction), { code: -32603, message: 'invalid status from stellar-core' });
  await expectNoTrace(transaction, pair);
});

test('4 the same hash, or the inner of a pending fee bump: DUPLICATE; applied once', async () => {
  const [pair, payer] = [await account(), await account()];
  const plain = await signedNoOp(pair);
  await expectAnswer(plain, 'PENDING');
  await expectAnswer(plain, 'DUPLICATE');
  await close();
  assert.equal(await sequence(pair), plain.sequence);

  const inner = await signedNoOp(pair);
  await expectAnswer(bump(payer, inner, 200), 'PENDING');
  await expectAnswer(inner, 'DUPLICATE');
  await close();
  const found = await server.getTransaction(hash(inner));
  assert.deepEqual([found.status, found.feeBump], ['SUCCESS', true]);
});

test('5 a sequence number below the pending one: txBAD_SEQ; the pending one is applied', async () => {
  const pair = await account();
  const pending = await signedNoOp(pair);
  await expectAnswer(pending, 'PENDING');
  const below = await signedNoOp(pair, { ahead: -1n });
  await expectAnswer(below, 'ERROR', 'tx_bad_seq');
  await close();
  assert.deepEqual([await status(pending), await status(below)], ['SUCCESS', 'NOT_FOUND']);
});

test('6 bad declared resources: txSOROBAN_INVALID with the reason, even while another is pending', async () => {
  const channel = await account();
  const good = await signedPayout(channel, await account());
  await expectAnswer(good, 'PENDING');
  const data = new SorobanDataBuilder(good.toEnvelope().v1.tx.ext.sorobanData).setResources(400_000_001, 1_000, 1_000).build();
  const greedy = TransactionBuilder.cloneFrom(good, { networkPassphrase: passphrase, sorobanData: data }).build();
  greedy.sign(channel, admin);
  const sent = await expectAnswer(greedy, 'ERROR', 'tx_soroban_invalid');
  assert.match(JSON.stringify(sent.diagnosticEvents), /instructions resources exceed/);
  await close();
  assert.deepEqual([await status(good), await status(greedy)], ['SUCCESS', 'NOT_FOUND']);
});

test('7 another transaction of the account is pending: TRY_AGAIN_LATER; taken a ledger later', async () => {
  const pair = await account();
  const first = await signedNoOp(pair);
  const second = await signedNoOp(pair, { ahead: 1n });
  await expectAnswer(first, 'PENDING');
  await expectAnswer(second, 'TRY_AGAIN_LATER');
  await close();
  await expectAnswer(second, 'PENDING');
  await close();
  assert.deepEqual([await status(first), await status(second)], ['SUCCESS', 'SUCCESS']);
});

test('8 a replacing fee bump below ten times the rate: txINSUFFICIENT_FEE naming the minimum, 20 f; at it, the bump is applied', async () => {
  const [pair, payer] = [await account(), await account()];
  const inner = await signedNoOp(pair, { fee: '150' });
  await expectAnswer(inner, 'PENDING');
  await expectAnswer(bump(payer, inner, 2_999), 'ERROR', 'tx_insufficient_fee', 3_000);
  const enough = bump(payer, inner, 3_000);
  await expectAnswer(enough, 'PENDING');
  await close();
  assert.deepEqual([await status(enough), (await server.getTransaction(hash(inner))).feeBump], ['SUCCESS', true]);
  assert.equal(String((await server.getAccountEntry(payer.publicKey())).balance), String(1_000_000_000 - 200));
});

test('8 the same for a payout: resource fee + 20 f', async () => {
  const [channel, payer, winner] = [await account(), await account(), await account()];
  const inner = await signedPayout(channel, winner);
  const resource = Number(inner.toEnvelope().v1.tx.ext.sorobanData.resourceFee);
  const inclusion = Number(inner.fee) - resource;
  await expectAnswer(inner, 'PENDING');
  await expectAnswer(bump(payer, inner, resource + 20 * inclusion - 1), 'ERROR', 'tx_insufficient_fee', resource + 20 * inclusion);
  const enough = bump(payer, inner, resource + 20 * inclusion);
  await expectAnswer(enough, 'PENDING');
  await close();
  assert.equal(await status(enough), 'SUCCESS');
  assert.equal(String((await server.getAccountEntry(winner.publicKey())).balance), '1010000000');
});

test('9 a full queue: txINSUFFICIENT_FEE with the fee that would do, or TRY_AGAIN_LATER; both ban the hash', async () => {
  const [first, second] = [await account(), await account()];
  const cheap = await signedNoOp(first);
  await fault({ kind: 'QueueFull', count: 1, feeStroops: 777 });
  await expectAnswer(cheap, 'ERROR', 'tx_insufficient_fee', 777);
  await expectAnswer(cheap, 'TRY_AGAIN_LATER');
  await expectNoTrace(cheap, first);

  const unlucky = await signedNoOp(second);
  await fault({ kind: 'QueueFull', count: 1 });
  await expectAnswer(unlucky, 'TRY_AGAIN_LATER');
  await expectAnswer(unlucky, 'TRY_AGAIN_LATER');
  await expectNoTrace(unlucky, second);
});

const now = () => Math.floor(Date.now() / 1000);
const refused = [
  ['maxTime within ten seconds of the last close', 'tx_too_late', (pair) => signedNoOp(pair, { change: (b) => b.setTimebounds(0, now() + 3) })],
  ['a ledger bound that has come', 'tx_too_late', async (pair) => {
    const next = (await server.getLatestLedger()).sequence + 1;
    return signedNoOp(pair, { change: (b) => b.setTimeout(600).setLedgerbounds(0, next) });
  }],
  ['minTime in the future', 'tx_too_early', (pair) => signedNoOp(pair, { change: (b) => b.setTimebounds(now() + 10_000, now() + 20_000) })],
  ['no operation', 'tx_missing_operation', async (pair) => sign(await build(pair, []), pair)],
  ['a sequence number too high', 'tx_bad_seq', (pair) => signedNoOp(pair, { ahead: 1n })],
  ['no signature', 'tx_bad_auth', (pair) => build(pair, [noOp()])],
  ['a stranger\'s signature', 'tx_bad_auth', async (pair) => sign(await build(pair, [noOp()]), Keypair.random())],
  ['a surplus signature', 'tx_bad_auth_extra', async (pair) => sign(await build(pair, [noOp()]), pair, Keypair.random())],
  ['two operations, one of a contract', 'tx_malformed', async (pair) => sign(await build(pair, [noOp(), payout(pair)]), pair)],
  ['a contract call with a memo', 'tx_soroban_invalid', async (pair) => {
    const prepared = await server.prepareTransaction(await build(pair, [payout(pair)]));
    const envelope = prepared.toEnvelope();
    envelope.v1.tx.memo = Memo.text('x').toXdrObject();
    return sign(TransactionBuilder.fromXdr(envelope.toXdr('base64'), passphrase), pair, admin);
  }],
  ['a payout that the admin did not sign', { tx_failed: ['op_bad_auth'] }, async (pair) => sign(await server.prepareTransaction(await build(pair, [payout(pair)])), pair)],
];
for (const [situation, result, make] of refused) {
  test(`10 ${situation}: ${JSON.stringify(result)}; no trace on the ledger`, async () => {
    const pair = await account();
    const transaction = await make(pair);
    await expectAnswer(transaction, 'ERROR', result);
    await expectNoTrace(transaction, pair);
  });
}

test('10 a fee below the minimum: txINSUFFICIENT_FEE, feeCharged is the minimum', async () => {
  const pair = await account();
  const transaction = await signedNoOp(pair, { fee: '99' });
  await expectAnswer(transaction, 'ERROR', 'tx_insufficient_fee', 100);
  await expectNoTrace(transaction, pair);
});

test('10 an account that does not exist: txNO_ACCOUNT (txNO_SOURCE_ACCOUNT)', async () => {
  const [nobody, pair] = [Keypair.random(), await account()];
  const envelope = (await build(pair, [noOp()])).toEnvelope();
  envelope.v1.tx.sourceAccount = (await build(pair, [Operation.bumpSequence({ bumpTo: '0', source: nobody.publicKey() })])).toEnvelope().v1.tx.operations[0].sourceAccount;
  const transaction = sign(TransactionBuilder.fromXdr(envelope.toXdr('base64'), passphrase), nobody);
  await expectAnswer(transaction, 'ERROR', 'tx_no_account');
});

test('11 a fee source that cannot pay: txINSUFFICIENT_BALANCE, alone or beside what it pays for others', async () => {
  const [poor, one, two] = [await account(10_000_399n), await account(), await account()];
  const greedy = await signedNoOp(poor, { fee: '400' });
  await expectAnswer(greedy, 'ERROR', 'tx_insufficient_balance');
  await expectAnswer(bump(poor, await signedNoOp(one), 200), 'PENDING');
  const second = bump(poor, await signedNoOp(two), 200);
  await expectAnswer(second, 'ERROR', 'tx_insufficient_balance');
  await close();
  assert.equal(await status(second), 'NOT_FOUND');
  assert.equal(String((await server.getAccountEntry(poor.publicKey())).balance), '10000199');
});

function sign(transaction, ...pairs) {
  transaction.sign(...pairs);
  return transaction;
}
