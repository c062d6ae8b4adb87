// What a round says, event by event, as docs/events.md has it. Pure: no broker, no clock.
import { createHash } from 'node:crypto';

const entriesPerEvent = 500;
const namespace = Buffer.from('7c0d4b8e1f2a4a5d8f6e3b9c2d1e0f5a', 'hex');

/** The events of a round in their order: opened, entered (as many as it takes), closed, drawn. */
export function eventsOf(round) {
  const name = { roundId: round.roundId };
  const entered = [];
  for (let at = 0; at < round.entries.length; at += entriesPerEvent) entered.push({ contract: 'GameRoundEntered', body: { ...name, entries: round.entries.slice(at, at + entriesPerEvent) } });
  return [
    { contract: 'GameRoundOpened', body: { ...name, context: round.context, poolId: round.poolId, roundNumber: round.roundNumber, currency: round.currency } },
    ...entered,
    { contract: 'GameRoundClosed', body: { ...name, entryCount: round.entries.length } },
    { contract: 'GameRoundDrawn', body: { ...name, ...round.draw } },
  ];
}

/** The same event has the same message_id however often it is sent: a repeat is recognised, also after this program was started again. */
export const idOf = (event) => uuid(`${event.contract} ${JSON.stringify(event.body)}`);

/** What an event that is heard means for the round: null while it goes on. */
export function endOf(contract, body, roundId) {
  if (body.roundId !== roundId) return null;
  if (contract === 'RoundSettled') return { exitCode: 0, text: `settled: ${body.paid} of ${body.owed} paid, ${body.payouts} payouts` };
  if (contract === 'GameEventRefused') return { exitCode: 2, text: `${body.event} was refused: ${body.code}: ${(body.problems ?? []).join('; ')}` };
  return null;
}

/** A name-based UUID (RFC 9562, version 5) under a namespace of this game's own. */
function uuid(name) {
  const bytes = createHash('sha1').update(namespace).update(name, 'utf8').digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x50;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
