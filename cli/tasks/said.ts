import { z } from 'zod';
import type { StepView } from '#core/api/tasks/messages.ts';

/** The parts of a model's answer that a person reads; others are left out. */
const partSchema = z.union([
  z.object({ type: z.literal('text'), text: z.string() }).transform(({ text }) => text),
  z
    .object({ type: z.literal('tool-use'), name: z.string(), input: z.unknown() })
    .transform(({ name, input }) => `${name}(${JSON.stringify(input)})`),
]);

/** Summarizes a step for a table: the answer's text, the tools it called, or a tool's result. */
export function saidWords({ content }: StepView): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return content === undefined ? '' : JSON.stringify(content);
  return content.flatMap((part) => partSchema.safeParse(part).data ?? []).join(' ');
}
