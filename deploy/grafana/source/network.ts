import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard, graph, number } from './panels.js';

/** Does the RPC follow the network, and do the books follow the RPC? */
export const network = dashboard('payouts-network', 'RPC and books', 'The RPC\'s health, and what reconciliation finds.')
  .withPanel(number('Age of the newest ledger', 'By the network\'s clock. The alert is at 60 s.', 's', 'time() - max(soroban_rpc_latest_ledger_close_timestamp_seconds)', { orange: 20, red: 60 }))
  .withPanel(number('Newest ledger', 'That any service has seen.', 'none', 'max(soroban_rpc_latest_ledger)'))
  .withPanel(number('Findings', 'Between the debts and the ledger. Any is one too many.', 'none', 'sum(max by (kind) (payout_reconciliation_findings))', { red: 1 }))
  .withPanel(number('Difference', 'Owed less what became of it, in stroops, all currencies. 0 is right.', 'none', 'sum(abs(max by (currency) (payout_reconciliation_difference_stroops)))', { red: 1 }))
  .withPanel(number('Since the last sweep', 'A sweep over all debts takes minutes.', 's', 'time() - max(payout_reconciliation_swept_timestamp_seconds)', { orange: 7200, red: 86400 }))
  .withRow(new RowBuilder('RPC'))
  .withPanel(graph('Requests', 'By method.', 'reqps', { expr: 'sum by (method) (rate(soroban_rpc_request_duration_seconds_count[$__rate_interval]))', legend: '{{method}}' }))
  .withPanel(graph('Outcomes', 'All but Success and RpcError went unanswered.', 'reqps', { expr: 'sum by (outcome) (rate(soroban_rpc_request_duration_seconds_count[$__rate_interval]))', legend: '{{outcome}}' }))
  .withPanel(graph('Time', '95 % of the requests are faster.', 's', { expr: 'histogram_quantile(0.95, sum by (method, le) (rate(soroban_rpc_request_duration_seconds_bucket[$__rate_interval])))', legend: '{{method}}' }))
  .withPanel(graph('Age of the newest ledger', 'Each service by itself.', 's', { expr: 'time() - max by (job) (soroban_rpc_latest_ledger_close_timestamp_seconds)', legend: '{{job}}' }))
  .withRow(new RowBuilder('Books'))
  .withPanel(graph('Behind', 'Ledgers that the books have not taken in.', 'none', { expr: 'max(payout_reconciliation_lag_ledgers)', legend: 'ledgers' }))
  .withPanel(graph('Since the last reading', 'Of the ledger\'s end.', 's', { expr: 'time() - max(payout_reconciliation_read_timestamp_seconds)', legend: 'seconds' }))
  .withPanel(graph('Findings', 'By kind.', 'none', { expr: 'max by (kind) (payout_reconciliation_findings)', legend: '{{kind}}' }))
  .withPanel(graph('Difference', 'In stroops, by currency.', 'none', { expr: 'abs(max by (currency) (payout_reconciliation_difference_stroops))', legend: '{{currency}}' }));
