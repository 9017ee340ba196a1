import type { Answer, Reason } from './answer.ts';

/** Below this the agent's own doubt is enough for a person. */
const MIN_CONFIDENCE = 0.7;

/** Why the message at hand needs a person; from the screen, and never from the model. */
export interface CheckContext {
  readonly reasons: readonly Reason[];
}

/** Whether a stronger model should be asked before a person is; not where a person must answer in any case. */
export function isUnsure({ confidence, reason }: Answer, { reasons }: CheckContext): boolean {
  return reasons.length === 0 && (confidence < MIN_CONFIDENCE || reason === 'low-confidence');
}

/** What is wrong with an answer, for the model to mend. A message that needs a person is never resolved. */
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

/** An answer that still has problems after the repair goes to a person: a customer is left neither alone nor with a wrong answer. */
export function salvageAnswer(
  answer: Answer,
  { reasons }: CheckContext,
): { readonly output: Answer; readonly warnings: readonly string[] } {
  const reason = reasons[0] ?? answer.reason ?? 'low-confidence';
  const drafted = answer.reply.trim();
  const summary = answer.summary?.trim() || `The agent could not settle this message. Its draft: ${drafted || 'none'}`;
  const output: Answer = { ...answer, outcome: 'escalate', reply: HOLDING, reason, summary };
  return { output, warnings: [`The agent’s answer was refused twice; handed over as ${reason}.`] };
}
