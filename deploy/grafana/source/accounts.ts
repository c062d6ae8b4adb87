import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard, graph, number } from './panels.js';

/** Channels are the parallelism, balances the fuel. */
export const accounts = dashboard('payouts-accounts', 'Channels and balances', 'Which channels can be leased, who runs dry, and what fees are bid. Balances are in XLM.')
  .withPanel(number('Payout source', 'XLM. The alert is below 10.', 'short', 'min(source_account_balance_stroops) / 1e7', { red: 10, orange: 50, below: true }))
  .withPanel(number('Poorest channel', 'XLM. The alert is below 2.', 'short', 'min(channel_account_balance_min_stroops) / 1e7', { red: 2, orange: 3, below: true }))
  .withPanel(number('Fee account', 'XLM; 0 where there is none. The alert is below 10.', 'short', 'min(fee_account_balance_stroops) / 1e7 or vector(0)', { red: 10, orange: 50, below: true }))
  .withPanel(number('Free channels', 'None free for long: too few channels, or they do not come back.', 'none', 'max(channel_accounts{state="free"})', { red: 1, orange: 2, below: true }))
  .withPanel(number('Missing channels', 'In the settings, and not on the ledger.', 'none', 'max(channel_accounts{state="missing"})', { red: 1 }))
  .withRow(new RowBuilder('Over time'))
  .withPanel(graph('Channels', 'By state.', 'none', { expr: 'max by (state) (channel_accounts)', legend: '{{state}}' }))
  .withPanel(graph('Balances', 'XLM.', 'short',
    { expr: 'min(source_account_balance_stroops) / 1e7', legend: 'payout source' },
    { expr: 'min(channel_account_balance_min_stroops) / 1e7', legend: 'poorest channel' },
    { expr: 'min(fee_account_balance_stroops) / 1e7 or vector(0)', legend: 'fee account' }))
  .withPanel(graph('Fee bumps', 'By how many the envelope has had.', 'reqps', { expr: 'sum by (step) (rate(payout_fee_bumps_total[$__rate_interval]))', legend: '{{step}}' }))
  .withPanel(graph('Refused for the fee', 'Failures with codes of fees.', 'reqps', { expr: 'sum by (code) (rate(payout_failures_total{code=~"FeeAboveCap|FeeAccountUnfunded"}[$__rate_interval])) or vector(0)', legend: '{{code}}' }));
