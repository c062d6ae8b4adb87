import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard, graph, number } from './panels.js';

/** From a resolved round to the last confirmed payout: where is what, and does it move? */
export const rounds = dashboard('payouts-rounds', 'From round to settled', 'Where payouts are on their way, and what waits for a human.')
  .withPanel(number('For a human', 'Payouts on hold. Nobody but a human decides about them.', 'none', 'max(payouts_in_state{state="OnHold"})', { red: 1 }))
  .withPanel(number('Failed', 'Not paid and still owed: their rounds do not settle.', 'none', 'max(payouts_in_state{state="Failed"})', { red: 1 }))
  .withPanel(number('On their way', 'Planned and neither paid nor ended.', 'none', 'sum(max by (state) (payouts_in_state{state=~"Authorizing|Building|AwaitingSignature|Submitting|AwaitingConfirmation"}))'))
  .withPanel(number('Out at the network', 'Envelopes whose outcome nobody knows yet.', 'none', 'max(worker_jobs_pending)'))
  .withPanel(number('Paid in 24 hours', 'Confirmed by the ledger.', 'none', 'sum(increase(txs_confirmed_total[1d]))'))
  .withPanel(number('Since the last confirmation', 'Long is fine while nothing is on its way.', 's', 'time() - max(payout_last_confirmation_timestamp_seconds)'))
  .withRow(new RowBuilder('Funnel'))
  .withPanel(graph('Rounds resolved', 'By what was decided.', 'reqps', { expr: 'sum by (outcome) (rate(round_resolutions_total[$__rate_interval]))', legend: '{{outcome}}' }))
  .withPanel(graph('From draw to resolution', 'Waiting for late entries included. The alert is at 60 s.', 's',
    { expr: 'histogram_quantile(0.5, sum by (le) (rate(round_resolution_duration_seconds_bucket[$__rate_interval])))', legend: 'median' },
    { expr: 'histogram_quantile(0.99, sum by (le) (rate(round_resolution_duration_seconds_bucket[$__rate_interval])))', legend: '99 %' }))
  .withPanel(graph('Payouts by state', 'Open ones. A state that only grows is where it is stuck.', 'none', { expr: 'max by (state) (payouts_in_state)', legend: '{{state}}' }))
  .withPanel(graph('Steps', 'Payouts that reach a state, per second.', 'reqps', { expr: 'sum by (to) (rate(payout_transitions_total[$__rate_interval]))', legend: '{{to}}' }))
  .withPanel(graph('Confirmed', 'Payouts that the ledger shows as paid, per second.', 'reqps', { expr: 'sum(rate(txs_confirmed_total[$__rate_interval]))', legend: 'confirmed' }))
  .withPanel(graph('Answers of the network', 'To sendTransaction. PENDING is good, UNKNOWN is sent again.', 'reqps', { expr: 'sum by (status) (rate(payout_submissions_total[$__rate_interval]))', legend: '{{status}}' }))
  .withRow(new RowBuilder('What the game is told'))
  .withPanel(graph('Webhooks', 'Tries to deliver, by outcome. Without endpoints there are none.', 'reqps', { expr: 'sum by (outcome) (rate(round_webhooks_total[$__rate_interval]))', legend: '{{outcome}}' }))
  .withPanel(graph('Oldest webhook', 'How long the oldest one waits. The alert is at 15 minutes.', 's', { expr: 'max(round_webhook_oldest_seconds)', legend: 'waits' }))
  .withRow(new RowBuilder('What goes wrong'))
  .withPanel(graph('Failures', 'Steps that failed, those that are tried again included.', 'reqps', { expr: 'sum by (stage, code) (rate(payout_failures_total[$__rate_interval])) or vector(0)', legend: '{{stage}} {{code}}' }))
  .withPanel(graph('Events that changed nothing', 'Late, repeated, or of an older build. Some are normal.', 'reqps', { expr: 'sum by (event) (rate(payout_stale_events_total[$__rate_interval])) or vector(0)', legend: '{{event}}' }))
  .withPanel(graph('Decisions of humans', 'By kind and what became of them.', 'none', { expr: 'sum by (kind, status) (increase(payout_decisions_total[1h])) or vector(0)', legend: '{{kind}} {{status}}' }));
