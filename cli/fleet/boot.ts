import { join, relative } from 'node:path';
import { startSimulatedClaude, type SimulatedClaude, type SimulatedClaudeOptions } from '@agent-fleet/simulated-claude';
import { DamagedFile } from '@agent-fleet/local-cloud/data-folder';
import { startLocalCloud, type CloudEvent, type LocalCloud } from '@agent-fleet/local-cloud';
import type { FleetSystems } from '../system.ts';
import type { Output } from '../terminal/output.ts';
import { currentAssembly, type StackSettings } from './assembly.ts';
import {
  apiPlace,
  stackOutputs,
  supportOutputs,
  type ApiPlace,
  type StackOutputs,
  type SupportOutputs,
} from './connection.ts';
import { UserError } from '../user-error.ts';
import { ensureFolder } from './paths.ts';

export interface BootOptions extends StackSettings {
  readonly dataDir: string;
  /** Port of the AWS endpoint; 0 takes a free one. */
  readonly port: number;
  /** Port of the task API; 0 takes a free one. @default 0 */
  readonly apiPort?: number;
  /** Milliseconds one answer of the simulated model takes, or by what they are reckoned. */
  readonly latencyMs: number | SimulatedClaudeOptions['latency'];
  /** The key of the real model; null for the simulated one. */
  readonly apiKey: string | null;
  /** Hears all that the cloud says. */
  readonly onEvent?: (event: CloudEvent) => void;
}

export interface BootedFleet {
  readonly endpoint: string;
  /** Which model answers, for a person. */
  readonly model: string;
  readonly outputs: StackOutputs;
  readonly api: ApiPlace;
  /** Null when the assembly has no support stack. */
  readonly support: SupportOutputs | null;
  /** The simulated model; null for the real one. */
  readonly claude: SimulatedClaude | null;
  /** Kills all workers in the middle of their work, for tests of recovery. */
  crashWorkers(): Promise<void>;
  /** Lets running work end for at most `drainMs`, then stops everything. */
  close(drainMs: number): Promise<void>;
}

/** There is no X-Ray daemon on this machine to send segments to. */
const NO_TRACING = { POWERTOOLS_TRACE_ENABLED: 'false' };

/** Brings the whole fleet up on this machine: the cloud assembly on the local cloud, and a model to talk to. */
export async function bootFleet(system: FleetSystems, options: BootOptions, output: Output): Promise<BootedFleet> {
  output.progress('Preparing the stack …');
  const assembly = await currentAssembly(settingsOf(options), () =>
    output.progress('Synthesizing the stack (sources changed) …'),
  );
  output.progress('Starting the local cloud …');
  ensureFolder(options.dataDir);
  const claude = options.apiKey === null ? await simulatedClaude(system, options) : null;
  let closing = false;
  let cloud: LocalCloud;
  try {
    cloud = await startLocalCloud({
      assembly,
      dataDir: join(options.dataDir, 'cloud'),
      codeCache: join(assembly, '.code-cache'),
      port: options.port,
      apiPort: options.apiPort ?? 0,
      secrets: { 'model-api-key': options.apiKey ?? 'simulated' },
      environment: { ...NO_TRACING, ...(claude ? { ANTHROPIC_BASE_URL: claude.url } : {}) },
      // What is cut off by closing goes on at the next start: no news.
      onEvent: (event) => {
        options.onEvent?.(event);
        if (!closing) tell(event, output);
      },
    });
  } catch (error) {
    await claude?.close();
    throw bootError(error);
  }
  output.progress('');
  return {
    endpoint: cloud.endpoint,
    model: claude ? `simulated Claude at ${claude.url}` : 'the real Claude API',
    outputs: stackOutputs(cloud.outputs),
    api: apiPlace(cloud.outputs),
    support: supportOutputs(cloud.outputs),
    crashWorkers: () => cloud.crashWorkers(),
    claude,
    async close(drainMs) {
      closing = drainMs === 0;
      await cloud.close({ drainMs });
      await claude?.close();
    },
  };
}

function settingsOf({ agents, tasksPerWorker, warmWorkers }: BootOptions): StackSettings {
  return {
    agents,
    ...(tasksPerWorker !== undefined && { tasksPerWorker }),
    ...(warmWorkers !== undefined && { warmWorkers }),
  };
}

/** What a person can mend, with the remedy. */
function bootError(error: unknown): unknown {
  if (error instanceof DamagedFile)
    return new UserError(
      `The fleet cannot start. ${error.message}.`,
      'Bring that file back from a copy, or begin anew with npm run fleet -- reset. Nothing was changed.',
    );
  if (error instanceof Error && /ENOSPC|database or disk is full/.test(error.message))
    return new UserError(
      `The disk is full: ${error.message}.`,
      'Free some space and start again: nothing accepted is lost.',
    );
  return error;
}

async function simulatedClaude(system: FleetSystems, options: BootOptions): Promise<SimulatedClaude> {
  const { latencyMs } = options;
  return startSimulatedClaude({
    latency: typeof latencyMs === 'number' ? { kind: 'fixed', ms: latencyMs } : latencyMs,
    rules: system.claudeRules,
    dataDir: options.dataDir,
  });
}

/** Of the cloud's events a person wants to see only what went wrong or needs a look. */
function tell(event: CloudEvent, output: Output): void {
  switch (event.code) {
    case 'lambda.crash':
    case 'lambda.timeout':
    case 'lambda.init-error':
    case 'lambda.error':
      return output.line(`! ${event.function}: ${event.errorType}: ${event.message}`);
    case 'lambda.event-dropped':
    case 'mapping.failed':
      return output.line(`! ${event.function}: ${event.reason}`);
    case 'schedule.failed':
      return output.line(`! ${event.schedule}: ${event.reason}`);
    case 'api.failed':
      return output.line(`! ${event.method} ${event.path}: ${event.status}: ${event.reason}`);
    case 'mail.received':
      return output.line(`Mail: ${event.subject} (${relative(process.cwd(), event.file)})`);
    case 'cloud.ready':
    case 'resource.created':
    case 'lambda.cold-start':
    case 'lambda.log':
    case 'mapping.scaled':
    case 'mapping.gave-back':
    case 'schedule.fired':
      return undefined;
  }
}
