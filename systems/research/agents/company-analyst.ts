import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';
import { reportedClaimsSchema, type ReportedClaims } from '../claims/claim.ts';
import type { CompanyMemory } from '../memory/memory.ts';
import type { KeptDocument } from '../night/collected.ts';
import { nightItemSchema, type NightItem } from '../night/item.ts';
import { marked } from '../night/read-before.ts';
import { readingOf } from '../night/reading.ts';
import { ANALYST_INSTRUCTIONS, renderSources } from './analyst-prompt.ts';
import { checkClaims, salvageClaims, type ClaimContext } from './check-claims.ts';
import { ANALYST } from './names.ts';
import { scoutOutputSchema } from './scout.ts';

/** The second stage of a night: a company, and what its scout has collected. */
const stageSchema = z.strictObject({ item: nightItemSchema, previous: scoutOutputSchema });

export interface AnalystServices {
  /** What a scout collected. */
  collected(tenant: string, key: string): Promise<readonly KeptDocument[]>;
  /** What earlier nights left of a company. */
  recall(tenant: string, item: NightItem): Promise<CompanyMemory | null>;
}

/** Reads what changed about one company. It has no tools, so a page can steer nothing but its answer. */
export const companyAnalyst = defineAgent<z.infer<typeof stageSchema>, ReportedClaims, ClaimContext, AnalystServices>({
  ...ANALYST,
  description: 'Reads what changed about one company and reports facts, each with a quote',
  system: ANALYST_INSTRUCTIONS,
  input: stageSchema,
  output: reportedClaimsSchema,
  // Two calls; the second repairs quotes.
  budget: { tokens: 250_000, usd: 0.1 },
  maxOutputTokens: 3_000,
  timeLimit: 120,
  maxSteps: 4,
  prepare: async (given, { tenant }, services) => {
    const input = await toRead(given, tenant, services);
    if (input === null) return { output: { claims: [] } };
    const context: ClaimContext = input.documents;
    return { content: [{ type: 'text', text: renderSources(input) }], context };
  },
  check: checkClaims,
  salvage: salvageClaims,
});

/** What differs from what an analyst last read. Null if nothing does: then no model is called. */
async function toRead({ item, previous }: z.infer<typeof stageSchema>, tenant: string, services: AnalystServices) {
  if (previous.collected === null) return null;
  const [documents, memory] = await Promise.all([
    services.collected(tenant, previous.collected),
    services.recall(tenant, item),
  ]);
  return readingOf(item, marked(documents, memory), item.night).input;
}
