import { z } from 'zod';

/** Settings of the research system, from `systems.research` in `config/*.json`. */
export const researchSettings = z.strictObject({
  /** Companies that are read in parallel. */
  agents: z.int().min(2).max(1_000).default(50),
});
