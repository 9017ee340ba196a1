import { z } from 'zod';

const partSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('tool-use'), id: z.string(), name: z.string(), input: z.unknown() }),
  z.object({ type: z.literal('search'), found: z.array(z.object({ url: z.string(), title: z.string() })) }),
]);
/** A part of a model's answer. `unknown` is one of a later release. */
export type StepPart = z.infer<typeof partSchema> | { readonly type: 'unknown'; readonly value: unknown };

/** The parts of a step's content: those of a model's answer, or the one text of a tool. */
export function partsOf(content: unknown): readonly StepPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  const parts: readonly unknown[] = Array.isArray(content) ? content : [content];
  return parts.map((part) => {
    const parsed = partSchema.safeParse(part);
    return parsed.success ? parsed.data : { type: 'unknown', value: part };
  });
}
