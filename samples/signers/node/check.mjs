// Decides whether a request may be signed. Pure: it reads the envelope itself and believes nothing that stands beside it.
import { createHash } from 'node:crypto';
import { Address, StrKey, Transaction, TransactionBuilder, nativeToScVal, xdr } from '@stellar/stellar-sdk';

export const defaultLayout = 'ctx:symbol, pool_id:u32, round_id:u32, winner:address, amount:i128, currency:symbol';

/**
 * Why not to sign, in words for the payout team; null: sign.
 * @param request the SigningRequested, parsed
 * @param policy what this signer is for: passphrase, publicKey, payoutSource (without: publicKey), contract, method, layout, feeMax (stroops), amountMax (stroops), tokens
 *               ({ XLM: 'C...' }: a transfer of that token to the winner may be authorized below the call)
 * @param now milliseconds since 1970
 */
export function whyNot(request, policy, now = Date.now()) {
  if (request.networkPassphrase !== policy.passphrase) return `the request is for "${request.networkPassphrase}", this signer signs for "${policy.passphrase}"`;
  // Several keys may sign for one account; whether enough of them did is the ledger's affair. This one signs for one account only.
  if (!Array.isArray(request.signers) || !request.signers.includes(policy.publicKey)) return `this signer holds the key of ${policy.publicKey} alone`;
  if (!(Date.parse(request.deadline) > now)) return 'the deadline has passed';
  if (request.form === 'Authorization') return whyNotAuthorize(request, policy);
  if (request.form !== undefined && request.form !== 'Envelope') return `this signer knows no form ${request.form}`;
  let transaction;
  try {
    transaction = TransactionBuilder.fromXDR(request.unsignedXdr, policy.passphrase);
  } catch {
    return 'unsignedXdr is no transaction envelope';
  }
  if (!(transaction instanceof Transaction)) return 'unsignedXdr is a fee bump';
  // Canonical to the byte: what is signed must be what was read.
  if (transaction.toXDR() !== request.unsignedXdr) return 'unsignedXdr is not the canonical form of its envelope';
  if (Buffer.from(transaction.hash()).toString('hex') !== request.transactionHash) return 'transactionHash is not the hash of unsignedXdr on this network';
  if (transaction.signatures.length > 0) return 'unsignedXdr is signed already';
  return whyNotTransaction(transaction, request.intent, policy) ?? whyNotCall(transaction.operations[0], request.intent, policy);
}

const sourceOf = (policy) => policy.payoutSource ?? policy.publicKey;

function whyNotTransaction(transaction, intent, policy) {
  if (intent.payoutSource !== sourceOf(policy)) return `the intent pays from ${intent.payoutSource}`;
  if (!StrKey.isValidEd25519PublicKey(transaction.source) || transaction.source !== intent.channel) return 'the transaction source is not the intent\'s channel';
  const fee = BigInt(transaction.fee);
  if (fee !== BigInt(intent.feeStroops) || fee > policy.feeMax) return `the fee is ${fee} stroops; the intent's, and at most ${policy.feeMax}, is right`;
  if (transaction.memo.type !== 'none') return 'a memo is attached';
  const bounds = transaction.timeBounds;
  if (!bounds || bounds.maxTime === '0' || Number(bounds.maxTime) * 1000 !== Date.parse(intent.validUntil)) return 'maxTime is not the intent\'s validUntil';
  if (transaction.minAccountSequence || transaction.extraSigners?.length) return 'it carries preconditions besides time and ledger bounds';
  if (transaction.operations.length !== 1) return `it has ${transaction.operations.length} operations; one is right`;
  return null;
}

function whyNotCall(operation, intent, policy) {
  if (operation.type !== 'invokeHostFunction' || operation.func.type !== 'hostFunctionTypeInvokeContract') return 'the operation calls no contract';
  if (operation.source !== sourceOf(policy)) return 'the operation does not act for this signer\'s account';
  const call = operation.func.invokeContract;
  const { problem, shares } = readCall(call, intent, policy);
  return problem ?? whyNotAuthorization(operation.auth ?? [], call, intent, shares, policy);
}

/** The contract, the method and every argument, against the intent's order and this signer's limits: what is wrong, or whom it pays. */
function readCall(call, intent, policy) {
  const wrong = (problem) => ({ problem });
  if (intent.contract !== policy.contract || Address.fromScAddress(call.contractAddress).toString() !== policy.contract) return wrong(`another contract than ${policy.contract} is called`);
  if (intent.method !== policy.method || call.functionName.toString() !== policy.method) return wrong(`another method than ${policy.method} is called`);
  const shares = [intent.order, ...(intent.order.others ?? [])].map((share) => ({ winner: share.winner, stroops: stroops(share.amount) }));
  if (shares.some((share) => share.stroops === null || share.stroops <= 0n)) return wrong('an amount is no positive number with at most 7 decimals');
  const largest = shares.reduce((most, share) => (share.stroops > most ? share.stroops : most), 0n);
  if (largest > policy.amountMax) return wrong(`a winner gets ${largest} stroops; this signer's limit is ${policy.amountMax}`);
  let right;
  try {
    right = argumentsOf(intent.order, shares, policy.layout);
  } catch (unwritable) {
    return wrong(`the intent's order cannot be written as arguments: ${unwritable.message}`);
  }
  return same(call.args, right) ? { problem: null, shares } : wrong('the arguments are not what the intent\'s order says');
}

/** The call alone is to be signed for: who brings it to the ledger, and at what fee, is not covered. Its nonce is the payout's own, so it is taken once. */
function whyNotAuthorize(request, policy) {
  const intent = request.intent;
  if (intent.payoutSource !== sourceOf(policy)) return `the intent pays from ${intent.payoutSource}`;
  let preimage;
  try {
    preimage = xdr.HashIdPreimage.fromXDR(request.unsignedXdr, 'base64');
  } catch {
    return 'unsignedXdr is no preimage';
  }
  if (preimage.toXDR('base64') !== request.unsignedXdr) return 'unsignedXdr is not the canonical form of its preimage';
  if (sha256(preimage.toXDR()).toString('hex') !== request.transactionHash) return 'transactionHash is not the SHA-256 of unsignedXdr';
  if (preimage.type !== 'envelopeTypeSorobanAuthorization') return `unsignedXdr is ${preimage.type}; an authorization's preimage is right`;
  const asked = preimage.sorobanAuthorization;
  if (!Buffer.from(asked.networkId.toXDR()).equals(sha256(policy.passphrase))) return 'the authorization is for another network';
  if (String(asked.nonce) !== intent.nonce || intent.nonce !== nonceOf(request.payoutId)) return 'the nonce is not the payout\'s';
  if (asked.signatureExpirationLedger !== intent.expirationLedger) return 'the last ledger is not the intent\'s';
  const root = asked.invocation;
  if (root.function.type !== 'sorobanAuthorizedFunctionTypeContractFn') return 'no contract call is to be authorized';
  if (root.subInvocations.length > 0) return 'calls below the payout are to be authorized';
  return readCall(root.function.contractFn, intent, policy).problem;
}

const sha256 = (data) => createHash('sha256').update(data).digest();

/** The one nonce of a payout's authorizations: the ledger takes it once, so two of them cannot both pay. */
export const nonceOf = (payoutId) => sha256(Buffer.concat([Buffer.from('payout authorization nonce\n'), Buffer.from(payoutId.replaceAll('-', ''), 'hex')])).readBigInt64BE(0).toString();


/** Source account credentials lend this account's whole authority to what stands here, so it must be this very call and what pays these winners. */
function whyNotAuthorization(entries, call, intent, shares, policy) {
  if (entries.length === 0) return null;
  if (entries.length > 1 || entries[0].credentials.type !== 'sorobanCredentialsSourceAccount') return 'an authorization has foreign credentials';
  const root = entries[0].rootInvocation;
  if (root.function.type !== 'sorobanAuthorizedFunctionTypeContractFn' || root.function.contractFn.toXDR('base64') !== call.toXDR('base64')) return 'what is authorized is not the call itself';
  const below = root.subInvocations;
  if (below.length === 0) return null;
  const token = policy.tokens[intent.order.currency];
  if (!token) return `calls below the payout are authorized, and no token of ${intent.order.currency} is known here`;
  const transfers = shares.map((share) => new xdr.InvokeContractArgs({
    contractAddress: new Address(token).toScAddress(),
    functionName: 'transfer',
    args: [new Address(sourceOf(policy)).toScVal(), new Address(share.winner).toScVal(), nativeToScVal(share.stroops, { type: 'i128' })],
  }).toXDR('base64'));
  const found = below.map((one) => (one.subInvocations.length === 0 && one.function.type === 'sorobanAuthorizedFunctionTypeContractFn' ? one.function.contractFn.toXDR('base64') : null));
  return found.length === transfers.length && found.every((one, at) => one === transfers[at]) ? null : 'more than the transfers to these winners is authorized';
}

/** The argument list that the order stands for, in the order of the layout (PAYOUT_ARGUMENT_LAYOUT of the suite). */
function argumentsOf(order, shares, layout) {
  const amount = (value) => nativeToScVal(value, { type: 'i128' });
  const winner = (share) => new Address(share.winner).toScVal();
  const total = shares.reduce((sum, share) => sum + share.stroops, 0n);
  const known = {
    'ctx:symbol': () => xdr.ScVal.scvSymbol(order.context),
    'pool_id:u32': () => xdr.ScVal.scvU32(order.poolId),
    'round_id:u32': () => xdr.ScVal.scvU32(order.roundNumber),
    'game_id:u32': () => xdr.ScVal.scvU32(order.roundNumber),
    'winner:address': () => winner(only(shares)),
    'amount:i128': () => amount(only(shares).stroops),
    'currency:symbol': () => xdr.ScVal.scvSymbol(order.currency),
    'currency:address': () => new Address(order.currency).toScVal(),
    'payouts:list': () => xdr.ScVal.scvVec(shares.map((share) => xdr.ScVal.scvVec([winner(share), amount(share.stroops)]))),
    'winners:list': () => xdr.ScVal.scvVec(equal(shares).map(winner)),
    'total_prize:i128': () => amount(total),
  };
  return layout.split(',').map((part) => {
    const make = known[part.replace(/\s/g, '')];
    if (!make) throw new Error(`"${part.trim()}" is no argument of the payout method`);
    return make();
  });
}

function only(shares) {
  if (shares.length !== 1) throw new Error(`one winner fits the method, there are ${shares.length}`);
  return shares[0];
}

function equal(shares) {
  if (shares.some((share) => share.stroops !== shares[0].stroops)) throw new Error('a prize has equal parts');
  return shares;
}

const same = (found, right) => found.length === right.length && found.every((value, at) => value.toXDR('base64') === right[at].toXDR('base64'));

/** Decimal text with at most 7 decimals as stroops; never through a floating point number. Null: not that. */
export function stroops(text) {
  const parts = typeof text === 'string' && /^(0|[1-9]\d{0,31})(?:\.(\d{1,7}))?$/.exec(text);
  return parts ? BigInt(parts[1]) * 10_000_000n + BigInt((parts[2] ?? '').padEnd(7, '0')) : null;
}
