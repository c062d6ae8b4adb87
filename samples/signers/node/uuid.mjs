// A name-based UUID (RFC 9562, version 5) under a namespace of this signer's own.
import { createHash } from 'node:crypto';

const namespace = Buffer.from('5b1c5c2e6a0f4f6f9a53d0d0b7f0a1c4', 'hex');

export function v5(name) {
  const bytes = createHash('sha1').update(namespace).update(name, 'utf8').digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x50;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
