import { defineAgent } from '#core/agents/define-agent.ts';
import { findingsSchema, type Severity, type Specialist } from '../findings/finding.ts';
import { checkFindings, placeFindings, salvageFindings, type CheckContext } from './check-findings.ts';
import { INSTRUCTIONS, lastWords } from './instructions.ts';
import { agentNameOf, TIERS } from './names.ts';
import { renderReview } from './prompt.ts';
import { reviewInputSchema } from './review-input.ts';
import { cachingOf, tokensWith } from './shared-change.ts';

/** What differs between the specialists, besides their instructions. */
const SETTINGS = {
  security: { usd: 0.5, upTo: 'critical', looksFor: 'what an attacker could use' },
  style: { usd: 0.2, upTo: 'medium', looksFor: 'leftovers and names that differ from their file' },
  logic: { usd: 0.5, upTo: 'critical', looksFor: 'what makes the program do the wrong thing' },
  tests: { usd: 0.2, upTo: 'medium', looksFor: 'branches without a test and tests that were removed' },
} as const satisfies Record<Specialist, { usd: number; upTo: Severity; looksFor: string }>;

const defineSpecialist = (specialist: Specialist) => {
  const { usd, upTo, looksFor } = SETTINGS[specialist];
  return defineAgent({
    name: agentNameOf(specialist),
    version: '1',
    description: `Reviews a part of a change for ${looksFor}`,
    tier: TIERS[specialist],
    system: INSTRUCTIONS,
    input: reviewInputSchema,
    output: findingsSchema,
    // Two calls, the second one repairs quotes. An upper bound: a byte of code counts as a token.
    budget: { tokens: 250_000, usd },
    maxOutputTokens: 3_000,
    timeLimit: 120,
    deadline: 3_600,
    maxSteps: 4,
    prepare: (input) => {
      const context: CheckContext = { files: input.files, upTo };
      const text = renderReview(input);
      const isShared = cachingOf(specialist, input.files, tokensWith(text)) !== 'none';
      const change = { type: 'text' as const, text, ...(isShared && { isShared }) };
      return Promise.resolve({ content: [change, { type: 'text', text: lastWords(specialist) }], context });
    },
    check: checkFindings,
    annotate: placeFindings,
    salvage: salvageFindings,
  });
};

export const securityReviewer = defineSpecialist('security');
export const styleReviewer = defineSpecialist('style');
export const logicReviewer = defineSpecialist('logic');
export const testsReviewer = defineSpecialist('tests');

/** The four specialists. None of them has a tool. */
export const specialists = [securityReviewer, styleReviewer, logicReviewer, testsReviewer] as const;
