import { defineAgent } from '#core/agents/define-agent.ts';
import { reportedClaimsSchema } from '../claims/claim.ts';
import { analystInputSchema } from './analyst-input.ts';
import { ANALYST_INSTRUCTIONS, renderSources } from './analyst-prompt.ts';
import { checkClaims, salvageClaims, type ClaimContext } from './check-claims.ts';
import { ANALYST } from './names.ts';

/** Reads what changed about one company. It has no tools, so a page can steer nothing but its answer. */
export const companyAnalyst = defineAgent({
  ...ANALYST,
  description: 'Reads what changed about one company and reports facts, each with a quote',
  system: ANALYST_INSTRUCTIONS,
  input: analystInputSchema,
  output: reportedClaimsSchema,
  // Two calls; the second repairs quotes.
  budget: { tokens: 250_000, usd: 0.1 },
  maxOutputTokens: 3_000,
  timeLimit: 120,
  maxSteps: 4,
  prepare: (input) => {
    const context: ClaimContext = input.documents;
    return Promise.resolve({ content: [{ type: 'text', text: renderSources(input) }], context });
  },
  check: checkClaims,
  salvage: salvageClaims,
});
