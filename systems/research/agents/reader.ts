import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';
import { nightItemSchema } from '../night/item.ts';
import { READER } from './names.ts';
import { FETCHING, scoutedBy, scoutOutputSchema, type ScoutOutput, type ScoutServices } from './scout.ts';
import { foundPagesSchema } from './searcher.ts';

const stageSchema = z.strictObject({ item: nightItemSchema, previous: foundPagesSchema });

/**
 * A second scout, which also fetches what the searcher found. It finds the pages of the first one in the snapshots of the
 * night, so no site is asked twice, and without new pages it comes to the same collection.
 */
export const reader = defineAgent<z.infer<typeof stageSchema>, ScoutOutput, undefined, ScoutServices>({
  ...READER,
  ...FETCHING,
  description: 'Fetches the pages that the searcher found, as politely as a scout',
  input: stageSchema,
  output: scoutOutputSchema,
  prepare: ({ item, previous }, io, services) => scoutedBy(services, io, item, previous.pages),
});
