import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Found } from './endpoint.ts';

/** Not a secret. It detects results that were changed or made up, as the real API's encryption does. */
const SEAL = 'simulated web search';

const sealOf = (url: string, title: string): string =>
  createHmac('sha256', SEAL).update(`${url} ${title}`).digest('base64url');

const ERRORS = [
  'max_uses_exceeded',
  'too_many_requests',
  'query_too_long',
  'request_too_large',
  'invalid_tool_input',
  'unavailable',
] as const;
export type SearchError = (typeof ERRORS)[number];

const resultSchema = z
  .strictObject({
    type: z.literal('web_search_result'),
    url: z.string(),
    title: z.string(),
    encrypted_content: z.string(),
    page_age: z.string().nullish(),
  })
  .refine(({ url, title, encrypted_content }) => encrypted_content === sealOf(url, title), {
    error: 'Invalid `encrypted_content` in `web_search_result` block',
    path: ['encrypted_content'],
  });

const caller = { caller: z.looseObject({ type: z.literal('direct') }).optional() };

/** The blocks of a search in an assistant's turn that is sent back. */
export const searchUseSchema = z.strictObject({
  type: z.literal('server_tool_use'),
  id: z.string().regex(/^srvtoolu_/, 'must be an id that the API made'),
  name: z.literal('web_search'),
  input: z.object({ query: z.string() }),
  ...caller,
});
export const searchResultSchema = z.strictObject({
  type: z.literal('web_search_tool_result'),
  tool_use_id: z.string(),
  content: z.union([
    z.array(resultSchema),
    z.strictObject({ type: z.literal('web_search_tool_result_error'), error_code: z.enum(ERRORS) }),
  ]),
  ...caller,
});
export type SearchUse = z.output<typeof searchUseSchema>;
export type SearchResult = z.output<typeof searchResultSchema>;

const DIRECT = { caller: { type: 'direct' as const } };

export const useBlock = (id: string, query: string): SearchUse => ({
  type: 'server_tool_use',
  id,
  name: 'web_search',
  input: { query },
  ...DIRECT,
});

export const resultBlock = (id: string, outcome: readonly Found[] | SearchError): SearchResult => ({
  type: 'web_search_tool_result',
  tool_use_id: id,
  content:
    typeof outcome === 'string'
      ? { type: 'web_search_tool_result_error', error_code: outcome }
      : outcome.map(({ url, title, page_age }) => ({
          type: 'web_search_result',
          url,
          title,
          encrypted_content: sealOf(url, title),
          page_age: page_age ?? null,
        })),
  ...DIRECT,
});
