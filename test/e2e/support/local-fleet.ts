import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { localClient, localCredentials } from '#cli/fleet/connection.ts';
import { startSimulatedClaude, type SimulatedClaudeOptions } from '@agent-fleet/simulated-claude';
import { startLocalCloud, type ApiFront, type CloudEvent, type LocalCloud } from '@agent-fleet/local-cloud';
import { assemblyOf, type Context, type StackName } from './assembly.ts';

export interface LocalFleetOptions {
  readonly stacks: readonly StackName[];
  /** The folder of an assembly to run instead of the stacks of this checkout. @default none */
  readonly assembly?: string;
  /** `-c` options in addition to those of dev. @default none */
  readonly context?: Context;
  /** @default the rules of the stacks, without latency */
  readonly claude?: Partial<SimulatedClaudeOptions>;
  /** Address of a real broker, which event source mappings of Kafka read. @default none */
  readonly kafkaBootstrap?: string | undefined;
  /** Serves requests on the task API's port before the API does. @default none */
  readonly apiFront?: ApiFront;
  /** Receives every event of the cloud. @default nobody */
  readonly onEvent?: ((event: CloudEvent) => void) | undefined;
}

/** A local cloud with synthesized stacks of dev, and the simulated Claude. */
export type LocalFleet = Awaited<ReturnType<typeof startLocalFleet>>;

export async function startLocalFleet(options: LocalFleetOptions) {
  const { stacks, context = {}, claude: model = {}, kafkaBootstrap, apiFront, onEvent } = options;
  const home = mkdtempSync(join(tmpdir(), 'fleet-e2e-'));
  const rules = stacks.flatMap(rulesOf);
  const claude = await startSimulatedClaude({ latency: { kind: 'fixed', ms: 0 }, rules, dataDir: home, ...model });
  const dataDir = join(home, 'cloud');
  const start = (assembly: string, port: number, apiPort: number): Promise<LocalCloud> =>
    startLocalCloud({
      assembly,
      dataDir,
      port,
      apiPort,
      credentials: localCredentials(),
      secrets: { 'model-api-key': 'simulated' },
      environment: { POWERTOOLS_TRACE_ENABLED: 'false', ALLOW_STAND_IN: '127.0.0.1', ...claude.environment },
      ...(kafkaBootstrap !== undefined && { kafkaBootstrap }),
      ...(apiFront && { apiFront }),
      ...(onEvent && { onEvent }),
    });
  let cloud = await start(options.assembly ?? (await assemblyOf(stacks, context)), 0, 0);
  const url = (cloud.apis[0]?.url ?? '').replace(/\/$/, '');
  const replace = async (assembly: string, drainMs: number): Promise<void> => {
    // The addresses stay, as on AWS.
    const [port, apiPort] = [cloud.endpoint, url].map((each) => Number(new URL(each).port));
    await cloud.close({ drainMs });
    cloud = await start(assembly, port ?? 0, apiPort ?? 0);
  };
  return {
    get cloud() {
      return cloud;
    },
    claude,
    /** The folder of the fleet's data and of the model's ledger. */
    home,
    /** The data folder of the cloud. */
    dataDir,
    /** The URL of the task API. */
    url,
    /** Options for SDK clients. */
    get client() {
      return localClient(cloud.endpoint);
    },
    /** Returns an output of a stack of dev, e.g. `platform`. Throws if the stack does not have it. */
    output: (stack: string, name: string): string => outputOf(cloud, stack, name),
    /** Prepares a deploy of other stacks, or with other options. The returned function replaces everything that runs: functions, mappings, API. */
    async prepare(others: readonly StackName[], changed: Context = {}) {
      const assembly = await assemblyOf(others, { ...context, ...changed });
      return (drainMs: number): Promise<void> => replace(assembly, drainMs);
    },
    /** Replaces everything that runs by another assembly. Running work has `drainMs` milliseconds to end. */
    replace,
    async [Symbol.asyncDispose](): Promise<void> {
      await cloud.close({ drainMs: 0 });
      await claude.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export function outputOf(cloud: LocalCloud, stack: string, name: string): string {
  const value = cloud.outputs[`fleet-dev-${stack}`]?.[name];
  if (value === undefined) throw new Error(`The stack ${stack} has no output ${name}.`);
  return value;
}

/** Returns the simulated Claude's rules of a stack, which are in its folder. */
function rulesOf(stack: StackName): string[] {
  const places = [`systems/${stack}/simulated-claude`, `test/systems/${stack}`];
  return places.map((place) => resolve(place, `${stack}.rule.ts`)).filter((file) => existsSync(file));
}
