import { cloudfrontEdgeMarks } from '#adapters/cloudfront/edge-marks.ts';
import { regionPartsHere } from '#adapters/dynamodb/regions/region-parts.ts';
import { logger } from '#runtime/observability/telemetry.ts';
import { traced } from '#runtime/observability/traced.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { markLostRegionsEnv } from './env.ts';
import { markLost } from './mark-lost.ts';

const env = parseEnv(markLostRegionsEnv);
const store = cloudfrontEdgeMarks({ store: env.DOWN_STORE });

/** Marks lost regions at the edge, and removes the marks of those that work again. */
export const handler = traced('mark-lost-regions', async (): Promise<void> => {
  const parts = regionPartsHere();
  if (!parts) throw new Error('It needs REGIONS, which a fleet of one region does not have.');
  const { lost, back, problem } = await markLost({ ...parts, store });
  for (const region of lost) logger.warn('region.marked-lost', { region });
  for (const region of back) logger.warn('region.marked-back', { region });
  if (problem !== undefined) throw problem;
});
