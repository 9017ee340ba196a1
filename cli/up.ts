import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROFILE } from '@agent-fleet/local-cloud/access-key';
import { openConsole, type Console } from './console/front.ts';
import { currentConsole } from './console/build.ts';
import { bootFleet, type BootedFleet } from './fleet/boot.ts';
import { checkMachine } from './fleet/check-machine.ts';
import { modelKey, warnOfRealModel } from './fleet/model-key.ts';
import { CREDENTIALS_FILE, MAIN_DATA } from './fleet/paths.ts';
import { register, unregister } from './fleet/registry.ts';
import { watchInterruption, type Interruption } from './interruption.ts';
import { ensureLocalKey, LOCAL_KEY_FILE, readLocalKey } from './keys/local-key.ts';
import type { CliSystem } from './system.ts';
import { duration } from './terminal/format.ts';
import type { Output } from './terminal/output.ts';
import { Interrupted } from './user-error.ts';

export interface UpOptions {
  readonly port: number;
  /** Port of the task API. */
  readonly apiPort: number;
  /** Whether samples run at the first start. */
  readonly sample: boolean;
  /** Whether the systems are all that there are. */
  readonly all: boolean;
}

const DRAIN_MS = 30_000;
/** What one answer of the simulated model takes. */
const LATENCY_MS = 2_400;

/** `fleet up`: starts the fleet, runs samples at the first start, and keeps it running until Ctrl-C. */
export async function upCommand(
  systems: readonly CliSystem[],
  { port, apiPort, sample, all }: UpOptions,
  output: Output,
): Promise<void> {
  const stop = watchInterruption();
  const names = systems.map(({ name }) => name).join(',');
  const others = [...(all ? [] : ['--systems', names]), ...(sample ? [] : ['--no-sample'])];
  await checkMachine({ port, apiPort, others }, output);
  // A killed fleet leaves its file behind. Its process id may belong to another program by now, which fleet down would end.
  unregister();
  const apiKey = modelKey();
  if (apiKey !== null) warnOfRealModel(output);
  const startedAt = performance.now();
  const settings = all ? {} : { systems: names };
  const consoleApp = openConsole({ folder: await currentConsole(output), key: readLocalKey });
  const boot = {
    dataDir: MAIN_DATA,
    port,
    apiPort,
    apiFront: consoleApp.front,
    settings,
    latencyMs: LATENCY_MS,
    apiKey,
  };
  const fleet = await orStopped(bootFleet(systems, boot, output), stop);
  try {
    await ensureLocalKey({ ...fleet.api, endpoint: fleet.endpoint });
    announceFleet(fleet, output, performance.now() - startedAt, names);
    if (sample && apiKey === null) await runSamples(systems, fleet, stop, output);
    invite(systems, { fleet, consoleApp }, output);
    await stop.fired;
  } finally {
    unregister();
    output.line('Draining: waiting for running tasks …');
    await fleet.close(DRAIN_MS);
    output.line('Stopped. All data is kept; npm start continues.');
  }
}

/** Ctrl-C while the fleet boots ends the program at once: what is stored survives a kill at any moment. */
function orStopped<Booted>(booting: Promise<Booted>, stop: Interruption): Promise<Booted> {
  const stopped = stop.fired.then((): never => {
    throw new Interrupted('Stopped before the fleet was up.', 'Nothing is lost; npm start starts it again.');
  });
  return Promise.race([booting, stopped]);
}

function announceFleet(fleet: BootedFleet, output: Output, ms: number, names: string): void {
  const { endpoint, model, outputs, api } = fleet;
  register({ pid: process.pid, endpoint, model, startedAt: new Date().toISOString(), outputs, api });
  output.line(`The fleet is up (${duration(ms)}): ${names.replaceAll(',', ', ')}; ${model}.`);
}

/** Says that a system's sample has run: later starts leave it out. Version 0.1 had one file, for its only sample. */
const sampleDone = (name: string): string => join(MAIN_DATA, `sample-${name}.done`);
const SAMPLE_DONE_BEFORE = join(MAIN_DATA, 'sample.done');

async function runSamples(
  systems: readonly CliSystem[],
  fleet: BootedFleet,
  stop: Interruption,
  output: Output,
): Promise<void> {
  if (existsSync(SAMPLE_DONE_BEFORE)) return;
  for (const { name, sample } of systems) {
    if (sample === undefined || existsSync(sampleDone(name))) continue;
    try {
      const { endpoint, outputs } = fleet;
      const own = { ...outputs['platform'], ...outputs[name] };
      await sample({ endpoint, outputs: own, output, signal: stop.signal });
      writeFileSync(sampleDone(name), new Date().toISOString(), { mode: 0o600 });
    } catch (error) {
      // Ctrl-C during the sample stops the fleet as at any other time.
      if (!stop.signal.aborted) throw error;
      return;
    }
  }
}

interface Up {
  readonly fleet: BootedFleet;
  readonly consoleApp: Console;
}

function invite(systems: readonly CliSystem[], { fleet, consoleApp }: Up, output: Output): void {
  const { endpoint, api, outputs } = fleet;
  const hint = (label: string, text: string): void => output.line(`${label.padEnd(15)}${text}`);
  output.line();
  hint('Console', `${consoleApp.newLink(api.url)}   (opens once; npm run fleet -- console prints a new link)`);
  hint('AWS endpoint', `${endpoint}   (aws --endpoint-url ${endpoint} s3 ls)`);
  hint('AWS profile', `export AWS_SHARED_CREDENTIALS_FILE='${CREDENTIALS_FILE}' AWS_PROFILE=${PROFILE}`);
  hint('Task API', `${api.url}   (${api.url}/openapi.json; your key is in ${LOCAL_KEY_FILE})`);
  output.line('  npm run fleet -- agents');
  output.line("  npm run fleet -- submit AGENT 'what to do' --wait");
  output.line(`  curl -H "Authorization: Bearer $(cat ${LOCAL_KEY_FILE})" ${api.url}/tasks`);
  for (const { name, hints } of systems)
    for (const [label, text] of Object.entries(hints?.(outputs[name] ?? {}) ?? {})) hint(label, text);
  output.line('Ctrl-C stops the fleet.');
}
