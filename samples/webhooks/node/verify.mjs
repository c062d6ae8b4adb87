// Tells whether a webhook is the payout suite's own: Standard Webhooks 1.0.0, symmetric. Pure, and nothing but Node's crypto.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds that the sender's clock and ours may differ. An older webhook is one that somebody kept. */
export const TOLERANCE_SECONDS = 5 * 60;

/**
 * Throws an Error that says why, or returns what the webhook is.
 * @param {string[]} secrets "whsec_..."; two while one replaces the other
 * @param {Record<string, string | undefined>} headers lowercase names, as node:http has them
 * @param {Buffer} body the raw bytes as they came: JSON that was parsed and written again is another text
 * @param {number} nowSeconds since 1970
 */
export function verify(secrets, headers, body, nowSeconds = Date.now() / 1000) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (!id || !timestamp || !signatures) throw new Error('a header is missing');
  if (!/^\d+$/.test(timestamp) || Math.abs(nowSeconds - Number(timestamp)) > TOLERANCE_SECONDS) throw new Error('too old, or from the future');
  const given = signatures.split(' ').filter((one) => one.startsWith('v1,')).map((one) => Buffer.from(one.slice('v1,'.length), 'base64'));
  const right = secrets.some((secret) => {
    const expected = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(`${id}.${timestamp}.`).update(body).digest();
    return given.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
  });
  if (!right) throw new Error('the signature is not ours');
  // The name of the event is in the id, which is signed.
  return { id, event: id.slice(0, id.indexOf('_')), body: JSON.parse(body.toString('utf8')) };
}
