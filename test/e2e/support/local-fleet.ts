import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FleetApp } from '#lib/fleet-app.ts';
import { startSimulatedClaude, type SimulatedClaude, type SimulatedClaudeOptions } from '@agent-fleet/simulated-claude';
import { startLocalCloud, type LocalCloud } from '@agent-fleet/local-cloud';

export interface LocalFleetOptions {
  /** Adds the systems to the app of dev. */
  readonly add: (app: FleetApp) => void;
  readonly claude: SimulatedClaudeOptions;
  /** Hears all that the cloud says. @default nobody */
  readonly onEvent?: Parameters<typeof startLocalCloud>[0]['onEvent'];
}

/** Some systems' stacks of dev as they are on AWS: synthesized, on the local cloud, answered by the simulated Claude. */
export interface LocalFleet {
  readonly cloud: LocalCloud;
  readonly claude: SimulatedClaude;
  /** What the cloud keeps. */
  readonly dataDir: string;
  /** Where the SDK's clients find it. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** An output of a stack. Throws when there is none. */
  output(stack: string, name: string): string;
  close(): Promise<void>;
}

export async function startLocalFleet({ add, claude: model, onEvent }: LocalFleetOptions): Promise<LocalFleet> {
  const home = mkdtempSync(join(tmpdir(), 'fleet-e2e-'));
  const assembly = join(home, 'cdk.out');
  const app = new FleetApp({ outdir: assembly, builtinCloudFormationValidation: false, context: { env: 'dev' } });
  add(app);
  app.synth();
  const claude = await startSimulatedClaude({ latency: { kind: 'fixed', ms: 0 }, ...model });
  const dataDir = join(home, 'cloud');
  const cloud = await startLocalCloud({
    assembly,
    dataDir,
    port: 0,
    secrets: { 'model-api-key': 'simulated' },
    environment: { POWERTOOLS_TRACE_ENABLED: 'false', ANTHROPIC_BASE_URL: claude.url },
    ...(onEvent !== undefined && { onEvent }),
  });
  return {
    cloud,
    claude,
    dataDir,
    client: {
      endpoint: cloud.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
    output(stack, name) {
      const value = cloud.outputs[stack]?.[name];
      if (value === undefined) throw new Error(`The stack ${stack} has no output ${name}.`);
      return value;
    },
    async close() {
      await cloud.close({ drainMs: 0 });
      await claude.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
