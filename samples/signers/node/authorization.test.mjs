import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Address, Keypair, Networks, nativeToScVal, xdr } from '@stellar/stellar-sdk';
import { defaultLayout, nonceOf, whyNot } from './check.mjs';

const key = Keypair.fromRawEd25519Seed(Buffer.alloc(32, 1));
const winner = Keypair.fromRawEd25519Seed(Buffer.alloc(32, 3)).publicKey();
const stranger = Keypair.fromRawEd25519Seed(Buffer.alloc(32, 4)).publicKey();
const contract = 'CBNFUWS2LJNFUWS2LJNFUWS2LJNFUWS2LJNFUWS2LJNFUWS2LJNFU7WI';
const other = 'CC77XSE25LMC5UOM6Z6PMW2RDGXIBBUX2QA32ZC6MV6AD6VFVCB4O6WF';
const payoutId = '4c4a6742-8d0f-5868-8259-7a1fba867a4b';
const policy = { passphrase: Networks.TESTNET, publicKey: key.publicKey(), contract, method: 'distribute_winnings', layout: defaultLayout, feeMax: 2_000_000n, amountMax: 100n * 10_000_000n, tokens: {} };
const order = { context: 'arena', poolId: 3, roundNumber: 7, winner, amount: '12.5', currency: 'XLM' };
const args = (to = winner, amount = 125_000_000n) => [
  xdr.ScVal.scvSymbol('arena'), xdr.ScVal.scvU32(3), xdr.ScVal.scvU32(7), new Address(to).toScVal(), nativeToScVal(amount, { type: 'i128' }), xdr.ScVal.scvSymbol('XLM'),
];
const sha256 = (data) => createHash('sha256').update(data).digest();
const invocation = (address = contract, method = 'distribute_winnings', values = args(), below = []) => new xdr.SorobanAuthorizedInvocation({
  function: xdr.SorobanAuthorizedFunction.sorobanAuthorizedFunctionTypeContractFn(new xdr.InvokeContractArgs({ contractAddress: new Address(address).toScAddress(), functionName: method, args: values })),
  subInvocations: below,
});

function request({ root = invocation(), nonce = nonceOf(payoutId), until = 1_251_847, passphrase = Networks.TESTNET } = {}, changes = {}, intent = {}) {
  const preimage = xdr.HashIdPreimage.envelopeTypeSorobanAuthorization(new xdr.HashIdPreimageSorobanAuthorization({
    networkId: sha256(passphrase), nonce: BigInt(nonce), signatureExpirationLedger: until, invocation: root,
  }));
  return {
    requestId: '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071', payoutId, networkPassphrase: Networks.TESTNET, form: 'Authorization', signers: [key.publicKey()], deadline: '2026-12-02T12:00:00+00:00',
    transactionHash: sha256(preimage.toXDR()).toString('hex'), unsignedXdr: preimage.toXDR('base64'),
    intent: { contract, method: 'distribute_winnings', order, payoutSource: key.publicKey(), validUntil: '2026-12-02T12:00:10+00:00', expirationLedger: 1_251_847, nonce: nonceOf(payoutId), ...intent },
    ...changes,
  };
}

const ask = (asked) => whyNot(asked, policy, Date.parse('2026-12-01T12:00:00Z'));

test('authorizes what the order says', () => assert.equal(ask(request()), null));

test('derives the nonce that the suite derives', () => assert.equal(nonceOf(payoutId), '-4975118607048307758'));

for (const [name, forged, reason] of [
  ['another amount', () => request({ root: invocation(contract, undefined, args(winner, 125_000_001n)) }), /arguments/],
  ['another winner', () => request({ root: invocation(contract, undefined, args(stranger)) }), /arguments/],
  ['another contract', () => request({ root: invocation(other) }), /contract/],
  ['another method', () => request({ root: invocation(contract, 'set_admin') }), /method/],
  ['a call below', () => request({ root: invocation(contract, 'distribute_winnings', args(), [invocation(other, 'transfer')]) }), /below/],
  ['another network', () => request({ passphrase: Networks.PUBLIC }), /network/],
  ['another payout\'s nonce', () => request({ nonce: '7' }, {}, { nonce: '7' }), /nonce/],
  ['a nonce that the intent does not name', () => request({ nonce: '7' }), /nonce/],
  ['a longer validity than the intent says', () => request({ until: 9_999_999 }), /last ledger/],
  ['another hash', () => request({}, { transactionHash: 'a'.repeat(64) }), /transactionHash/],
  ['something else than a preimage', () => request({}, { unsignedXdr: 'AAAA' }), /preimage/],
  ['another account\'s authority', () => request({}, {}, { payoutSource: stranger }), /pays from/],
  ['a form that nobody knows', () => request({}, { form: 'Anything' }), /form/],
]) test(`refuses ${name}`, () => assert.match(ask(forged()), reason));
