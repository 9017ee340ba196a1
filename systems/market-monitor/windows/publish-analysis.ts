import { isTerminal, type Task } from '#core/tasks/task.ts';
import { analysisSchema, SUPERSEDED } from '../agents/analysis.ts';
import { analyse } from '../alerts/act.ts';
import { alertId } from '../alerts/alert.ts';
import type { AlertPorts } from '../alerts/ports.ts';
import type { AnalysisFinding } from '../digests/finding.ts';
import { hourOf } from '../digests/period.ts';
import { recordFindings, type RecordPorts } from '../digests/record-finding.ts';
import type { Signal } from './signal.ts';
import { windowRefSchema } from './window.ts';
import type { Windows } from './windows.ts';

export interface PublishPorts extends AlertPorts {
  readonly windows: Pick<Windows, 'close'>;
  readonly records: RecordPorts;
}

/**
 * Brings what a task found to the alerts of all portfolios whose signals it has read, and into their digests. It may be
 * repeated: each takes the analysis of a task once. Of a task that failed, expired or was superseded nobody is notified; the
 * digest counts it.
 */
export async function publishAnalysis(ports: PublishPorts, task: Task): Promise<void> {
  const ref = windowRefSchema.safeParse(task.input);
  if (!isTerminal(task.state) || !ref.success) return;
  const found = await ports.windows.close(ref.data);
  if (found === null) return;
  const { signals } = found.window;
  const analysis = { task: task.id, agent: ref.data.agent, summary: summaryOf(task) };
  const ids = new Set(signals.map((signal) => alertId(signal)));
  const byPortfolio = Map.groupBy(signals, ({ portfolio }) => portfolio);
  const findings = [...byPortfolio.values()].flatMap((own) => findingOf(analysis, own, ports.clock.now()) ?? []);
  await Promise.all([
    ...[...ids].map(async (id) => analyse(ports, id, analysis)),
    recordFindings(ports.records, findings),
  ]);
}

function findingOf(
  analysis: Pick<AnalysisFinding, 'task' | 'agent' | 'summary'>,
  signals: readonly Signal[],
  at: number,
): AnalysisFinding | null {
  const [first] = signals;
  if (first === undefined) return null;
  const newest = Math.max(...signals.map(({ event }) => Date.parse(event.time)));
  return {
    ...analysis,
    kind: 'analysis',
    id: `analysis/${analysis.task}`,
    portfolio: first.portfolio,
    hour: hourOf(newest).id,
    subject: first.subject,
    ticker: first.ticker,
    at,
    atStakeUsd: Math.max(...signals.map(({ atStakeUsd }) => atStakeUsd)),
    events: signals.map(({ event }) => ({ ...event })),
  };
}

function summaryOf({ state }: Task): string | null {
  if (state.status !== 'succeeded') return null;
  const analysis = analysisSchema.safeParse(state.output);
  if (!analysis.success || analysis.data.classification === SUPERSEDED) return null;
  const { classification, summary, confidence, watch } = analysis.data;
  const next = watch.length === 0 ? '' : ` Watch: ${watch.join(' ')}`;
  return `${summary} [${classification}, confidence ${Math.round(confidence * 100)} %]${next}`;
}
