// The other side of the codec benchmark: the same cases over the same inputs by the official JavaScript SDK. Writes one JSON object to stdout:
// the SDK's and Node's version, what each case computed, and its times.
//   node peer.mjs [milliseconds a repeat]
import { readFileSync } from 'node:fs';
import { Keypair, Networks, StrKey, TransactionBuilder, xdr } from '@stellar/stellar-sdk';

const WARM_UP_REPEATS = 3;
const REPEATS = 15;
const repeatMs = Number(process.argv[2] ?? 100);
const read = (file) => JSON.parse(readFileSync(new URL(`vectors/${file}`, import.meta.url)));
const version = JSON.parse(readFileSync(new URL('node_modules/@stellar/stellar-sdk/package.json', import.meta.url))).version;

const vectors = read('tx-hash-vectors.json');
const outcomes = read('payout-outcomes.json');
const accounts = read('strkey-vectors.json').valid.filter((text) => text[0] === 'G');
const passphrase = { PUBLIC: Networks.PUBLIC, TESTNET: Networks.TESTNET };
const texts = { envelope: vectors.map((v) => v.envelope), result: outcomes.map((o) => o.result), meta: outcomes.map((o) => o.meta) };
const types = { envelope: xdr.TransactionEnvelope, result: xdr.TransactionResult, meta: xdr.TransactionMeta };
const decoded = Object.fromEntries(Object.keys(texts).map((name) => [name, texts[name].map((text) => types[name].fromXDR(text, 'base64'))]));
const transactions = vectors.map((v) => TransactionBuilder.fromXDR(v.envelope, passphrase[v.network]));
const key = Keypair.fromRawEd25519Seed(Buffer.from(Array.from({ length: 32 }, (_, i) => i)));
const hashes = vectors.map((v) => Buffer.from(v.hash, 'hex'));
const signatures = hashes.map((hash) => key.sign(hash));
const keys = accounts.map((text) => StrKey.decodeEd25519PublicKey(text));
const hex = (bytes) => Buffer.from(bytes).toString('hex');

// Each case: how many inputs, what is done with input i, and what that is as text (null: decoding's text says it already).
const cases = {};
for (const name of Object.keys(texts)) {
  cases[`decode ${name}`] = [texts[name].length, (i) => types[name].fromXDR(texts[name][i], 'base64'), (value) => value.toXDR('base64')];
  cases[`encode ${name}`] = [texts[name].length, (i) => decoded[name][i].toXDR('base64'), null];
}
cases.hash = [transactions.length, (i) => transactions[i].hash(), hex];
cases.sign = [hashes.length, (i) => key.sign(hashes[i]), hex];
cases.verify = [hashes.length, (i) => key.verify(hashes[i], signatures[i]), String];
cases['strkey decode'] = [accounts.length, (i) => StrKey.decodeEd25519PublicKey(accounts[i]), hex];
cases['strkey encode'] = [keys.length, (i) => StrKey.encodeEd25519PublicKey(keys[i]), String];

let kept; // What an operation gives is kept, so that nothing can be left out as unused.

function repeat(count, operation) {
  let done = 0;
  const started = process.hrtime.bigint();
  const end = started + BigInt(repeatMs) * 1_000_000n;
  while (process.hrtime.bigint() < end) {
    for (let i = 0; i < count; i++) kept = operation(i);
    done += count;
  }
  return Number(process.hrtime.bigint() - started) / done;
}

function measure(count, operation) {
  for (let i = 0; i < WARM_UP_REPEATS; i++) repeat(count, operation);
  const times = Array.from({ length: REPEATS }, () => repeat(count, operation)).sort((a, b) => a - b);
  return { fastest: times[0], median: times[REPEATS >> 1] };
}

const rows = {};
for (const [name, [count, operation, text]] of Object.entries(cases)) {
  const answers = text ? Array.from({ length: count }, (_, i) => text(operation(i))) : null;
  rows[name] = { ...measure(count, operation), answers };
}
if (kept === undefined) throw new Error('nothing was measured');
process.stdout.write(JSON.stringify({ sdk: version, node: process.versions.node, rows }));
