import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard, graph, number } from './panels.js';

/** Are the processes there, and do they have what they need? */
export const processes = dashboard('payouts-processes', 'Processes', 'Readiness, HTTP, database and memory of each service.')
  .withPanel(number('Down', 'Processes that Prometheus cannot read.', 'none', 'count(up == 0) or vector(0)', { red: 1 }))
  .withPanel(number('Not ready', 'Dependencies that some process does not get.', 'none', 'count(dependency_ready == 0) or vector(0)', { red: 1 }))
  .withPanel(number('Unusable files', 'Of settings. What they said before still counts.', 'none', 'sum(settings_file_unusable) or vector(0)', { red: 1 }))
  .withPanel(number('Builds', 'More than one for each service only while a new one rolls out.', 'none', 'count(count by (service, version) (payouts_build_info))'))
  .withRow(new RowBuilder('Readiness'))
  .withPanel(graph('Up', '1 while Prometheus can read the process.', 'none', { expr: 'min by (job) (up)', legend: '{{job}}' }))
  .withPanel(graph('Dependencies', '1 while they are there.', 'none', { expr: 'min by (job, dependency) (dependency_ready)', legend: '{{job}} {{dependency}}' }))
  .withRow(new RowBuilder('HTTP'))
  .withPanel(graph('Requests', 'By service and class of the answer.', 'reqps', { expr: 'sum by (job, code) (rate(http_requests_total[$__rate_interval]))', legend: '{{job}} {{code}}' }))
  .withPanel(graph('Time', '95 % of the requests are faster.', 's', { expr: 'histogram_quantile(0.95, sum by (job, le) (rate(http_request_duration_seconds_bucket[$__rate_interval])))', legend: '{{job}}' }))
  .withRow(new RowBuilder('Database'))
  .withPanel(graph('Connections', 'Of each pool, and how many it may have.', 'none',
    { expr: 'sum by (database, state) (npgsql_connections)', legend: '{{database}} {{state}}' },
    { expr: 'max by (database) (npgsql_connections_max)', legend: '{{database}} limit' }))
  .withPanel(graph('Waiting for a connection', 'And those that got none in time.', 'none',
    { expr: 'sum by (database) (npgsql_connections_awaited) or vector(0)', legend: '{{database}} waiting' },
    { expr: 'sum by (database) (rate(npgsql_connection_timeouts_total[$__rate_interval])) or vector(0)', legend: '{{database}} in vain, per second' }))
  .withPanel(graph('Commands', 'Per second.', 'reqps', { expr: 'sum by (database) (rate(npgsql_command_duration_seconds_count[$__rate_interval]))', legend: '{{database}}' }))
  .withPanel(graph('Failed commands', 'Conflicts that are tried again included.', 'reqps', { expr: 'sum by (database) (rate(npgsql_command_failures_total[$__rate_interval])) or vector(0)', legend: '{{database}}' }))
  .withRow(new RowBuilder('.NET'))
  .withPanel(graph('Processor', 'Cores in use.', 'short', { expr: 'sum by (job) (rate(process_cpu_seconds_total[$__rate_interval]))', legend: '{{job}}' }))
  .withPanel(graph('Memory', 'Working set, and what the garbage collector holds.', 'bytes',
    { expr: 'max by (job) (process_working_set_bytes)', legend: '{{job}}' },
    { expr: 'max by (job) (dotnet_total_memory_bytes)', legend: '{{job}} managed' }))
  .withPanel(graph('Garbage collection', 'Share of the time that the process stands still.', 'percentunit', { expr: 'sum by (job) (rate(dotnet_gc_pause_seconds_total[$__rate_interval]))', legend: '{{job}}' }))
  .withPanel(graph('Threads', 'Work that waits for one, and how many there are.', 'none',
    { expr: 'max by (job) (dotnet_thread_pool_queue_length)', legend: '{{job}} waiting' },
    { expr: 'max by (job) (process_num_threads)', legend: '{{job}} threads' }))
  .withPanel(graph('Exceptions', 'Handled ones included, and measurements of libraries that could not be shown.', 'reqps',
    { expr: 'sum by (job) (rate(dotnet_exceptions_total[$__rate_interval])) or vector(0)', legend: '{{job}}' },
    { expr: 'sum by (job) (rate(meter_bridge_lost_total[$__rate_interval])) or vector(0)', legend: '{{job}} not shown' }));
