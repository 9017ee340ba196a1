import { pipelineEventSchema, traced } from '#runtime/index.ts';
import { companiesOfRun } from '../../night/night-of-run.ts';
import { batchesOfRun } from '../../night/pairs-of-run.ts';
import { researchRunPorts } from '../brief-research/ports.ts';

const portsOf = researchRunPorts();

/** The barrier of a night: finds pairs over all companies, and writes the strategist's items. */
export const handler = traced('research-join', async (event: unknown) => {
  const parsed = pipelineEventSchema.parse(event);
  const { run } = parsed;
  const ports = portsOf(parsed);
  const companies = await companiesOfRun(ports, parsed);
  const night = companies.find(({ item }) => item !== null)?.item?.night;
  const researched = companies.map((company) => company.researched);
  const batches = night === undefined ? [] : batchesOfRun(researched, night, ports.digest);
  const items = { bucket: ports.bucket, key: `runs/${run.id}/pairs.jsonl` };
  const lines = batches.map(({ id, input }) => JSON.stringify({ id, ...input }));
  await ports.artifacts.put(items, lines.join('\n'), 'application/jsonl');
  return { items };
});
