import type {
  ContentBlockParam,
  ServerToolUseBlock,
  Tool,
  ToolUnion,
  WebSearchToolResultBlock,
} from '@anthropic-ai/sdk/resources/messages';
import { z } from 'zod';
import { ANSWER_TOOL, SEARCH_TOOL, type SearchResult } from '#core/models/search.ts';
import type { JsonSchema, WebSearch } from '#core/ports/model.ts';
import { structuredSchema } from './structured-schema.ts';

/** The tools of a call that searches: the API's own search, and the one that gives the answer. */
export const searchTools = ({ maxUses }: WebSearch, outputSchema: JsonSchema): ToolUnion[] => [
  // Results come straight into the context. Filtering them by code would run code at the provider.
  { type: 'web_search_20260318', name: SEARCH_TOOL, max_uses: maxUses, allowed_callers: ['direct'] },
  {
    name: ANSWER_TOOL,
    description: 'Gives your answer. Call it once, when your searches are done, and write nothing beside it.',
    input_schema: { ...structuredSchema(outputSchema), type: 'object' } satisfies Tool['input_schema'],
    strict: true,
  },
];

/** A search or its outcome, which the API wants back unchanged while the turn goes on. So no field is dropped. */
const sealedSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('server_tool_use'), id: z.string(), name: z.string(), input: z.unknown() }),
  z.looseObject({ type: z.literal('web_search_tool_result'), tool_use_id: z.string(), content: z.unknown() }),
]);

type SearchBlock = ServerToolUseBlock | WebSearchToolResultBlock;

/** Seals a block of a search, for storage in a step. */
export const sealSearch = (block: SearchBlock): string => JSON.stringify(block);

/** Returns the block that was sealed. Throws a `ZodError` for anything else. */
export const unsealSearch = (sealed: string): ContentBlockParam =>
  sealedSchema.parse(JSON.parse(sealed)) as ContentBlockParam;

/** What a search found; nothing if it failed, which the API reports within the answer. */
export const foundBy = (block: SearchBlock): SearchResult[] =>
  block.type === 'web_search_tool_result' && Array.isArray(block.content)
    ? block.content.map(({ url, title }) => ({ url, title }))
    : [];
