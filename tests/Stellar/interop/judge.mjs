// The judge: reads one JSON request a line from stdin, answers one JSON line on stdout.
//   {"op":"schema"}                        the shape and bounds of every type, for random values made elsewhere
//   {"op":"check","type":T,"xdr":B}        decodes B with the official SDK and, where it knows the type, with the official Rust XDR
//   {"op":"random","type":T,"seed":N}      a random value of T, encoded by the official SDK
//   {"op":"build","name":N,...}            a whole transaction built, hashed and signed by the official SDK (see build.mjs)
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as sdk from '@stellar/stellar-sdk';
import * as rust from '@stellar/stellar-xdr-json';
import { build } from './build.mjs';
import { dump, minimalArms, randomValue, schemaTable, unlazy, usesNewer } from './schema.mjs';

rust.initSync(readFileSync(fileURLToPath(import.meta.resolve('@stellar/stellar-xdr-json/stellar_xdr_json_bg.wasm'))));
const rustTypes = new Map(rust.types().map((name) => [name.toLowerCase(), name]));
// Classes of union arms share their union's schema, and one (LedgerKeyTrustline) differs from a struct (LedgerKeyTrustLine) by case only:
// of two such names the one whose schema is called so is meant.
const schemas = new Map();
for (const [name, type] of Object.entries(sdk.xdr).filter(([, v]) => v?.schema)) {
  const schema = unlazy(type.schema);
  if (!schemas.has(name.toLowerCase()) || schema.name === name) schemas.set(name.toLowerCase(), schema);
}
// XDR's uint256, a key or a hash; the SDK's class of that name is a helper for 256-bit numbers.
schemas.set('uint256', unlazy(sdk.xdr.Uint256Bytes.schema));
const minimal = minimalArms([...schemas.values()]);

function schemaOf(type) {
  const schema = schemas.get(type.toLowerCase());
  if (!schema) throw new Error(`the SDK has no type ${type}`);
  return schema;
}

function check({ type, xdr }) {
  const schema = schemaOf(type);
  const value = schema.decode(Buffer.from(xdr, 'base64'));
  return { xdr: Buffer.from(schema.encode(value)).toString('base64'), dump: dump(schema, value), ...checkRust(type, xdr, schema, value) };
}

// rust is what the Rust XDR wrote again; without it rustSkipped says why it could not judge:
//   newer      it knows protocol 27 only, and the type or a part of the value came with 28
//   json       it read the value, but its own JSON form cannot hold it (an asset code of zeros, an empty signed payload)
function checkRust(type, xdr, schema, value) {
  const name = rustTypes.get(type.toLowerCase());
  if (!name) return { rustSkipped: 'newer' };
  let json;
  try {
    json = rust.decode(name, xdr);
  } catch (error) {
    return usesNewer(schema, value) ? { rustSkipped: 'newer' } : { error: `Rust XDR: ${error}` };
  }
  try {
    return { rust: rust.encode(name, json) };
  } catch {
    return { rustSkipped: 'json' };
  }
}

function random({ type, seed }) {
  const schema = schemaOf(type);
  const value = randomValue(schema, seed, minimal);
  return { xdr: Buffer.from(schema.encode(value)).toString('base64'), dump: dump(schema, value) };
}

const operations = {
  check, random, build,
  schema: ({ types }) => ({ types: schemaTable(types.filter((t) => schemas.has(t.toLowerCase())).map((t) => [t, schemaOf(t)]), minimal) }),
};

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let answer;
  try {
    const request = JSON.parse(line);
    answer = await operations[request.op](request);
  } catch (error) {
    answer = { error: String(error?.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
