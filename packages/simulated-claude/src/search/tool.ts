import { z } from 'zod';
import type { Found } from './endpoint.ts';

const domains = z.array(z.string().min(1)).nullish();

/** The API's own web search, as a request offers it. */
export const searchToolSchema = z
  .strictObject({
    type: z.enum(['web_search_20250305', 'web_search_20260209', 'web_search_20260318']),
    name: z.literal('web_search'),
    max_uses: z.int().positive().nullish(),
    allowed_domains: domains,
    blocked_domains: domains,
    allowed_callers: z
      .array(z.literal('direct', 'the simulated Claude runs no code. Allow only "direct" callers.'))
      .optional(),
    strict: z.boolean().optional(),
    cache_control: z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).default('5m') }).nullish(),
  })
  .refine((tool) => !tool.allowed_domains || !tool.blocked_domains, {
    error: 'only one of allowed_domains and blocked_domains may be given',
    path: ['blocked_domains'],
  })
  .refine(({ type, allowed_callers }) => type === 'web_search_20250305' || allowed_callers?.length === 1, {
    error: 'the simulated Claude filters no results by code. Set it to ["direct"].',
    path: ['allowed_callers'],
  });
export type SearchTool = z.output<typeof searchToolSchema>;

/** Whether a result is of the domains that the tool may show. Subdomains count as their domain. */
export function isWanted({ allowed_domains, blocked_domains }: SearchTool, { url }: Found): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  const isOf = (domain: string): boolean => host === domain || host.endsWith(`.${domain}`);
  if (allowed_domains) return allowed_domains.some(isOf);
  return !blocked_domains?.some(isOf);
}
