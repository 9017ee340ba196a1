import type { RedactedThinkingBlock, ThinkingBlock } from '@anthropic-ai/sdk/resources/messages';
import { z } from 'zod';

/**
 * The two forms of thinking. The API compares what comes back with its signature and answers 400 to a turn in which a block was
 * changed or left out (platform.claude.com, "Thinking in tool and multi-turn workflows"); so no field is dropped, known or not.
 */
const thinkingSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.looseObject({ type: z.literal('redacted_thinking'), data: z.string() }),
]);

/** A block of thinking as a step keeps it. */
export const seal = (block: ThinkingBlock | RedactedThinkingBlock): string => JSON.stringify(block);

/** The block that `seal` took; throws a `ZodError` for anything else. */
export const unseal = (sealed: string): z.infer<typeof thinkingSchema> => thinkingSchema.parse(JSON.parse(sealed));
