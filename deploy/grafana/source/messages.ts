import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard, graph, number } from './panels.js';

/** What waits to be sent, what waits to be handled, and what nobody could handle. */
export const messages = dashboard('payouts-messages', 'Outbox and queues', 'Messages on their way between the services.')
  .withPanel(number('Oldest unsent', 'In any outbox. The alert is at 60 s.', 's', 'max(outbox_oldest_message_seconds)', { orange: 10, red: 60 }))
  .withPanel(number('Waiting in queues', 'Of all services and the external signer.', 'none', 'sum(rabbitmq_detailed_queue_messages_ready)', { orange: 1000, red: 10000 }))
  .withPanel(number('Dead letters in 24 hours', 'Each waits for a human to replay it.', 'none', 'sum(increase(dead_letters_total[1d]))', { red: 1 }))
  .withRow(new RowBuilder('Outboxes'))
  .withPanel(graph('Unsent', 'Messages in the outbox.', 'none', { expr: 'max by (job) (outbox_pending_messages)', legend: '{{job}}' }))
  .withPanel(graph('Age of the oldest', 'It grows while the broker does not take it.', 's', { expr: 'max by (job) (outbox_oldest_message_seconds)', legend: '{{job}}' }))
  .withPanel(graph('Sent', 'By exchange.', 'reqps', { expr: 'sum by (exchange) (rate(masstransit_send_total[$__rate_interval]))', legend: '{{exchange}}' }))
  .withPanel(graph('Not taken by the broker', 'They stay in the outbox.', 'reqps', { expr: 'sum by (exchange) (rate(masstransit_send_errors_total[$__rate_interval])) or vector(0)', legend: '{{exchange}}' }))
  .withRow(new RowBuilder('Queues'))
  .withPanel(graph('Waiting', 'Ready for a consumer.', 'none', { expr: 'sum by (queue) (rabbitmq_detailed_queue_messages_ready)', legend: '{{queue}}' }))
  .withPanel(graph('With a consumer', 'Given and not confirmed yet.', 'none', { expr: 'sum by (queue) (rabbitmq_detailed_queue_messages_unacked)', legend: '{{queue}}' }))
  .withPanel(graph('Consumers', 'A queue without one is nobody\'s.', 'none', { expr: 'sum by (queue) (rabbitmq_detailed_queue_consumers)', legend: '{{queue}}' }))
  .withPanel(graph('Received', 'Per second.', 'reqps', { expr: 'sum by (queue) (rate(masstransit_receive_total[$__rate_interval]))', legend: '{{queue}}' }))
  .withPanel(graph('In handling', 'Now.', 'none', { expr: 'sum by (queue) (masstransit_receive_active)', legend: '{{queue}}' }))
  .withPanel(graph('Failed and retried', 'Failed after all retries, and retries.', 'reqps',
    { expr: 'sum by (queue) (rate(masstransit_receive_errors_total[$__rate_interval])) or vector(0)', legend: 'failed {{queue}}' },
    { expr: 'sum by (queue) (rate(masstransit_consume_retries_total[$__rate_interval])) or vector(0)', legend: 'retried {{queue}}' }))
  .withPanel(graph('Repeats', 'Deliveries that were handled before. Normal after a restart.', 'reqps', { expr: 'sum by (consumer) (rate(inbox_repeated_messages_total[$__rate_interval])) or vector(0)', legend: '{{consumer}}' }))
  .withPanel(graph('Dead letters', 'Messages that no retry could handle.', 'reqps', { expr: 'sum by (job) (rate(dead_letters_total[$__rate_interval]))', legend: '{{job}}' }));
