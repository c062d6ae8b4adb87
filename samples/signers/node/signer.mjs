// An external signer for the payout suite. It consumes SigningRequested, checks, signs with its own key, and answers. It keeps no state:
// Ed25519 gives the same signature for a repeated request, and payout-signer takes only the first answer.
import { readFileSync } from 'node:fs';
import { v5 } from './uuid.mjs';
import amqp from 'amqplib';
import { Keypair } from '@stellar/stellar-sdk';
import { defaultLayout, stroops, whyNot } from './check.mjs';

const queue = process.env.SIGNER_QUEUE ?? 'kms.signing-requested';
const exchangeOf = (contract) => `Payouts.Contracts:${contract}`;
const unansweredMax = 50;

const key = Keypair.fromSecret(secret('SIGNER_SECRET'));
const policy = {
  passphrase: required('STELLAR_NETWORK_PASSPHRASE'),
  publicKey: key.publicKey(),
  payoutSource: process.env.PAYOUT_SOURCE_ACCOUNT || key.publicKey(),
  contract: required('PAYOUT_CONTRACT_ID'),
  method: process.env.PAYOUT_METHOD_NAME || 'distribute_winnings',
  layout: process.env.PAYOUT_ARGUMENT_LAYOUT || defaultLayout,
  feeMax: BigInt(process.env.PAYOUTS_MAX_GAS_STROOPS || 2_000_000),
  amountMax: stroops(process.env.SIGNER_AMOUNT_MAX || '10000') ?? stop('SIGNER_AMOUNT_MAX is no amount'),
  tokens: Object.fromEntries((process.env.PAYOUT_TOKEN_CONTRACTS ?? '').split(',').filter(Boolean).map((pair) => pair.split('=').map((part) => part.trim()))),
};

const connection = await amqp.connect(required('RABBITMQ_URL'));
const requests = await connection.createChannel();
const answers = await connection.createConfirmChannel();
for (const one of [connection, requests, answers]) one.on('error', (problem) => stop(`the broker: ${problem.message}`));
connection.on('close', () => stop('the connection to the broker is gone')); // Whoever runs this starts it again; unanswered requests come again.

// The exchange is the broker's own: the user kms may bind to it, and declare none.
await requests.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
await requests.bindQueue(queue, exchangeOf('SigningRequested'), '');
await requests.prefetch(unansweredMax);
await requests.consume(queue, (message) => message && answer(message).catch((problem) => stop(problem.message)));
console.log(`signing for ${policy.publicKey} on "${policy.passphrase}"`);

process.once('SIGTERM', async () => {
  connection.removeAllListeners('close');
  await requests.close(); // What is not answered yet goes back to the queue.
  await answers.close();
  await connection.close();
});

async function answer(message) {
  const request = parse(message.content);
  if (request === null) {
    console.log('a message that is no SigningRequested is put aside');
    requests.nack(message, false, false); // The queue's dead letter exchange keeps it, when one is configured.
    return;
  }
  const reason = whyNot(request, policy);
  if (reason === null) {
    const signature = Buffer.from(key.sign(Buffer.from(request.transactionHash, 'hex'))).toString('base64');
    await publish('SigningCompleted', { requestId: request.requestId, transactionHash: request.transactionHash, signatures: [{ publicKey: policy.publicKey, signature }] });
  } else {
    await publish('SigningRejected', { requestId: request.requestId, reason, publicKey: policy.publicKey });
  }
  console.log(`request ${request.requestId}: ${reason === null ? 'signed' : `rejected: ${reason}`}`);
  requests.ack(message); // Only now: the broker has confirmed the answer.
}

function publish(contract, body) {
  return new Promise((done, failed) => answers.publish(exchangeOf(contract), '', Buffer.from(JSON.stringify(body)), {
    contentType: 'application/json',
    messageId: v5(`${contract} ${body.requestId} ${policy.publicKey}`), // The same answer of the same signer has the same id, so that its repeat is recognised.
    persistent: true,
    mandatory: true,
  }, (problem) => (problem ? failed(problem) : done())));
}

/** The request, bare or inside an envelope's "message"; null: neither. */
function parse(content) {
  try {
    const body = JSON.parse(content.toString('utf8'));
    const request = body?.message?.requestId ? body.message : body;
    return typeof request?.requestId === 'string' && request.intent?.order ? request : null;
  } catch {
    return null;
  }
}

function secret(name) {
  const file = process.env[`${name}_FILE`];
  return file ? readFileSync(file, 'utf8').trim() : required(name);
}

function required(name) {
  return process.env[name] || stop(`${name} is missing`);
}

function stop(reason) {
  console.error(`signer: ${reason}`);
  process.exit(1);
}
