// A game's server: takes webhooks of the payout suite. Settings: WEBHOOK_SECRETS (whsec_..., comma separated), PORT (0: any).
import { createServer } from 'node:http';
import { verify } from './verify.mjs';

const BODY_BYTES_MAX = 4 * 1024 * 1024;
const secrets = (process.env.WEBHOOK_SECRETS ?? '').split(',').filter((secret) => secret.startsWith('whsec_'));
if (secrets.length === 0) {
  console.error('WEBHOOK_SECRETS is missing; it holds whsec_..., as ROUNDS_WEBHOOKS_FILE of the payout suite has it');
  process.exit(1);
}

// A game keeps these in its database, in the transaction that does what the event asks for: the same webhook may come twice.
const taken = new Set();

const server = createServer(async (request, response) => {
  try {
    const body = await read(request);
    const webhook = verify(secrets, request.headers, body);
    if (taken.has(webhook.id)) {
      console.log(`repeat ${webhook.id}`);
    } else {
      taken.add(webhook.id);
      console.log(`${webhook.event} ${webhook.body.roundId ?? webhook.body.reference} ${webhook.id}`);
    }
    // At once: work that takes long is done behind the answer. The suite waits for 15 seconds and comes again.
    response.writeHead(204).end();
  } catch (refused) {
    console.log(`refused: ${refused.message}`);
    response.writeHead(401).end();
  }
});

async function read(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}/`));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
