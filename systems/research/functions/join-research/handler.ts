import { pipelineEventSchema, traced } from '#runtime/index.ts';
import { companiesOfRun } from '../../night/night-of-run.ts';
import { batchesOfRun } from '../../night/pairs-of-run.ts';
import { researchRunPorts } from '../brief-research/ports.ts';

const ports = researchRunPorts();

/** The barrier of a night: finds pairs over all companies, and writes the strategist's items. */
export const handler = traced('research-join', async (event: unknown) => {
  const { run, ...rest } = pipelineEventSchema.parse(event);
  const companies = await companiesOfRun(ports, { run, ...rest });
  const night = companies.find(({ item }) => item !== null)?.item?.night;
  const researched = companies.map((company) => company.researched);
  const batches = night === undefined ? [] : batchesOfRun(researched, night, ports.digest);
  const items = { bucket: ports.bucket, key: `runs/${run.id}/pairs.jsonl` };
  const lines = batches.map(({ id, input }) => JSON.stringify({ id, ...input }));
  await ports.artifacts.put(items, lines.join('\n'), 'application/jsonl');
  return { items };
});
