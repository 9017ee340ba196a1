import type { StepView } from '#client/types.ts';
import { partsOf } from './parts-of-step.ts';

/** Unchanged lines that are shown before and after what changed. */
const CONTEXT = 2;

/** What a step did, as text: what the model said and called, or what the tool returned. */
export function textOfStep(step: StepView): string {
  const parts = partsOf(step.content).map((part) => {
    switch (part.type) {
      case 'text':
        return part.text;
      case 'tool-use':
        return `calls ${part.name} ${JSON.stringify(part.input, null, 2)}`;
      case 'search':
        return part.found.map(({ title, url }) => `found ${title} ${url}`).join('\n');
      case 'unknown':
        return JSON.stringify(part.value, null, 2);
    }
  });
  return parts.join('\n');
}

/**
 * The lines in which a text differs from the one before: `-` before, `+` now, with some unchanged lines around them. All
 * lines between the first and the last difference count as changed. Empty if nothing differs.
 */
export function changedLines(before: string, now: string): readonly string[] {
  const [old, fresh] = [before.split('\n'), now.split('\n')];
  const shorter = Math.min(old.length, fresh.length);
  let head = 0;
  while (head < shorter && old[head] === fresh[head]) head += 1;
  if (head === old.length && head === fresh.length) return [];
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  const after = fresh.length - tail;
  return [
    ...fresh.slice(Math.max(0, head - CONTEXT), head).map((line) => `  ${line}`),
    ...old.slice(head, old.length - tail).map((line) => `- ${line}`),
    ...fresh.slice(head, after).map((line) => `+ ${line}`),
    ...fresh.slice(after, after + CONTEXT).map((line) => `  ${line}`),
  ];
}
