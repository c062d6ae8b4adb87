// A payout contract whose instance is archived: restored on the way, or by a transaction of its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Operation, rpc } from '@stellar/stellar-sdk';
import { admin } from './network.mjs';
import { account, archiveInstance, build, close, contract, expectAnswer, fault, hash, payout, server, signedPayout, status } from './manual.mjs';

const id = contract.contractId();

test('a payout that does not know of it: FAILED, entry archived; the next one restores it as it pays', async () => {
  const [channel, winner] = [await account(), await account()];
  const unaware = await signedPayout(await account(), await account());
  await archiveInstance(id);
  const aware = await signedPayout(channel, winner);
  await expectAnswer(unaware, 'PENDING');
  await close();
  const failed = await server.getTransaction(hash(unaware));
  assert.equal(failed.status, 'FAILED');
  assert.match(JSON.stringify(failed.resultXdr), /entry_archived/);

  await expectAnswer(aware, 'PENDING');
  await close();
  assert.equal(await status(aware), 'SUCCESS');
  assert.match(JSON.stringify((await server.getTransaction(hash(aware))).resultMetaXdr), /"restored"/);
});

test('a restorePreamble: its transaction first, then the payout', async () => {
  const [channel, winner] = [await account(), await account()];
  await archiveInstance(id);
  await fault({ kind: 'RestorePreamble', count: 1 });
  const call = payout(winner);
  const simulation = await server.simulateTransaction(await build(channel, [call]));
  assert.ok(rpc.Api.isSimulationRestore(simulation));

  const { minResourceFee, transactionData } = simulation.restorePreamble;
  const restore = await build(channel, [Operation.restoreFootprint({})], {
    fee: String(Number(minResourceFee) + 100), change: (builder) => builder.setTimeout(600).setSorobanData(transactionData.build()),
  });
  restore.sign(channel);
  await expectAnswer(restore, 'PENDING');
  await close();
  assert.equal(await status(restore), 'SUCCESS');

  const paying = await server.prepareTransaction(await build(channel, [call]));
  assert.equal(paying.toEnvelope().v1.tx.ext.sorobanData.ext.type, 'v0');
  paying.sign(channel, admin);
  await expectAnswer(paying, 'PENDING');
  await close();
  assert.equal(await status(paying), 'SUCCESS');
});
