import { isTerminal, type Task } from '#core/tasks/task.ts';
import { analysisSchema, SUPERSEDED } from '../agents/analysis.ts';
import { analysisText } from '../agents/analysis-text.ts';
import { analyse } from '../alerts/act.ts';
import { alertId } from '../alerts/alert.ts';
import type { AlertPorts } from '../alerts/ports.ts';
import type { AskedStore } from '../digests/asked.ts';
import { analysisOf } from '../digests/finding.ts';
import { hourOf } from '../digests/period.ts';
import { recordFindings, type RecordPorts } from '../digests/record-finding.ts';
import { windowRefSchema } from './window.ts';
import type { Windows } from './windows.ts';

export interface PublishPorts extends AlertPorts {
  readonly windows: Pick<Windows, 'close'>;
  readonly records: RecordPorts;
  readonly asked: Pick<AskedStore, 'answer'>;
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
  const findings = [...byPortfolio.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [analysisOf(analysis, [first, ...others], ports.clock.now())],
  );
  await Promise.all([
    ...[...ids].map(async (id) => analyse(ports, id, analysis)),
    recordFindings(ports.records, findings),
  ]);
  // Last: until then a digest counts it as asked for.
  await Promise.all(
    [...byPortfolio].flatMap(([portfolio, own]) => {
      const hours = new Set(own.map(({ event }) => hourOf(Date.parse(event.time)).id));
      return [...hours].map((hour) => ports.asked.answer({ portfolio, hour, task: task.id }));
    }),
  );
}

function summaryOf({ state }: Task): string | null {
  if (state.status !== 'succeeded') return null;
  const analysis = analysisSchema.safeParse(state.output);
  if (!analysis.success || analysis.data.classification === SUPERSEDED) return null;
  return analysisText(analysis.data);
}
