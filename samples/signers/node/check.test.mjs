import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Account, Address, Asset, Keypair, Memo, Networks, Operation, TransactionBuilder, nativeToScVal, xdr } from '@stellar/stellar-sdk';
import { defaultLayout, stroops, whyNot } from './check.mjs';

const key = Keypair.fromRawEd25519Seed(Buffer.alloc(32, 1));
const channel = Keypair.fromRawEd25519Seed(Buffer.alloc(32, 2)).publicKey();
const winner = Keypair.fromRawEd25519Seed(Buffer.alloc(32, 3)).publicKey();
const stranger = Keypair.fromRawEd25519Seed(Buffer.alloc(32, 4)).publicKey();
const contract = 'CBNFUWS2LJNFUWS2LJNFUWS2LJNFUWS2LJNFUWS2LJNFUWS2LJNFU7WI';
const other = 'CC77XSE25LMC5UOM6Z6PMW2RDGXIBBUX2QA32ZC6MV6AD6VFVCB4O6WF';
const validUntil = 1_796_126_700;
const policy = {
  passphrase: Networks.TESTNET, publicKey: key.publicKey(), contract, method: 'distribute_winnings', layout: defaultLayout,
  feeMax: 2_000_000n, amountMax: 100n * 10_000_000n, tokens: { XLM: Address.contract(Buffer.alloc(32, 9)).toString() },
};
const order = { context: 'arena', poolId: 3, roundNumber: 7, winner, amount: '12.5', currency: 'XLM' };
const rightArguments = [
  xdr.ScVal.scvSymbol('arena'), xdr.ScVal.scvU32(3), xdr.ScVal.scvU32(7), new Address(winner).toScVal(), nativeToScVal(125_000_000n, { type: 'i128' }), xdr.ScVal.scvSymbol('XLM'),
];

const invocation = (address, method, args, below = []) => new xdr.SorobanAuthorizedInvocation({
  function: xdr.SorobanAuthorizedFunction.sorobanAuthorizedFunctionTypeContractFn(new xdr.InvokeContractArgs({ contractAddress: new Address(address).toScAddress(), functionName: method, args })),
  subInvocations: below,
});
const authorized = (root) => [new xdr.SorobanAuthorizationEntry({ credentials: xdr.SorobanCredentials.sorobanCredentialsSourceAccount(), rootInvocation: root })];
const transferTo = (to, amount = 125_000_000n) => invocation(policy.tokens.XLM, 'transfer', [new Address(key.publicKey()).toScVal(), new Address(to).toScVal(), nativeToScVal(amount, { type: 'i128' })]);

function envelope({ address = contract, method = 'distribute_winnings', args = rightArguments, auth, source = key.publicKey(), from = channel, fee = '90100', memo, passphrase = Networks.TESTNET, operations, maxTime = validUntil, sequence = '41' } = {}) {
  const builder = new TransactionBuilder(new Account(from, sequence), { fee, networkPassphrase: passphrase, timebounds: { minTime: 0, maxTime }, memo });
  const pay = Operation.invokeContractFunction({ contract: address, function: method, args, auth: auth ?? authorized(invocation(address, method, args)), source });
  for (const operation of operations ?? [pay]) builder.addOperation(operation);
  return builder.build();
}

function request(transaction, changes = {}, intent = {}) {
  return {
    requestId: '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071', networkPassphrase: Networks.TESTNET, signers: [key.publicKey()], deadline: '2026-12-01T12:04:50+00:00',
    transactionHash: Buffer.from(transaction.hash()).toString('hex'), unsignedXdr: transaction.toXDR(),
    intent: { contract, method: 'distribute_winnings', order, payoutSource: key.publicKey(), channel, feeStroops: 90_100, validUntil: new Date(validUntil * 1000).toISOString(), ...intent },
    ...changes,
  };
}

const ask = (asked, mine = policy) => whyNot(asked, mine, Date.parse('2026-12-01T12:00:00Z'));

test('signs what the order says', () => {
  assert.equal(ask(request(envelope())), null);
  assert.equal(ask(request(envelope({ auth: [] }))), null);
  assert.equal(ask(request(envelope({ auth: authorized(invocation(contract, 'distribute_winnings', rightArguments, [transferTo(winner)])) }))), null);
});

test('signs lists of winners and prizes where the method takes them', () => {
  const both = { ...order, others: [{ winner: stranger, amount: '1' }] };
  const list = [xdr.ScVal.scvVec([[winner, 125_000_000n], [stranger, 10_000_000n]].map(([to, amount]) => xdr.ScVal.scvVec([new Address(to).toScVal(), nativeToScVal(amount, { type: 'i128' })])))];
  assert.equal(ask(request(envelope({ args: list }), {}, { order: both }), { ...policy, layout: 'payouts:list' }), null);
  const prize = [xdr.ScVal.scvU32(7), nativeToScVal(250_000_000n, { type: 'i128' }), xdr.ScVal.scvVec([winner, stranger].map((to) => new Address(to).toScVal()))];
  const equal = { ...order, others: [{ winner: stranger, amount: '12.5' }] };
  assert.equal(ask(request(envelope({ args: prize }), {}, { order: equal }), { ...policy, layout: 'game_id:u32, total_prize:i128, winners:list' }), null);
});

test('signs as one of several for an account that is not its own', () => {
  const several = { ...policy, payoutSource: stranger };
  const auth = authorized(invocation(contract, 'distribute_winnings', rightArguments, [invocation(policy.tokens.XLM, 'transfer', [new Address(stranger).toScVal(), new Address(winner).toScVal(), nativeToScVal(125_000_000n, { type: 'i128' })])]));
  const asked = (source, from) => request(envelope({ source, auth }), { signers: [winner, key.publicKey()], threshold: 2, weights: [1, 1] }, { payoutSource: from });
  assert.equal(ask(asked(stranger, stranger), several), null);
  assert.match(ask(asked(key.publicKey(), stranger), several), /does not act for/);
  assert.match(ask(asked(stranger, key.publicKey()), several), /intent pays from/);
  assert.match(ask(asked(stranger, stranger)), /intent pays from/);
});

const argumentsWith = (at, value) => rightArguments.map((one, index) => (index === at ? value : one));
const signed = () => { const one = envelope(); one.sign(key); return one; };
const payment = () => Operation.payment({ destination: stranger, asset: Asset.native(), amount: '5', source: key.publicKey() });
const bumped = () => TransactionBuilder.buildFeeBumpTransaction(key, '1000000', signed(), Networks.TESTNET);

const attacks = {
  'another network': [/is for "Public/, () => request(envelope({ passphrase: Networks.PUBLIC }), { networkPassphrase: Networks.PUBLIC })],
  'a hash of another network': [/is not the hash/, () => request(envelope({ passphrase: Networks.PUBLIC }))],
  'a hash of another transaction': [/is not the hash/, () => request(envelope(), { transactionHash: '0'.repeat(64) })],
  'another key': [/holds the key of/, () => request(envelope(), { signers: [stranger] })],
  'several keys without this one': [/holds the key of/, () => request(envelope(), { signers: [stranger, winner] })],
  'signers that are no list': [/holds the key of/, () => request(envelope(), { signers: key.publicKey() })],
  'no key': [/holds the key of/, () => request(envelope(), { signers: [] })],
  'a deadline that has passed': [/deadline/, () => request(envelope(), { deadline: '2026-12-01T11:59:59+00:00' })],
  'no deadline': [/deadline/, () => request(envelope(), { deadline: null })],
  'no envelope': [/no transaction envelope/, () => request(envelope(), { unsignedXdr: 'AAAA' })],
  'bytes behind the envelope': [/no transaction envelope/, () => { const one = envelope(); return request(one, { unsignedXdr: Buffer.concat([Buffer.from(one.toXDR(), 'base64'), Buffer.alloc(4)]).toString('base64') }); }],
  'a fee bump': [/fee bump/, () => { const one = bumped(); return request(envelope(), { unsignedXdr: one.toXDR(), transactionHash: Buffer.from(one.hash()).toString('hex') }); }],
  'a signed envelope': [/signed already/, () => { const one = signed(); return request(one, { unsignedXdr: one.toXDR() }); }],
  'another channel': [/transaction source/, () => request(envelope({ from: stranger }))],
  'a higher fee than the intent says': [/fee is 90101/, () => request(envelope({ fee: '90101' }))],
  'a fee above the limit': [/fee is 2000001/, () => request(envelope({ fee: '2000001' }), {}, { feeStroops: 2_000_001 })],
  'a memo': [/memo/, () => request(envelope({ memo: Memo.text('for you') }))],
  'a later maxTime': [/maxTime/, () => request(envelope({ maxTime: validUntil + 1 }))],
  'no maxTime': [/maxTime/, () => request(envelope({ maxTime: 0 }))],
  'a second operation': [/2 operations/, () => request(envelope({ operations: [payment(), payment()], fee: '45050' }))],
  'a payment instead of the call': [/calls no contract/, () => request(envelope({ operations: [payment()] }))],
  'an operation of the channel': [/does not act for/, () => request(envelope({ source: channel }))],
  'another payout source': [/intent pays from/, () => request(envelope(), {}, { payoutSource: stranger })],
  'another contract': [/another contract/, () => request(envelope({ address: other }), {}, { contract: other })],
  'another contract behind the same intent': [/another contract/, () => request(envelope({ address: other }))],
  'another method': [/another method/, () => request(envelope({ method: 'set_admin' }), {}, { method: 'set_admin' })],
  'another method behind the same intent': [/another method/, () => request(envelope({ method: 'set_admin' }))],
  'another winner': [/arguments/, () => request(envelope({ args: argumentsWith(3, new Address(stranger).toScVal()) }))],
  'another amount': [/arguments/, () => request(envelope({ args: argumentsWith(4, nativeToScVal(125_000_001n, { type: 'i128' })) }))],
  'another round': [/arguments/, () => request(envelope({ args: argumentsWith(2, xdr.ScVal.scvU32(8)) }))],
  'another currency': [/arguments/, () => request(envelope({ args: argumentsWith(5, xdr.ScVal.scvSymbol('USD')) }))],
  'an amount of another type': [/arguments/, () => request(envelope({ args: argumentsWith(4, nativeToScVal(125_000_000n, { type: 'u64' })) }))],
  'an argument more': [/arguments/, () => request(envelope({ args: [...rightArguments, xdr.ScVal.scvU32(1)] }))],
  'an amount above the limit': [/limit is 1000000000/, () => request(envelope({ args: argumentsWith(4, nativeToScVal(1_000_000_001n, { type: 'i128' })) }), {}, { order: { ...order, amount: '100.0000001' } })],
  'a negative amount': [/no positive number/, () => request(envelope({ args: argumentsWith(4, nativeToScVal(-1n, { type: 'i128' })) }), {}, { order: { ...order, amount: '-0.0000001' } })],
  'eight decimals': [/no positive number/, () => request(envelope(), {}, { order: { ...order, amount: '12.50000000' } })],
  'a number as amount': [/no positive number/, () => request(envelope(), {}, { order: { ...order, amount: 12.5 } })],
  'a second winner where one fits': [/one winner fits/, () => request(envelope(), {}, { order: { ...order, others: [{ winner: stranger, amount: '1' }] } })],
  'an authorization of another call': [/not the call itself/, () => request(envelope({ auth: authorized(invocation(contract, 'set_admin', rightArguments)) }))],
  'an authorization twice': [/foreign credentials/, () => { const one = authorized(invocation(contract, 'distribute_winnings', rightArguments)); return request(envelope({ auth: [...one, ...one] })); }],
  'a transfer to somebody else below the call': [/more than the transfers/, () => request(envelope({ auth: authorized(invocation(contract, 'distribute_winnings', rightArguments, [transferTo(stranger)])) }))],
  'a larger transfer below the call': [/more than the transfers/, () => request(envelope({ auth: authorized(invocation(contract, 'distribute_winnings', rightArguments, [transferTo(winner, 125_000_001n)])) }))],
  'a second transfer below the call': [/more than the transfers/, () => request(envelope({ auth: authorized(invocation(contract, 'distribute_winnings', rightArguments, [transferTo(winner), transferTo(winner)])) }))],
  'a transfer of an unknown token': [/no token of USD/, () => request(envelope({ args: argumentsWith(5, xdr.ScVal.scvSymbol('USD')), auth: authorized(invocation(contract, 'distribute_winnings', argumentsWith(5, xdr.ScVal.scvSymbol('USD')), [transferTo(winner)])) }), {}, { order: { ...order, currency: 'USD' } })],
};

for (const [what, [reason, make]] of Object.entries(attacks)) {
  test(`refuses ${what}`, () => assert.match(ask(make()), reason));
}

test('reads amounts as integers', () => {
  assert.equal(stroops('0.0000001'), 1n);
  assert.equal(stroops('12.5'), 125_000_000n);
  assert.equal(stroops('135.1666666'), 1_351_666_666n);
  for (const wrong of ['', '1e7', '01', '1.', '.5', '+1', '-1', ' 1', '0x10', 5, null, '1.00000000']) assert.equal(stroops(wrong), null);
});
