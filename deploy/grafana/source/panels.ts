// How panels look here: one datasource, one width for graphs and one for numbers, and a description that says what is good.
import { DashboardBuilder, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { BigValueColorMode, BigValueGraphMode, ReduceDataOptionsBuilder, VizLegendOptionsBuilder, LegendDisplayMode, LegendPlacement } from '@grafana/grafana-foundation-sdk/common';

/** The datasource of provisioning/datasources. */
const datasource = { type: 'prometheus', uid: 'prometheus' };

export type Unit = 's' | 'short' | 'reqps' | 'percentunit' | 'bytes' | 'none' | 'dtdurations';

/** A query, and what its lines are called. */
export interface Query {
  expr: string;
  legend?: string;
}

/** Colours a number: from `orange` or `red` on; or below them, where little is bad. */
export interface Limits {
  orange?: number;
  red?: number;
  below?: boolean;
}

export function graph(title: string, description: string, unit: Unit, ...queries: Query[]): TimeseriesBuilder {
  const panel = new TimeseriesBuilder()
    .title(title).description(description).unit(unit).min(0).datasource(datasource).span(12).height(8).fillOpacity(10)
    .legend(new VizLegendOptionsBuilder().displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom).showLegend(true));
  queries.forEach((query, index) => panel.withTarget(target(query, index)));
  return panel;
}

export function number(title: string, description: string, unit: Unit, query: string, limits: Limits = {}): StatBuilder {
  return new StatBuilder()
    .title(title).description(description).unit(unit).datasource(datasource).span(4).height(4)
    .graphMode(BigValueGraphMode.Area).colorMode(BigValueColorMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps(limits)))
    .withTarget(target({ expr: query }, 0));
}

export function dashboard(uid: string, title: string, description: string): DashboardBuilder {
  return new DashboardBuilder(title).uid(uid).description(description).tags(['payouts']).refresh('30s').time({ from: 'now-3h', to: 'now' }).timezone('browser').readonly();
}

function target(query: Query, index: number): DataqueryBuilder {
  const built = new DataqueryBuilder().refId(String.fromCharCode('A'.charCodeAt(0) + index)).expr(query.expr).datasource(datasource);
  return query.legend === undefined ? built : built.legendFormat(query.legend);
}

function steps({ orange, red, below }: Limits): { color: string; value: number | null }[] {
  if (below) {
    return [{ color: 'red', value: null }, { color: 'orange', value: red ?? 0 }, { color: 'green', value: orange ?? red ?? 0 }];
  }
  return [
    { color: 'green', value: null },
    ...(orange === undefined ? [] : [{ color: 'orange', value: orange }]),
    ...(red === undefined ? [] : [{ color: 'red', value: red }]),
  ];
}
