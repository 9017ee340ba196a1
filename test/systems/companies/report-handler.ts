import { aggregateEnv } from '#functions/aggregate/env.ts';
import { aggregatePorts, parseEnv, pipelineEventSchema, readPipelineRows } from '#runtime/index.ts';

const ports = aggregatePorts(parseEnv(aggregateEnv));

/** The aggregator: one line for each company. */
export async function handler(event: unknown) {
  const { run, maps, problem } = pipelineEventSchema.parse(event);
  const lines: string[] = [];
  for (const map of maps)
    for await (const { item, status, stage, reason, output } of readPipelineRows(ports, map))
      lines.push(JSON.stringify({ id: item.id, status, stage, reason, output }));
  const report = `runs/${run.id}/report.jsonl`;
  await ports.artifacts.put({ bucket: ports.bucket, key: report }, lines.join('\n'), 'application/jsonl');
  return { runId: run.id, companies: lines.length, report, problem };
}
