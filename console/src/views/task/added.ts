import type { StepView } from '#client/types.ts';

/**
 * What the prompt of a model call has that the call before did not: the answer of that call, and the results of the tools
 * that it called. The first prompt is the task's input. Null for a tool call, which has no prompt.
 */
export function addedSince(steps: readonly StepView[], index: number): readonly StepView[] | null {
  const step = steps.find((each) => each.index === index);
  if (step?.kind !== 'model') return null;
  const before = steps.filter((each) => each.index < index);
  const last = before.findLastIndex(({ kind }) => kind === 'model');
  return last === -1 ? [] : before.slice(last);
}
