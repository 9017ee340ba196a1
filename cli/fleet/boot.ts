import { join, relative } from 'node:path';
import type { SimulatedClaude } from '@agent-fleet/simulated-claude';
import { otlpHeaders } from '#adapters/otel/headers.ts';
import { DamagedFile, FolderInUse } from '@agent-fleet/local-cloud/data-folder';
import {
  startLocalCloud,
  type ApiFront,
  type CloudEvent,
  type LocalCloud,
  type LocalCloudOptions,
} from '@agent-fleet/local-cloud';
import type { CliSystem } from '../system.ts';
import type { Output } from '../terminal/output.ts';
import { step } from '../terminal/step.ts';
import { inUse, lockStart } from './busy.ts';
import { currentAssembly, type Settings } from './assembly.ts';
import { localCredentials } from './connection.ts';
import { apiPlace, outputsBySystem, type ApiPlace, type FleetOutputs } from './outputs.ts';
import { checkProvider } from './model-key.ts';
import { UserError } from '../user-error.ts';
import { ensureFolder } from './paths.ts';
import { showAlarm } from './show-alarm.ts';
import { startSurroundings, type SurroundingsOptions } from './surroundings.ts';

export interface BootOptions extends SurroundingsOptions {
  /** CDK context over config/dev.json. @default none */
  readonly settings?: Settings;
  /** Port of the AWS endpoint; 0 picks a free one. */
  readonly port: number;
  /** Port of the task API; 0 picks a free one. @default 0 */
  readonly apiPort?: number;
  /** Serves requests at the port of the task API before the API does. @default none */
  readonly apiFront?: ApiFront;
  /** Environment variables of all functions, over those of this machine. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Receives every event of the cloud. */
  readonly onEvent?: (event: CloudEvent) => void;
}

export interface BootedFleet {
  readonly endpoint: string;
  /** The model in use, for a person. */
  readonly model: string;
  readonly outputs: FleetOutputs;
  readonly api: ApiPlace;
  /** The simulated model; null for the real one. */
  readonly claude: SimulatedClaude | null;
  /** Kills all workers in the middle of their work, for tests of recovery. */
  crashWorkers(): Promise<void>;
  /** Waits at most `drainMs` for running work, then stops everything. */
  close(drainMs: number): Promise<void>;
}

/**
 * What holds on this machine alone: X-Ray's SDK is not loaded, since its segments are not kept here; every trace is; and
 * functions that fetch pages may ask stand-ins of this machine if a task names one.
 */
const HERE = { POWERTOOLS_TRACE_ENABLED: 'false', TRACE_SAMPLE_RATE: '1', ALLOW_STAND_IN: '127.0.0.1' };

/** Spans of the fleet are kept here, and sent on to the receiver that the usual variables of OpenTelemetry name. */
function forwardedTraces(env: NodeJS.ProcessEnv): Pick<LocalCloudOptions, 'forwardTraces'> {
  const endpoint = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (endpoint === undefined || !URL.canParse(endpoint)) return {};
  return { forwardTraces: { endpoint, headers: otlpHeaders(env['OTEL_EXPORTER_OTLP_HEADERS']) } };
}

/**
 * Boots a fleet on this machine: the cloud assembly on the local cloud, with a model and the systems' stand-ins.
 * @param systems those whose rules and stand-ins it uses; the stacks follow from `options.settings`
 */
export async function bootFleet(
  systems: readonly CliSystem[],
  options: BootOptions,
  output: Output,
): Promise<BootedFleet> {
  checkProvider(options.apiKey, options.settings?.['model']?.toString());
  ensureFolder(options.dataDir);
  const unlock = lockStart(options.dataDir);
  try {
    return await boot(systems, options, output);
  } finally {
    unlock();
  }
}

async function boot(systems: readonly CliSystem[], options: BootOptions, output: Output): Promise<BootedFleet> {
  const local = Object.assign({}, ...systems.map(({ localSettings }) => localSettings)) as Settings;
  const assembly = await currentAssembly({ ...local, ...options.settings }, output);
  return step(output, 'Starting the local cloud', (about) => bootCloud(systems, options, assembly, output, about));
}

async function bootCloud(
  systems: readonly CliSystem[],
  options: BootOptions,
  assembly: string,
  output: Output,
  about: (text: string) => void,
): Promise<BootedFleet> {
  const surroundings = await startSurroundings(systems, options);
  const { claude } = surroundings;
  let closing = false;
  let cloud: LocalCloud;
  try {
    cloud = await startLocalCloud({
      assembly,
      dataDir: join(options.dataDir, 'cloud'),
      codeCache: join(assembly, '.code-cache'),
      port: options.port,
      apiPort: options.apiPort ?? 0,
      apiFront: options.apiFront,
      credentials: localCredentials(),
      secrets: { 'model-api-key': options.apiKey ?? 'simulated' },
      environment: { ...HERE, ...surroundings.environment, ...options.environment },
      ...forwardedTraces(process.env),
      // Work that closing interrupts continues at the next start: not worth a line.
      onEvent: (event) => {
        options.onEvent?.(event);
        if (event.code === 'resource.created') about(`${event.stack}, ${event.logicalId}`);
        else if (!closing) tell(event, output);
      },
    });
  } catch (error) {
    await surroundings.close();
    throw bootError(error, options.dataDir);
  }
  const close = async (drainMs: number): Promise<void> => {
    closing = drainMs === 0;
    await cloud.close({ drainMs });
    await surroundings.close();
  };
  const outputs = outputsBySystem(cloud.outputs);
  return {
    endpoint: cloud.endpoint,
    model: claude ? `simulated Claude at ${claude.url}` : 'the real Claude API',
    outputs,
    api: await placeOf(outputs, close),
    crashWorkers: () => cloud.crashWorkers(),
    claude,
    close,
  };
}

/** A fleet without a task API is stopped again. */
async function placeOf(outputs: FleetOutputs, close: (drainMs: number) => Promise<void>): Promise<ApiPlace> {
  try {
    return apiPlace(outputs);
  } catch (error) {
    await close(0);
    throw error;
  }
}

/** Turns errors that a person can fix into a `UserError`. */
function bootError(error: unknown, dataDir: string): unknown {
  if (error instanceof FolderInUse) return inUse(dataDir);
  if (error instanceof DamagedFile)
    return new UserError(
      `The fleet cannot start. ${error.message}.`,
      'Restore the file from a backup, or start over with npm run fleet -- reset. Nothing was changed.',
    );
  if (error instanceof Error && /ENOSPC|database or disk is full/.test(error.message))
    return new UserError(
      `The disk is full: ${error.message}.`,
      'Free some space and start again. Accepted tasks are not lost.',
    );
  return error;
}

/** Prints the events that a person should see: failures and mails. */
function tell(event: CloudEvent, output: Output): void {
  switch (event.code) {
    case 'lambda.crash':
    case 'lambda.timeout':
    case 'lambda.init-error':
    case 'lambda.error':
      return output.line(`! ${event.function}: ${event.errorType}: ${event.message}`);
    case 'lambda.event-dropped':
    case 'mapping.failed':
    case 'mapping.stream-failed':
      return output.line(`! ${event.function}: ${event.reason}`);
    case 'mapping.discarded':
      return output.line(
        `! ${event.function}: discarded ${event.records} records of ${event.shard}: ${event.condition}`,
      );
    case 'schedule.failed':
      return output.line(`! ${event.schedule}: ${event.reason}`);
    case 'api.failed':
      return output.line(`! ${event.method} ${event.path}: ${event.status}: ${event.reason}`);
    case 'alarm.changed':
      return showAlarm(event, output);
    case 'alarm.action-failed':
      return output.line(`! ${event.alarm}: the notification to ${event.action} failed: ${event.reason}`);
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
