import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard, graph, number } from './panels.js';

/** Who signs, how late, and what payout-signer thinks of it. */
export const signer = dashboard('payouts-signer', 'Signer', 'The external signer\'s lag and answers, the policy, and the keys of signers in the box.')
  .withPanel(number('Silent for', 'How long the longest waiting payout is with the signer. The alert is at 2 minutes.', 's', 'max(signer_oldest_waiting_seconds)', { orange: 30, red: 120 }))
  .withPanel(number('Refused in an hour', 'Requests that the signer said no to.', 'none', 'sum(increase(signer_answers_total{outcome="Rejected"}[1h]))', { red: 1 }))
  .withPanel(number('Held by the policy', 'For approvals, limits or business hours.', 'none', 'sum(max by (rule) (signer_held_requests))', { orange: 1 }))
  .withPanel(number('Order conflicts in an hour', 'Debts announced twice with different content.', 'none', 'sum(increase(signer_order_conflicts_total[1h]))', { red: 1 }))
  .withRow(new RowBuilder('Requests and answers'))
  .withPanel(graph('Lag', 'From the first request on, however often the envelope was built anew.', 's', { expr: 'max(signer_oldest_waiting_seconds)', legend: 'oldest' }))
  .withPanel(graph('Awaiting a signature', 'Payouts.', 'none', { expr: 'max by (state) (payouts_in_state{state=~"Authorizing|AwaitingSignature"})', legend: '{{state}}' }))
  .withPanel(graph('Requests', 'What payout-signer decided. All but Asked, SignedBefore, HotKey and Authorized are refusals or waits.', 'reqps', { expr: 'sum by (decision) (rate(signer_requests_total[$__rate_interval])) > 0 or sum(rate(signer_requests_total[$__rate_interval]))', legend: '{{decision}}' }))
  .withPanel(graph('Answers', 'What became of the signer\'s answers.', 'reqps', { expr: 'sum by (outcome) (rate(signer_answers_total[$__rate_interval])) > 0 or sum(rate(signer_answers_total[$__rate_interval]))', legend: '{{outcome}}' }))
  .withPanel(graph('Policy', 'Decisions by verdict and rule.', 'reqps', { expr: 'sum by (verdict, rule) (rate(signer_policy_decisions_total[$__rate_interval])) > 0 or sum(rate(signer_policy_decisions_total[$__rate_interval]))', legend: '{{verdict}} {{rule}}' }))
  .withPanel(graph('Held now', 'By the rule that holds them.', 'none', { expr: 'max by (rule) (signer_held_requests)', legend: '{{rule}}' }))
  .withRow(new RowBuilder('Keys of signers in the box (0 where there are none)'))
  .withPanel(graph('Tries', 'Signatures asked of the provider.', 'reqps', { expr: 'sum by (provider, outcome) (rate(signer_key_tries_total[$__rate_interval])) or vector(0)', legend: '{{provider}} {{outcome}}' }))
  .withPanel(graph('Time for a try', 'Failed ones included.', 's', { expr: 'histogram_quantile(0.95, sum by (provider, le) (rate(signer_key_try_duration_seconds_bucket[$__rate_interval]))) or vector(0)', legend: '{{provider}}' }))
  .withPanel(graph('Proven', '1 once the key is proven to be the account\'s.', 'none', { expr: 'min by (provider) (signer_key_ready) or vector(0)', legend: '{{provider}}' }));
