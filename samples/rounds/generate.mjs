// Writes the sample rounds of this folder: node generate.mjs
// Prints a round of N players who all win, 1 to 10,000: node generate.mjs N
// Player N's account is the Ed25519 key pair whose seed is SHA-256("payouts sample player N"); only the public half is written.
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410, then the 32 bytes of the seed
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ACCOUNT_VERSION = 6 << 3; // SEP-23: begins with G

function account(n) {
  const seed = createHash('sha256').update(`payouts sample player ${n}`).digest();
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const versioned = Buffer.concat([Buffer.from([ACCOUNT_VERSION]), publicKey]);
  const checksum = Buffer.alloc(2);
  checksum.writeUInt16LE(crc16(versioned));
  return base32(Buffer.concat([versioned, checksum]));
}

function crc16(bytes) { // XModem
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}

function base32(bytes) { // 35 bytes are 56 characters: nothing is padded
  const bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('');
  return bits.match(/.{5}/g).map(five => BASE32[parseInt(five, 2)]).join('');
}

const list = items => items.length === 0 ? '[]' : `[\n${items.map(item => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;

function text(name, roundNumber, entries, winners, yields) {
  const head = { roundId: `sample-${name}`, context: 'sample', poolId: 1, roundNumber, currency: 'XLM' };
  const fields = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`).join('');
  const draw = `{ ${yields ? `"yield": ${JSON.stringify(yields)}, ` : ''}"winners": ${list(winners)} }`;
  return `{\n${fields}  "entries": ${list(entries)},\n  "draw": ${draw}\n}\n`;
}

const write = (name, ...round) => writeFileSync(fileURLToPath(new URL(`${name}.json`, import.meta.url)), text(name, ...round));

const stroops = n => `${n / 10_000_000n}.${String(n % 10_000_000n).padStart(7, '0')}`;

const amount = i => stroops(5_000_000n + BigInt(i * 7919 % 10_000) * 1_000n);

function writeAll() {
  const players = Array.from({ length: 5000 }, (_, i) => account(i + 1));

  write('four-players', 1,
    players.slice(0, 4).map(player => ({ player, stake: '25' })),
    [{ player: players[0], amount: '70' }, { player: players[2], amount: '30' }]);

  write('fifty-players', 2,
    players.slice(0, 50).map(player => ({ player, stake: '5' })),
    players.slice(0, 50).map((player, i) => ({ player, weight: i + 1 })), '10');

  write('five-thousand-players', 3,
    players.map(player => ({ player, stake: '1' })),
    players.map((player, i) => ({ player, amount: amount(i) })), '50');

  write('uneven-stakes', 4,
    ['0.0000001', '33.3333333', '1.0000007', '135.1666667', '0.9999999', '12.5', '7.0000003']
      .map((stake, i) => ({ player: players[i], stake })),
    [{ player: players[0], weight: 1 }, { player: players[3], weight: 1 }, { player: players[6], weight: 1 }], '0.0000004');

  write('nobody-wins', 5,
    ['10', '0.0000001', '0', '99.9999999', '3.5', '20'].map((stake, i) => ({ player: players[i], stake })), []);
}

function print(count) {
  const all = Array.from({ length: count }, (_, i) => account(i + 1));
  process.stdout.write(text(`${count}-players`, 1_000_000 + count,
    all.map(player => ({ player, stake: '1' })), all.map((player, i) => ({ player, amount: amount(i) })), '50'));
}

const count = Number(process.argv[2]);
if (process.argv.length === 2) writeAll();
else if (Number.isInteger(count) && count >= 1 && count <= 10_000) print(count);
else {
  console.error('generate.mjs: N is a whole number from 1 to 10000');
  process.exitCode = 2;
}
