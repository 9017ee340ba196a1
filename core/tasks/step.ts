import { z } from 'zod';
import { usageSchema } from '../models/price.ts';
import type { ContentPart } from '../ports/model.ts';
import { stored, storedRecord } from '../stored/record.ts';
import { taskIdSchema } from './task-id.ts';

const common = {
  taskId: taskIdSchema,
  /** Position within the task, from 0. */
  index: z.number().int().nonnegative(),
  /** The claim under which it ran; a step counts once the task names its epoch at its index. */
  epoch: z.number().int().positive(),
  startedAt: z.number(),
  endedAt: z.number(),
};

/** An assistant turn as it is kept: what the model said, without the prompt. */
const answerPart = z.discriminatedUnion('type', [
  stored({ type: z.literal('text'), text: z.string() }),
  stored({ type: z.literal('thinking'), sealed: z.string() }),
  stored({
    type: z.literal('search'),
    sealed: z.string(),
    found: z.array(stored({ url: z.string(), title: z.string() })),
  }),
  stored({ type: z.literal('tool-use'), id: z.string(), name: z.string(), input: z.unknown() }),
]);

/** One model call or one tool call that ended: written once, never run again (I3). */
export const stepSchema = z.discriminatedUnion('kind', [
  storedRecord({
    kind: z.literal('model'),
    ...common,
    model: z.string(),
    /** Why it was sent to a higher tier than the calls before. */
    rise: z.string().optional(),
    /** It summarises the session for the next task and is not part of this one. */
    isSummary: z.literal(true).optional(),
    requestId: z.string(),
    stopReason: z.enum(['end', 'tool-use', 'max-tokens', 'refusal', 'paused']),
    content: z.array(answerPart),
    usage: stored(usageSchema.shape),
    usd: z.number().nonnegative(),
    /** What prompt caching saved. Negative when cache writes cost more than reads saved. */
    savedUsd: z.number().optional(),
  }),
  storedRecord({
    kind: z.literal('tool'),
    ...common,
    tool: z.string(),
    toolUseId: z.string(),
    content: z.string(),
    isError: z.boolean(),
    /** Where a tool threw: names of errors and places in the code, not what they say. */
    stack: z.string().optional(),
  }),
]);
export type Step = z.infer<typeof stepSchema>;
export type ModelStep = Extract<Step, { kind: 'model' }>;
export type ToolStep = Extract<Step, { kind: 'tool' }>;
type AnswerPart = z.infer<typeof answerPart>;

const ANSWER_PARTS: ReadonlySet<string> = new Set(answerPart.options.map(({ shape }) => shape.type.value));

/** Whether a part of a message can come from a model. */
export const isAnswerPart = (part: ContentPart): part is AnswerPart => ANSWER_PARTS.has(part.type);
