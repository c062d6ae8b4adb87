import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { endOf, eventsOf, idOf } from './events.mjs';

const round = JSON.parse(readFileSync(new URL('../../rounds/four-players.json', import.meta.url)));

test('says the round in its order', () =>
  assert.deepEqual(eventsOf(round).map((event) => event.contract), ['GameRoundOpened', 'GameRoundEntered', 'GameRoundClosed', 'GameRoundDrawn']));

test('says many players in several events, and counts all of them', () => {
  const entries = Array.from({ length: 1_201 }, (_, at) => ({ player: `player ${at}`, stake: '1' }));
  const events = eventsOf({ ...round, entries });
  assert.deepEqual(events.filter((event) => event.contract === 'GameRoundEntered').map((event) => event.body.entries.length), [500, 500, 201]);
  assert.equal(events.at(-2).body.entryCount, 1_201);
});

test('gives the same event the same id, and another another', () => {
  const ids = eventsOf(round).map(idOf);
  assert.deepEqual(eventsOf(JSON.parse(JSON.stringify(round))).map(idOf), ids);
  assert.equal(new Set(ids).size, ids.length);
  assert.match(ids[0], /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('hears its own end and nobody else\'s', () => {
  assert.equal(endOf('RoundSettled', { roundId: 'another' }, round.roundId), null);
  assert.equal(endOf('RoundResolved', { roundId: round.roundId }, round.roundId), null);
  assert.equal(endOf('RoundSettled', { roundId: round.roundId, owed: '100', paid: '100', payouts: 2 }, round.roundId).exitCode, 0);
  assert.equal(endOf('GameEventRefused', { roundId: round.roundId, event: 'GameRoundDrawn', code: 'OwedAbovePool' }, round.roundId).exitCode, 2);
});
