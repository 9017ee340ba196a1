import { z } from 'zod';
import { aggregateEnv } from '#functions/aggregate/env.ts';
import { aggregatePorts, mapErrorSchema, parseEnv, readRunDocuments, resultsRefSchema } from '#runtime/index.ts';

const ports = aggregatePorts(parseEnv(aggregateEnv));
const runSchema = z.object({
  runId: z.string(),
  uploadId: z.string(),
  results: resultsRefSchema.nullable(),
  mapError: mapErrorSchema.nullable(),
});

/** The fan-in of a run over letters: one line for each. */
export async function handler(input: unknown) {
  const run = runSchema.parse(input);
  const letters = await readRunDocuments(ports, { ...run, bucket: ports.bucket });
  const lines = letters.map(({ key, task, reason }) => JSON.stringify({ key, state: task?.state, reason }));
  const report = `runs/${run.runId}/report.jsonl`;
  await ports.artifacts.put({ bucket: ports.bucket, key: report }, lines.join('\n'), 'application/jsonl');
  return { runId: run.runId, letters: letters.length, report };
}
