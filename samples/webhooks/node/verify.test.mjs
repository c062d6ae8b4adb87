import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TOLERANCE_SECONDS, verify } from './verify.mjs';

// The known answer that the scheme's own libraries are tested with.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const body = Buffer.from('{"test": 2432232314}');
const now = 1614265330;
const headers = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': `${now}`,
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

test('takes the right one', () => assert.deepEqual(verify([secret], headers, body, now), { id: headers['webhook-id'], event: 'msg', body: { test: 2432232314 } }));

test('takes it while one secret replaces the other, on either side', () => {
  verify([other, secret], headers, body, now);
  verify([secret], { ...headers, 'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')} v1a,x ${headers['webhook-signature']}` }, body, now);
});

test('refuses a changed body', () => assert.throws(() => verify([secret], headers, Buffer.from('{"test": 2432232315}'), now), /not ours/));

test('refuses another id or time than was signed', () => {
  assert.throws(() => verify([secret], { ...headers, 'webhook-id': 'RoundSettled_1' }, body, now), /not ours/);
  assert.throws(() => verify([secret], { ...headers, 'webhook-timestamp': `${now + 1}` }, body, now), /not ours/);
});

test('refuses a wrong secret', () => assert.throws(() => verify([other], headers, body, now), /not ours/));

test('refuses an old one, and one from the future', () => {
  verify([secret], headers, body, now + TOLERANCE_SECONDS);
  assert.throws(() => verify([secret], headers, body, now + TOLERANCE_SECONDS + 1), /too old/);
  assert.throws(() => verify([secret], headers, body, now - TOLERANCE_SECONDS - 1), /too old/);
});

test('refuses one without its headers, or with half a signature', () => {
  for (const name of Object.keys(headers)) assert.throws(() => verify([secret], { ...headers, [name]: undefined }, body, now), /missing/);
  for (const half of ['v1,', 'v1,g0hM9SsE', headers['webhook-signature'].slice(3)])
    assert.throws(() => verify([secret], { ...headers, 'webhook-signature': half }, body, now), /not ours/);
});
