import { count } from '#cli/terminal/format.ts';
import type { SupportSummary } from './summary.ts';
import type { ReplyTimes } from './figures.ts';
import { judgedFacts, judgedViolations } from './judged.ts';

const seconds = (ms: number | null): string => (ms === null ? '–' : `${(ms / 1_000).toFixed(2)} s`);

const times = ({ messages, mean, p50, p95 }: ReplyTimes): string =>
  `mean ${seconds(mean)}, p50 ${seconds(p50)}, p95 ${seconds(p95)} (${count(messages, 'message')})`;

/** The summary as labelled lines for the terminal and the report. */
export function summaryFacts(summary: SupportSummary): Record<string, string | undefined> {
  const { reply, workers, machine } = summary;
  const rejected = Object.entries(summary.refused).map(([why, number]) => `${number} ${why}`);
  return {
    sent: String(summary.sent),
    answered: String(summary.answered),
    lost: String(summary.lost),
    'not accepted': rejected.length === 0 ? undefined : rejected.join(', '),
    doubled: String(summary.doubled),
    failed: String(summary.judged.failed),
    reply: times(reply.all),
    'reply at the peak': times(reply.peak),
    'reply in the climb': times(reply.climb),
    'slowest hour': `${reply.worstHour.hour}:00, ${times(reply.worstHour)}`,
    workers: `${workers.least} to ${workers.most}`,
    ...judgedFacts(summary.judged),
    '429 responses': `webhook ${summary.webhookThrottles}, model ${summary.modelThrottles ?? 'unknown'}`,
    machine: `${machine.cores} cores, load ${machine.load.map((load) => load.toFixed(1)).join(' → ')}; ${summary.model}`,
    processor: machine.cpuMsAMessage === null ? undefined : `${machine.cpuMsAMessage} ms per message`,
  };
}

/** The failed checks of a day, one text each. */
export function violations(summary: SupportSummary): readonly string[] {
  const lost = summary.lost === 0 ? [] : [`${summary.lost} lost`];
  const doubled = summary.doubled === 0 ? [] : [`${summary.doubled} doubled`];
  return [...lost, ...doubled, ...judgedViolations(summary.judged)];
}
