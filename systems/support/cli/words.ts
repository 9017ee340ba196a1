import { count } from '#cli/terminal/format.ts';
import type { SupportSummary } from './command.ts';
import type { ReplyTimes } from './figures.ts';
import { judgedWords, judgedWrongs } from './judged.ts';

const seconds = (ms: number | null): string => (ms === null ? '–' : `${(ms / 1_000).toFixed(2)} s`);

const times = ({ messages, mean, p50, p95 }: ReplyTimes): string =>
  `mean ${seconds(mean)}, p50 ${seconds(p50)}, p95 ${seconds(p95)} (${count(messages, 'message')})`;

/** The figures for a person. */
export function words(summary: SupportSummary): Record<string, string | undefined> {
  const { reply, workers, machine } = summary;
  const refused = Object.entries(summary.refused).map(([why, number]) => `${number} ${why}`);
  return {
    sent: String(summary.sent),
    answered: String(summary.answered),
    lost: String(summary.lost),
    refused: refused.length === 0 ? undefined : refused.join(', '),
    doubled: String(summary.doubled),
    failed: String(summary.judged.failed),
    reply: times(reply.all),
    'at the peak': times(reply.peak),
    'in the climb': times(reply.climb),
    'worst hour': `${reply.worstHour.hour}:00, ${times(reply.worstHour)}`,
    workers: `${workers.least} to ${workers.most}`,
    ...judgedWords(summary.judged),
    throttles: `webhook ${summary.webhookThrottles}, model ${summary.modelThrottles ?? 'unknown'}`,
    machine: `${machine.cores} cores, load ${machine.load.map((load) => load.toFixed(1)).join(' → ')}; ${summary.model}`,
    processor: machine.cpuMsAMessage === null ? undefined : `${machine.cpuMsAMessage} ms a message`,
  };
}

/** What is not as it must be, in words. */
export function wrongs(summary: SupportSummary): readonly string[] {
  const lost = summary.lost === 0 ? [] : [`${summary.lost} lost`];
  const doubled = summary.doubled === 0 ? [] : [`${summary.doubled} doubled`];
  return [...lost, ...doubled, ...judgedWrongs(summary.judged)];
}
