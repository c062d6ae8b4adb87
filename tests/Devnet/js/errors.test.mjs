// Every error of the JSON-RPC itself, by code and words, through the official client where it lets one be made.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keypair, xdr } from '@stellar/stellar-sdk';
import { server, url } from './network.mjs';

const accountKey = () => xdr.LedgerKey.account(new xdr.LedgerKeyAccount({ accountId: Keypair.random().xdrAccountId() }));
const ttlKey = new xdr.LedgerKeyTtl({ keyHash: new Uint8Array(32) });
const envelopeOf = (base64) => ({ toXdr: () => base64 });
const far = 1_000_000_000;
const filter = { type: 'contract', contractIds: [], topics: [] };

const answers = [
  ['getTransaction', 'a short hash', () => server.getTransaction('abc'), -32602, /^unexpected hash length \(3\)$/],
  ['getTransaction', 'a hash that is no hex', () => server.getTransaction('z'.repeat(64)), -32602, /^incorrect hash: /],
  ['getTransactions', 'a ledger to come', () => server.getTransactions({ startLedger: far }), -32600, /must be within the ledger range: \d+ - \d+/],
  ['getTransactions', 'no start', () => server.getTransactions({ startLedger: 0 }), -32600, /ledger range/],
  ['getTransactions', 'too long a page', () => server.getTransactions({ startLedger: 1, pagination: { limit: 201 } }), -32600, /limit must not exceed 200/],
  ['getTransactions', 'a cursor that is none', () => server.getTransactions({ pagination: { cursor: 'x', limit: 1 } }), -32602, /cursor/],
  ['getEvents', 'a ledger to come', () => server.getEvents({ startLedger: far, filters: [] }), -32600, /^startLedger must be within the ledger range: \d+ - \d+$/],
  ['getEvents', 'six filters', () => server.getEvents({ startLedger: 1, filters: Array(6).fill(filter) }), -32602, /^maximum 5 filters per request$/],
  ['getEvents', 'too long a page', () => server.getEvents({ startLedger: 1, filters: [], limit: 10_001 }), -32602, /limit must not exceed 10000/],
  ['getEvents', 'an unknown type', () => server.getEvents({ startLedger: 1, filters: [{ ...filter, type: 'odd' }] }), -32602, /filter type invalid/],
  ['getEvents', 'a cursor that is none', () => server.getEvents({ cursor: 'x', filters: [] }), -32602, /x/],
  ['getLedgers', 'a ledger to come', () => server.getLedgers({ startLedger: far }), -32600, /must be within the ledger range/],
  ['getLedgers', 'too long a page', () => server.getLedgers({ startLedger: 1, pagination: { limit: 201 } }), -32602, /limit must not exceed 200/],
  ['getLedgerEntries', '201 keys', () => server.getLedgerEntries(...Array.from({ length: 201 }, accountKey)), -32602, /^key count \(201\) exceeds maximum supported \(200\)$/],
  ['getLedgerEntries', 'a TTL key', () => server.getLedgerEntries(xdr.LedgerKey.ttl(ttlKey)), -32602, /^ledger ttl entries cannot be queried directly$/],
  ['sendTransaction', 'no XDR', () => server.sendTransaction(envelopeOf('AAAA')), -32602, /^invalid_xdr$/],
];
for (const [method, situation, ask, code, words] of answers) {
  test(`${method}, ${situation}: ${code}`, async () => {
    await assert.rejects(ask, (error) => {
      assert.equal(error.code, code, JSON.stringify(error));
      assert.match(error.message, words);
      return true;
    });
  });
}

test('simulateTransaction, no XDR: a result with an error, from no ledger', async () => {
  const answer = await server._simulateTransaction(envelopeOf('AAAA'));
  assert.deepEqual([answer.error, answer.latestLedger], ['Could not unmarshal transaction', 0]);
});

// What a client that speaks JSON-RPC rightly can never send.
const raw = [
  ['no JSON', 'garbage', -32700, /invalid JSON/],
  ['half a request', '{"jsonrpc":"2.0","id":1,', -32700, /invalid JSON/],
  ['an empty batch', '[]', -32600, /empty request batch/],
  ['no version', '{"id":1,"method":"getHealth"}', -32600, /jsonrpc/],
  ['an unknown method', '{"jsonrpc":"2.0","id":1,"method":"getMoney"}', -32601, /no such method "getMoney"/],
  ['positional parameters', '{"jsonrpc":"2.0","id":1,"method":"getTransaction","params":["x"]}', -32602, /array parameters are not supported/],
];
for (const method of ['getTransaction', 'getTransactions', 'getEvents', 'getLedgers', 'getLedgerEntries', 'sendTransaction', 'simulateTransaction']) {
  raw.push([`${method} in another encoding`, `{"jsonrpc":"2.0","id":1,"method":"${method}","params":{"xdrFormat":"json"}}`, -32602, /xdrFormat/]);
}
for (const [situation, body, code, words] of raw) {
  test(`${situation}: ${code}`, async () => {
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { error } = await answer.json();
    assert.equal(answer.status, 200);
    assert.equal(error.code, code);
    assert.match(error.message, words);
  });
}
