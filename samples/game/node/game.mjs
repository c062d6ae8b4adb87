// A game backend for the payout suite: node game.mjs ROUND.json plays a round over RabbitMQ and waits until every winner is paid.
// Start it again when it ended in the middle: everything is said once more under the same ids, and only what is new counts.
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import amqp from 'amqplib';
import { endOf, eventsOf, idOf } from './events.mjs';

const exchangeOf = (contract) => `Payouts.Contracts:${contract}`;
const heard = ['RoundResolved', 'RoundSettled', 'GameEventRefused', 'PayoutOnHold'];

const [path] = process.argv.slice(2);
const round = JSON.parse(readFileSync(path ?? stop('usage: node game.mjs ROUND.json'), 'utf8'));
const connection = await amqp.connect(process.env.RABBITMQ_URL || stop('RABBITMQ_URL is missing'));
const ear = await connection.createChannel();
const mouth = await connection.createConfirmChannel();
for (const one of [connection, ear, mouth]) one.on('error', (problem) => stop(`the broker: ${problem.message}`));
connection.on('close', () => stop('the connection to the broker is gone'));
mouth.on('return', (message) => stop(`nobody listens at ${message.fields.exchange}: is the service rounds installed?`));

// Before anything is said: what is heard must not be missed. A queue for one round goes with this program; a backend's own would be durable, and be bound once.
const { queue } = await ear.assertQueue(`game.${randomUUID()}`, { exclusive: true, autoDelete: true });
for (const contract of heard) await ear.bindQueue(queue, exchangeOf(contract), '');
await ear.consume(queue, (message) => message && listen(message), { noAck: false });

for (const event of eventsOf(round)) await say(event);
console.log(`round ${round.roundId}: said, ${round.entries.length} players`);

function say(event) {
  return new Promise((done, failed) => mouth.publish(exchangeOf(event.contract), '', Buffer.from(JSON.stringify(event.body)), {
    contentType: 'application/json',
    messageId: idOf(event),
    persistent: true,
    mandatory: true,
  }, (problem) => (problem ? failed(problem) : done())));
}

function listen(message) {
  const contract = message.fields.exchange.split(':').at(-1);
  const body = JSON.parse(message.content.toString('utf8'));
  ear.ack(message);
  if (body.roundId !== round.roundId) return;
  if (contract === 'RoundResolved') console.log(`round ${round.roundId}: owes ${body.owed} ${body.currency} to ${body.payouts.length}`);
  if (contract === 'PayoutOnHold') console.log(`payout ${body.payoutId} waits for an operator: ${body.code}: ${body.detail}`);
  const end = endOf(contract, body, round.roundId);
  if (end === null) return;
  console.log(`round ${round.roundId}: ${end.text}`);
  connection.removeAllListeners('close');
  connection.close().finally(() => process.exit(end.exitCode));
}

function stop(reason) {
  console.error(`game: ${reason}`);
  process.exit(1);
}
