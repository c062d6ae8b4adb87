// What was applied, read back by every method that shows it, page by page, to the end.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, test } from 'node:test';
import { scValToNative, xdr } from '@stellar/stellar-sdk';
import { account, close, contract, expectAnswer, hash, server, signedNoOp, signedPayout } from './manual.mjs';

const sent = [];
let first;

before(async () => {
  first = (await server.getLatestLedger()).sequence + 1;
  for (let ledger = 0; ledger < 3; ledger++) {
    for (const transaction of [await signedPayout(await account(), await account()), await signedPayout(await account(), await account()), await signedNoOp(await account())]) {
      await expectAnswer(transaction, 'PENDING');
      sent.push(transaction);
    }
    await close();
  }
});

test('getTransactions: every transaction once, in the order of the ledgers, and then nothing', async () => {
  const seen = [];
  let page = await server.getTransactions({ startLedger: first, pagination: { limit: 2 } });
  for (let pages = 0; page.transactions.length > 0; pages++) {
    assert.ok(pages < 20, 'paging ends');
    seen.push(...page.transactions);
    page = await server.getTransactions({ pagination: { cursor: page.cursor, limit: 2 } });
  }
  assert.deepEqual(seen.map((one) => one.txHash).sort(), sent.map(hash).sort());
  assert.ok(seen.every((one) => one.status === 'SUCCESS' && Number.isInteger(one.createdAt)));
  const places = seen.map((one) => one.ledger * 1_000 + one.applicationOrder);
  assert.deepEqual(places, [...places].sort((a, b) => a - b));
});

test('getEvents: every PAYOUT once, by cursor, and a cursor that waits for the next one', async () => {
  const filters = [{ type: 'contract', contractIds: [contract.contractId()], topics: [[xdr.ScVal.scvSymbol('PAYOUT').toXdr('base64')]] }];
  const seen = [];
  let page = await server.getEvents({ startLedger: first, filters, limit: 1 });
  for (let pages = 0; page.events.length > 0; pages++) {
    assert.ok(pages < 20, 'paging ends');
    seen.push(...page.events);
    page = await server.getEvents({ cursor: page.cursor, filters, limit: 1 });
  }
  assert.equal(new Set(seen.map((one) => one.id)).size, 6);
  assert.deepEqual(seen.map((one) => one.id), seen.map((one) => one.id).sort());
  assert.ok(seen.every((one) => scValToNative(one.value)[1] === 10_000_000n && one.inSuccessfulContractCall));

  const late = await signedPayout(await account(), await account());
  await expectAnswer(late, 'PENDING');
  await close();
  sent.push(late);
  const next = await server.getEvents({ cursor: page.cursor, filters, limit: 1 });
  assert.deepEqual(next.events.map((one) => one.txHash), [hash(late)]);
});

test('getLedgers: the set, the results and the meta of the real transactions, bound by the header', async () => {
  const [ledger] = (await server.getLedgers({ startLedger: first, pagination: { limit: 1 } })).ledgers;
  const meta = ledger.metadataXdr.v2;
  const header = meta.ledgerHeader.header;
  assert.equal(hex(header.scpValue.txSetHash.value), sha256(meta.txSet.toXdr()));
  assert.equal(hex(meta.ledgerHeader.hash.value), ledger.hash);
  assert.equal(sha256(header.toXdr()), ledger.hash);
  assert.deepEqual(ledger.headerXdr.toXdr('base64'), meta.ledgerHeader.toXdr('base64'));

  const set = JSON.parse(JSON.stringify(meta.txSet)).v1.phases;
  assert.equal(set[0].v0[0].txset_comp_txs_maybe_discounted_fee.txs.length, 1);
  assert.equal(set[1].v1.execution_stages[0][0].length, 2);
  const results = new Map(meta.txProcessing.map((one) => [hex(one.result.transactionHash.value), one]));
  assert.deepEqual([...results.keys()].sort(), sent.slice(0, 3).map(hash).sort());
  for (const transaction of sent.slice(0, 3)) {
    const found = await server.getTransaction(hash(transaction));
    const processed = results.get(hash(transaction));
    assert.equal(processed.result.result.toXdr('base64'), found.resultXdr.toXdr('base64'));
    assert.equal(processed.txApplyProcessing.toXdr('base64'), found.resultMetaXdr.toXdr('base64'));
  }
});

test('getTransaction: the calls of a payout in its diagnostic events', async () => {
  const found = await server.getTransaction(hash(sent[0]));
  const events = found.diagnosticEventsXdr.map((one) => JSON.parse(JSON.stringify(one)));
  assert.deepEqual(events.map((one) => one.event.body.v0.topics[0].symbol), ['fn_call', 'fn_call', 'transfer', 'fn_return', 'PAYOUT', 'fn_return']);
  assert.ok(events.every((one) => one.in_successful_contract_call === true));
});

test('getFeeStats: what inclusion cost, as decimal text', async () => {
  const stats = await server.getFeeStats();
  assert.deepEqual([stats.sorobanInclusionFee.min, stats.sorobanInclusionFee.max, stats.sorobanInclusionFee.ledgerCount], ['100', '100', 50]);
  assert.deepEqual([stats.inclusionFee.p50, stats.inclusionFee.ledgerCount], ['100', 10]);
  assert.equal(stats.latestLedger, (await server.getLatestLedger()).sequence);
});

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
