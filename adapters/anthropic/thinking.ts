import type { RedactedThinkingBlock, ThinkingBlock } from '@anthropic-ai/sdk/resources/messages';
import { z } from 'zod';

/**
 * The two forms of thinking. The API verifies the signature of returned blocks and responds with 400 if a block of a turn
 * was changed or left out (platform.claude.com, "Thinking in tool and multi-turn workflows"). So no field is dropped,
 * known or unknown.
 */
const thinkingSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.looseObject({ type: z.literal('redacted_thinking'), data: z.string() }),
]);

/** Seals a thinking block, for storage in a step. */
export const seal = (block: ThinkingBlock | RedactedThinkingBlock): string => JSON.stringify(block);

/** Returns the block that was sealed. Throws a `ZodError` for anything else. */
export const unseal = (sealed: string): z.infer<typeof thinkingSchema> => thinkingSchema.parse(JSON.parse(sealed));
