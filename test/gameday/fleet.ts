import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { localCredentials } from '#cli/fleet/connection.ts';
import { apiPlace, outputsBySystem } from '#cli/fleet/outputs.ts';
import { FLEET_HOME, MAIN_DATA, PROJECT, ensureFolder } from '#cli/fleet/paths.ts';
import { register, unregister } from '#cli/fleet/registry.ts';
import { ensureLocalKey, readLocalKey } from '#cli/keys/local-key.ts';
import { FleetApp } from '#lib/fleet-app.ts';
import { startLocalCloud, type LocalCloud } from '@agent-fleet/local-cloud';
import { startSimulatedClaude, type SimulatedClaude } from '@agent-fleet/simulated-claude';
import { GamedayStack } from './system/stack.ts';

/** A part of the name of the agent's worker function, and of no other function's. */
const WORKER = 'GamedayWorker';

/** Milliseconds of an answer of the simulated model. */
const LATENCY_MS = 200;

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface GamedayFleet {
  readonly cloud: LocalCloud;
  readonly claude: SimulatedClaude;
  /** Submits a task of the game day's agent. Returns its id. */
  submit(body: {
    readonly does: string;
    readonly sessionId?: string;
    readonly callback?: { readonly url: string };
  }): Promise<string>;
  get(path: string): Promise<unknown>;
  /** Kills the workers of the agent. The rest of the fleet lives. */
  killWorkers(): Promise<void>;
  /** Runs a command as it is written in the runbook. */
  run(command: string): Promise<Ran>;
  close(): Promise<void>;
}

/** Boots the game day's fleet: its own agent, the platform and the task API, on the local cloud. */
export async function startGamedayFleet(): Promise<GamedayFleet> {
  ensureFolder(MAIN_DATA);
  const assembly = synthesize(join(FLEET_HOME, 'cdk.out'));
  const rules = [resolve(import.meta.dirname, 'system/gameday.rule.ts')];
  const claude = await startSimulatedClaude({ latency: { kind: 'fixed', ms: LATENCY_MS }, rules, dataDir: FLEET_HOME });
  const cloud = await startLocalCloud({
    assembly,
    dataDir: join(MAIN_DATA, 'cloud'),
    port: 0,
    apiPort: 0,
    credentials: localCredentials(),
    secrets: { 'model-api-key': 'simulated' },
    environment: { POWERTOOLS_TRACE_ENABLED: 'false', ALLOW_STAND_IN: '127.0.0.1', ...claude.environment },
  });
  const outputs = outputsBySystem(cloud.outputs);
  const api = apiPlace(outputs);
  await ensureLocalKey({ ...api, endpoint: cloud.endpoint });
  const { endpoint } = cloud;
  register({ pid: process.pid, endpoint, model: 'simulated', startedAt: new Date().toISOString(), outputs, api });
  const call = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(api.url + path, {
      headers: { authorization: `Bearer ${readLocalKey() ?? ''}`, 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status}: ${await response.text()}`);
    return response.json();
  };
  return {
    cloud,
    claude,
    async submit({ does, ...body }) {
      const { id } = (await call('/tasks', { agent: 'gameday', input: { does }, ...body })) as { id: string };
      return id;
    },
    get: (path) => call(path),
    killWorkers: () => cloud.crashWorkers((functionName) => functionName.includes(WORKER)),
    run: (command) => runInShell(command),
    async close() {
      unregister();
      await cloud.close({ drainMs: 0 });
      await claude.close();
    },
  };
}

function synthesize(outdir: string): string {
  const app = new FleetApp({ outdir, builtinCloudFormationValidation: false, context: { env: 'dev' } });
  app.add(GamedayStack);
  app.synth();
  return outdir;
}

/** Seconds that a command of the runbook may take. */
const COMMAND_MS = 60_000;

/** As a person types it, with the home of this fleet. */
const runInShell = (command: string): Promise<Ran> =>
  new Promise((done) => {
    const options = { cwd: PROJECT, timeout: COMMAND_MS, env: { ...process.env, FLEET_HOME } };
    execFile('bash', ['-c', command], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      done({ code, stdout, stderr });
    });
  });
