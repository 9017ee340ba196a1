import { NAMESPACE, serviceOf, type ServiceNames } from '../../metrics/service-names.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MetricQuery, MetricReader, MetricSpan } from '../../ports/metric-reader.ts';
import { requireAgent, type Caller } from '../http/caller.ts';
import { ApiProblem } from '../http/problem.ts';
import type { MetricsAnswer, MetricsQuery } from './messages.ts';

export interface MetricPorts {
  readonly metrics: MetricReader;
  readonly clock: Pick<Clock, 'now'>;
  readonly names: ServiceNames;
}

const MINUTE_MS = 60_000;
const DEFAULT_MS = 3 * 60 * MINUTE_MS;
/** CloudWatch keeps periods of a minute for 15 days. */
const MAX_AGE_MS = 15 * 24 * 60 * MINUTE_MS;
const DEFAULT_POINTS = 180;
const MAX_POINTS = 1_500;

/** Reads metrics. Throws `ApiProblem`. */
export async function getMetrics(ports: MetricPorts, caller: Caller, query: MetricsQuery): Promise<MetricsAnswer> {
  requireMeasured(caller, query.agent, ports.names);
  const now = ports.clock.now();
  const span = spanOf(query, now);
  const found = await ports.metrics.read(queriesOf(query, ports.names), span);
  const pointsOf = (index: number) => found.find(({ id }) => id === `m${index}`)?.points ?? [];
  const series = query.names.map((name, index) => ({
    name,
    ...(query.agent !== undefined && { agent: query.agent }),
    points: pointsOf(index).map(([at, value]): [number, number] => [at, value]),
  }));
  return { series, step: span.step, asOf: new Date(now).toISOString() };
}

/** A key for some agents may read the metrics of each of them, but not those of all agents together. */
function requireMeasured(caller: Caller, agent: string | undefined, { agents }: ServiceNames): void {
  if (agent === undefined) {
    if (caller.agents === null) return;
    const remedy = `Pass one of ${caller.agents.join(', ')}, or use a key without an agent restriction.`;
    throw new ApiProblem('not-allowed', 'The key may not read the metrics of all agents.', [
      { field: 'agent', message: 'must be given', remedy },
    ]);
  }
  requireAgent(caller, agent);
  if (!agents.includes(agent)) throw new ApiProblem('not-found', 'There is no agent with this name.');
}

function queriesOf({ names, agent }: MetricsQuery, services: ServiceNames): MetricQuery[] {
  const dimensions = { service: serviceOf(services, agent) };
  return names.map((text, index) => {
    const [name = '', statistic = 'Sum'] = text.split(':');
    return { id: `m${index}`, metric: { namespace: NAMESPACE, name, dimensions, statistic } };
  });
}

function spanOf(query: MetricsQuery, now: number): MetricSpan {
  const to = query.to === undefined ? now : Date.parse(query.to);
  const from = query.from === undefined ? to - DEFAULT_MS : Date.parse(query.from);
  if (from >= to) throw wrong('from', 'must be before `to`', 'Pass an earlier time.');
  if (now - from > MAX_AGE_MS) throw wrong('from', 'is more than 15 days ago', 'Pass a later time.');
  const step = query.step ?? Math.ceil((to - from) / DEFAULT_POINTS / MINUTE_MS) * 60;
  if ((to - from) / 1_000 / step > MAX_POINTS)
    throw wrong('step', `gives more than ${MAX_POINTS} values`, 'Pass a longer step, or read less time.');
  return { from, to, step };
}

const wrong = (field: string, message: string, remedy: string): ApiProblem =>
  new ApiProblem('invalid-request', `${field}: ${message}.`, [{ field, message, remedy }]);
