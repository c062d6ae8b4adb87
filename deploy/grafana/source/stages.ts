import { dashboard, graph } from './panels.js';

const quantiles = (metric: string, by: string) => [
  { expr: `histogram_quantile(0.5, sum by (${by}, le) (rate(${metric}_bucket[$__rate_interval])))`, legend: `{{${by}}} median` },
  { expr: `histogram_quantile(0.95, sum by (${by}, le) (rate(${metric}_bucket[$__rate_interval])))`, legend: `{{${by}}} 95 %` },
];

/** How long each stage takes. */
export const stages = dashboard('payouts-stages', 'Stage latencies', 'How long each stage of a payout takes, and who has been where the longest.')
  .withPanel(graph('Oldest payout in each state', 'The alert is at 10 minutes for the states that last seconds.', 's', { expr: 'max by (state) (payout_oldest_in_state_seconds)', legend: '{{state}}' }))
  .withPanel(graph('Build and confirmation', 'build: simulation included. confirm: from the acceptance by the network to the ledger.', 's', ...quantiles('payout_stage_duration_seconds', 'stage')))
  .withPanel(graph('Handling of messages', 'Waiting for the commit of the group included.', 's', ...quantiles('masstransit_receive_duration_seconds', 'queue')))
  .withPanel(graph('Messages in one transaction', '1 under light load.', 'none', ...quantiles('inbox_group_size', 'consumer')))
  .withPanel(graph('Requests to the RPC', 'Per method.', 's', ...quantiles('soroban_rpc_request_duration_seconds', 'method')))
  .withPanel(graph('Commands of the database', 'Per service.', 's', ...quantiles('npgsql_command_duration_seconds', 'database')));
