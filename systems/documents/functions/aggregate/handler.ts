import type { Context } from 'aws-lambda';
import { aggregateEnv } from '#functions/aggregate/env.ts';
import { aggregatePorts, logger, parseEnv } from '#runtime/index.ts';
import { aggregateRun, aggregateInputSchema, type AggregateOutput } from './aggregate-run.ts';

const ports = aggregatePorts(parseEnv(aggregateEnv));

/** The fan-in of a documents run. The state machine calls it; it writes the report and returns the totals. */
export async function handler(input: unknown, context: Context): Promise<AggregateOutput> {
  logger.addContext(context);
  const run = aggregateInputSchema.parse(input);
  logger.appendKeys({ runId: run.runId, uploadId: run.uploadId });
  const output = await aggregateRun(ports, run);
  logger.info('run.reported', { ...output });
  return output;
}
