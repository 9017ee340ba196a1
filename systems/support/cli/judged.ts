import type { Judged } from '../load/judge.ts';
import { count, dollars } from '#cli/terminal/format.ts';

/** The judge's results as labelled lines for the terminal. */
export function judgedFacts(judged: Judged): Record<string, string> {
  const { messages, resolved, escalated, wronglyEscalated, wronglyResolved, refundsMissed } = judged;
  const percent = (number: number): string => `${((number / Math.max(1, messages)) * 100).toFixed(1)} %`;
  return {
    resolved: percent(resolved),
    escalated: `${percent(escalated)} (including ${count(wronglyEscalated.length, 'routine message')})`,
    'needed a person': `${judged.needPerson}, of which the agent resolved ${wronglyResolved.length}`,
    refunds: `doubled ${judged.refundsDoubled.length}, undue ${judged.refundsUndue.length}, missed ${refundsMissed.length}`,
    'cost per conversation': dollars(judged.usdAConversation),
  };
}

/** The failed checks, one text each. */
export function judgedViolations(judged: Judged): readonly string[] {
  const checks: readonly (readonly [number, string])[] = [
    [judged.failed, 'failed'],
    [judged.wronglyResolved.length, 'resolved by the agent although a person was needed'],
    [judged.refundsDoubled.length, 'refunds doubled'],
    [judged.refundsUndue.length, 'refunds undue'],
  ];
  return checks.flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]));
}
