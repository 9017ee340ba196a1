import { fileURLToPath } from 'node:url';

export { startSimulatedClaude, type SimulatedClaude } from './start.ts';
export type { SimulatedClaudeOptions } from './options.ts';
export type { Rule } from './rules.ts';
/** The API's rate limits, for simulations that run without HTTP. */
export { RateLimiter } from './rate-limits.ts';
/** Checks a schema against the API's limits for structured output. */
export { compileOutputSchema } from './output-schema.ts';

/**
 * Path of the rule for agents that have no rule of their own. It calls each tool once, then fills in the output
 * schema. It matches almost every request, so pass it last.
 */
export const IMPROVISE_RULE = fileURLToPath(new URL('./improvise.rule.ts', import.meta.url));
