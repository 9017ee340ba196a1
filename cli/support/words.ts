import { count, dollars } from '../terminal/format.ts';
import type { SupportSummary } from './command.ts';
import type { ReplyTimes } from './figures.ts';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
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
    failed: String(summary.failed),
    reply: times(reply.all),
    'at the peak': times(reply.peak),
    'in the climb': times(reply.climb),
    'worst hour': `${reply.worstHour.hour}:00, ${times(reply.worstHour)}`,
    workers: `${workers.least} to ${workers.most}`,
    resolved: percent(summary.resolved),
    escalated: `${percent(summary.escalated)} (${count(summary.wronglyEscalated, 'routine message')} among them)`,
    'needs a person': `${summary.needPerson}, of them resolved by the agent: ${summary.wronglyResolved.length}`,
    refunds: `doubled ${summary.refundsDoubled.length}, undue ${summary.refundsUndue.length}, missed ${summary.refundsMissed.length}`,
    'a conversation': dollars(summary.usdAConversation),
    throttles: `webhook ${summary.webhookThrottles}, model ${summary.modelThrottles ?? 'unknown'}`,
    machine: `${machine.cores} cores, load ${machine.load.map((load) => load.toFixed(1)).join(' → ')}; ${summary.model}`,
  };
}

/** What is not as it must be, in words. */
export function wrongs(summary: SupportSummary): readonly string[] {
  const musts: readonly (readonly [number, string])[] = [
    [summary.lost, 'lost'],
    [summary.doubled, 'doubled'],
    [summary.failed, 'failed'],
    [summary.wronglyResolved.length, 'resolved by the agent that need a person'],
    [summary.refundsDoubled.length, 'refunds doubled'],
    [summary.refundsUndue.length, 'refunds undue'],
  ];
  return musts.flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]));
}
