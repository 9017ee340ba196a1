import type { Judged } from '../load/judge.ts';
import { dollars } from '#cli/terminal/format.ts';

/** What became of customers' messages, for a person. */
export function judgedWords(judged: Judged): Record<string, string> {
  const { messages, resolved, escalated, wronglyEscalated, wronglyResolved, refundsMissed } = judged;
  const percent = (number: number): string => `${((number / Math.max(1, messages)) * 100).toFixed(1)} %`;
  return {
    resolved: percent(resolved),
    escalated: `${percent(escalated)} (${wronglyEscalated.length} routine messages among them)`,
    'needs a person': `${judged.needPerson}, of them resolved by the agent: ${wronglyResolved.length}`,
    refunds: `doubled ${judged.refundsDoubled.length}, undue ${judged.refundsUndue.length}, missed ${refundsMissed.length}`,
    'a conversation': dollars(judged.usdAConversation),
  };
}

/** What is not as it must be, in words. */
export function judgedWrongs(judged: Judged): readonly string[] {
  const musts: readonly (readonly [number, string])[] = [
    [judged.failed, 'failed'],
    [judged.wronglyResolved.length, 'resolved by the agent that need a person'],
    [judged.refundsDoubled.length, 'refunds doubled'],
    [judged.refundsUndue.length, 'refunds undue'],
  ];
  return musts.flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]));
}
