import { aggregateEnv } from '#functions/aggregate/env.ts';
import { aggregatePorts, keepsReport, parseEnv, pipelineEventSchema, readPipelineRows } from '#runtime/index.ts';

const ports = aggregatePorts(parseEnv(aggregateEnv));

/** The aggregator: one line for each company. */
export async function handler(event: unknown) {
  const { run, maps, problem, ...keep } = pipelineEventSchema.parse(event);
  const report = `runs/${run.id}/report.jsonl`;
  if (await keepsReport(ports, keep, report)) return { runId: run.id, report, problem };
  const lines: string[] = [];
  for (const map of maps)
    for await (const { item, status, stage, reason, output } of readPipelineRows(ports, map))
      lines.push(JSON.stringify({ id: item.id, status, stage, reason, output }));
  await ports.artifacts.put({ bucket: ports.bucket, key: report }, lines.join('\n'), 'application/jsonl');
  return { runId: run.id, companies: lines.length, report, problem };
}
