import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startSimulatedClaude, type SimulatedClaudeOptions } from '@agent-fleet/simulated-claude';
import { startLocalCloud, type CloudEvent, type LocalCloud } from '@agent-fleet/local-cloud';
import { assemblyOf, type Context, type StackName } from './assembly.ts';

export interface LocalFleetOptions {
  readonly stacks: readonly StackName[];
  /** `-c` options beside those of dev. @default none */
  readonly context?: Context;
  /** @default the rules of the stacks, answered at once */
  readonly claude?: Partial<SimulatedClaudeOptions>;
  /** Receives every event of the cloud. @default nobody */
  readonly onEvent?: ((event: CloudEvent) => void) | undefined;
}

/** Where the SDK's clients find a local cloud. */
export const clientOf = ({ endpoint }: Pick<LocalCloud, 'endpoint'>) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/** Stacks of dev as they are on AWS: synthesized, on the local cloud, answered by the simulated Claude. */
export type LocalFleet = Awaited<ReturnType<typeof startLocalFleet>>;

export async function startLocalFleet({ stacks, context = {}, claude: model = {}, onEvent }: LocalFleetOptions) {
  const home = mkdtempSync(join(tmpdir(), 'fleet-e2e-'));
  const rules = stacks.flatMap(rulesOf);
  const claude = await startSimulatedClaude({ latency: { kind: 'fixed', ms: 0 }, rules, dataDir: home, ...model });
  const dataDir = join(home, 'cloud');
  const start = (assembly: string, apiPort: number): Promise<LocalCloud> =>
    startLocalCloud({
      assembly,
      dataDir,
      port: 0,
      apiPort,
      secrets: { 'model-api-key': 'simulated' },
      environment: { POWERTOOLS_TRACE_ENABLED: 'false', ANTHROPIC_BASE_URL: claude.url },
      ...(onEvent && { onEvent }),
    });
  let cloud = await start(await assemblyOf(stacks, context), 0);
  const url = (cloud.apis[0]?.url ?? '').replace(/\/$/, '');
  return {
    get cloud() {
      return cloud;
    },
    claude,
    /** The folder of all that the fleet keeps, and of the model's ledger. */
    home,
    /** What the cloud keeps. */
    dataDir,
    /** Where the task API answers. */
    url,
    /** Where the SDK's clients find it. */
    get client() {
      return clientOf(cloud);
    },
    /** An output of a stack of dev, `platform` for one. Throws when there is none. */
    output: (stack: string, name: string): string => outputOf(cloud, stack, name),
    /** Prepares a deploy of other stacks; what it returns replaces all that runs: functions, queues' mappings, API. */
    async prepare(others: readonly StackName[]) {
      const assembly = await assemblyOf(others, context);
      return async (drainMs: number): Promise<void> => {
        await cloud.close({ drainMs });
        cloud = await start(assembly, Number(new URL(url).port));
      };
    },
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

/** A stack's rules for the simulated Claude lie beside it. */
function rulesOf(stack: StackName): string[] {
  const places = [`systems/${stack}/simulated-claude`, `test/systems/${stack}`];
  return places.map((place) => resolve(place, `${stack}.rule.ts`)).filter((file) => existsSync(file));
}
