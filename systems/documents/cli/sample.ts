import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureFolder, FLEET_HOME } from '#cli/fleet/paths.ts';
import type { FleetToSample } from '#cli/system.ts';
import { contractAnalyst } from '../agents/contract-analyst.ts';
import { DEFAULT_SAMPLE, writeSamples } from '../samples/samples.ts';
import { connectDocuments } from './connection.ts';
import { estimateCost } from './estimate.ts';
import { findDocuments } from './find-documents.ts';
import { announce, runDocuments } from './run-documents.ts';

/** The sample of the first start: generates contracts, some of them broken, and runs them through the fleet. */
export async function runSample({ endpoint, outputs, output, signal }: FleetToSample): Promise<void> {
  const folder = join(FLEET_HOME, 'sample', 'contracts');
  // Leftovers of an interrupted first start would count as documents.
  rmSync(folder, { recursive: true, force: true });
  ensureFolder(folder);
  output.progress('Writing the sample contracts …');
  await writeSamples(folder, DEFAULT_SAMPLE);
  const documents = await findDocuments(folder);
  const estimate = await estimateCost(contractAnalyst, documents, null);
  output.line();
  output.line(`First run, with sample contracts from ${folder}. Some of them are broken on purpose.`);
  announce(estimate, documents.length, output);
  const connection = connectDocuments({ endpoint, outputs: { documents: outputs } });
  try {
    const out = join(FLEET_HOME, 'sample', 'report');
    await runDocuments({ connection, output, signal }, { runId: 'sample', documents, estimate, maxUsd: null, out });
  } finally {
    connection.close();
  }
}
