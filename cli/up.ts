import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findDocuments } from '#systems/documents/cli/find-documents.ts';
import { estimateCost } from '#systems/documents/cli/estimate.ts';
import { DEFAULT_AGENTS, DEFAULT_LATENCY_MS } from '#systems/documents/cli/command.ts';
import { announce, runDocuments } from '#systems/documents/cli/run-documents.ts';
import { bootFleet, type BootedFleet } from './fleet/boot.ts';
import { checkMachine } from './fleet/check-machine.ts';
import { connect } from './fleet/connection.ts';
import { modelKey, warnOfRealModel } from './fleet/model-key.ts';
import { ensureFolder, FLEET_HOME, MAIN_DATA } from './fleet/paths.ts';
import { register, unregister } from './fleet/registry.ts';
import { ensureLocalKey, LOCAL_KEY_FILE } from './keys/local-key.ts';
import { watchInterruption, type Interruption } from './interruption.ts';
import type { DocumentsSystem } from './system.ts';
import { duration } from './terminal/format.ts';
import type { Output } from './terminal/output.ts';

export interface UpOptions {
  readonly port: number;
  /** Port of the task API. */
  readonly apiPort: number;
  /** Whether the sample is run at the first start. */
  readonly sample: boolean;
}

const DRAIN_MS = 30_000;
/** Says that the sample was run: later starts leave it out. */
const SAMPLE_DONE = join(MAIN_DATA, 'sample.done');

/** `fleet up`: brings the fleet up, runs the sample at the first start, and keeps running until Ctrl-C. */
export async function upCommand(
  system: DocumentsSystem,
  { port, apiPort, sample }: UpOptions,
  output: Output,
): Promise<void> {
  const stop = watchInterruption();
  await checkMachine({ port, apiPort }, output);
  // What a killed fleet left: its process id may be another program's by now, and fleet down would end that one.
  unregister();
  const apiKey = modelKey();
  if (apiKey !== null) warnOfRealModel(output);
  const startedAt = performance.now();
  const options = { dataDir: MAIN_DATA, port, apiPort, agents: DEFAULT_AGENTS, latencyMs: DEFAULT_LATENCY_MS, apiKey };
  const fleet = await bootFleet(system, options, output);
  try {
    await ensureLocalKey({ ...fleet.api, endpoint: fleet.endpoint });
    announceFleet(fleet, performance.now() - startedAt, output);
    if (sample && apiKey === null && !existsSync(SAMPLE_DONE)) await runSample(system, fleet, stop, output);
    invite(fleet, output);
    await stop.fired;
  } finally {
    unregister();
    output.line('Draining: running tasks may end …');
    await fleet.close(DRAIN_MS);
    output.line('Stopped. Everything is kept; npm start carries on.');
  }
}

function announceFleet(fleet: BootedFleet, ms: number, output: Output): void {
  register({
    pid: process.pid,
    endpoint: fleet.endpoint,
    model: fleet.model,
    agents: DEFAULT_AGENTS,
    startedAt: new Date().toISOString(),
    outputs: fleet.outputs,
    api: fleet.api,
    support: fleet.support,
  });
  output.line(`The fleet is up (${duration(ms)}): ${DEFAULT_AGENTS} agents, ${fleet.model}.`);
}

async function runSample(
  system: DocumentsSystem,
  fleet: BootedFleet,
  stop: Interruption,
  output: Output,
): Promise<void> {
  const folder = join(FLEET_HOME, 'sample', 'contracts');
  // Leftovers of an interrupted first start would count as documents.
  rmSync(folder, { recursive: true, force: true });
  ensureFolder(folder);
  output.progress('Writing the sample contracts …');
  await system.writeSamples(folder);
  const documents = await findDocuments(folder);
  const estimate = await estimateCost(system.agent, documents, null);
  output.line();
  output.line(`A first run with sample contracts (${folder}); some of them are broken on purpose.`);
  announce(estimate, documents.length, output);
  const connection = connect(fleet.endpoint, fleet.outputs);
  try {
    const run = { runId: 'sample', documents, estimate, maxUsd: null, out: join(FLEET_HOME, 'sample', 'report') };
    await runDocuments({ connection, system, output, signal: stop.signal }, run);
    writeFileSync(SAMPLE_DONE, new Date().toISOString());
  } catch (error) {
    // Ctrl-C in the middle of the sample ends the fleet like Ctrl-C at any other time.
    if (!stop.signal.aborted) throw error;
  } finally {
    connection.close();
  }
}

function invite(fleet: BootedFleet, output: Output): void {
  output.line();
  output.line(`AWS endpoint   ${fleet.endpoint}   (aws --endpoint-url ${fleet.endpoint} s3 ls)`);
  output.line(`Upload bucket  s3://${fleet.outputs.UploadBucket}/uploads/<id>/…`);
  output.line(`Task API       ${fleet.api.url}   (${fleet.api.url}/openapi.json; your key is in ${LOCAL_KEY_FILE})`);
  output.line('  npm run fleet -- agents');
  output.line("  npm run fleet -- submit AGENT 'what to do' --wait");
  output.line(`  curl -H "Authorization: Bearer $(cat ${LOCAL_KEY_FILE})" ${fleet.api.url}/tasks`);
  output.line('Your contracts npm run fleet -- documents FOLDER   (in another terminal)');
  output.line('Ctrl-C stops the fleet.');
}
