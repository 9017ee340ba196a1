import type { Answer, Reason } from './answer.ts';

/** An answer with less confidence goes to a person. */
const MIN_CONFIDENCE = 0.7;

/** Why the message needs a person, according to the screen. The model has no say in it. */
export interface CheckContext {
  readonly reasons: readonly Reason[];
}

/** Whether to try a stronger model before a person. False if a person must answer in any case. */
export function isUnsure({ confidence, reason }: Answer, { reasons }: CheckContext): boolean {
  return reasons.length === 0 && (confidence < MIN_CONFIDENCE || reason === 'low-confidence');
}

/** What the model must correct in its answer. A message that needs a person is never resolved. */
export function checkAnswer(answer: Answer, { reasons }: CheckContext): string[] {
  const [reason] = reasons;
  const blank = answer.reply.trim() === '' ? ['reply is empty: write what the customer reads.'] : [];
  if (answer.outcome === 'escalate') return [...blank, ...missing(answer)];
  if (reason !== undefined) {
    return [
      ...blank,
      `This message needs a person (${reason}): answer with outcome "escalate", that reason, and a summary for the colleague.`,
    ];
  }
  if (answer.confidence >= MIN_CONFIDENCE) return blank;
  return [
    ...blank,
    `A confidence below ${MIN_CONFIDENCE} needs a person (low-confidence): answer with outcome "escalate", that reason, and a summary for the colleague.`,
  ];
}

function missing({ reason, summary }: Answer): string[] {
  return [
    ...(reason === null ? ['reason is null: say why a person must answer.'] : []),
    ...(summary === null || summary.trim() === '' ? ['summary is empty: tell the colleague what to know.'] : []),
  ];
}

const HOLDING = 'Thank you for your message. A colleague will look into it and answer you personally.';

/**
 * Escalates an answer that still has problems after the repair, so that the customer gets no wrong answer and no
 * silence.
 */
export function salvageAnswer(
  answer: Answer,
  { reasons }: CheckContext,
): { readonly output: Answer; readonly warnings: readonly string[] } {
  const reason = reasons[0] ?? answer.reason ?? 'low-confidence';
  const drafted = answer.reply.trim();
  const summary = answer.summary?.trim() || `The agent could not settle this message. Its draft: ${drafted || 'none'}`;
  const output: Answer = { ...answer, outcome: 'escalate', reply: HOLDING, reason, summary };
  return { output, warnings: [`The agent’s answer was rejected twice. Escalated with reason ${reason}.`] };
}
