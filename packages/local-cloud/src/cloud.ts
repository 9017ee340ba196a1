import { join, resolve } from 'node:path';
import { ensureAccessKey } from './access-key.ts';
import { AssemblyError } from './assembly/errors.ts';
import { readAssembly } from './assembly/manifest.ts';
import type { StackArtifact } from './assembly/manifest.ts';
import { checkDatabases, lockDataFolder } from './data-folder.ts';
import type { CloudEvent, OnEvent } from './events.ts';
import { openGateway } from './gateway/gateway.ts';
import { Principals } from './gateway/principals.ts';
import type { Credentials } from './gateway/principals.ts';
import { removeLeftovers } from './resources/leftovers.ts';
import { provisionStack } from './resources/provision.ts';
import type { RegisteredResource } from './resources/provision.ts';
import { withLocalUrls } from './services/apigateway/endpoints.ts';
import type { ApiFront } from './services/apigateway/data-plane/front.ts';
import type { ApiEndpoint } from './services/apigateway/endpoints.ts';
import type { CallService } from './services/service.ts';
import type { ForwardOptions } from './services/xray/forward.ts';
import { openServices } from './wiring.ts';

export type { CloudEvent } from './events.ts';

export interface LocalCloudOptions {
  /** The folder of the cloud assembly that `cdk synth` writes, usually `cdk.out`. */
  readonly assembly: string;
  /** Ids or names of the stacks to run. Their dependencies run too. @default all */
  readonly stacks?: readonly string[];
  /** The folder for all state. A later start on the same folder continues. */
  readonly dataDir: string;
  /** The folder for the compiled code of functions, so that they start faster next time. @default below `dataDir` */
  readonly codeCache?: string;
  /** The port of all services. 0 picks a free port. @default 4566 */
  readonly port?: number;
  /** The port of REST APIs, opened only when a stack has one. 0 picks a free port. @default 4400, or a free port if `port` is 0 */
  readonly apiPort?: number;
  /** Serves requests on the port of REST APIs, or passes them on to the APIs. @default the APIs serve all of them */
  readonly apiFront?: ApiFront | undefined;
  /** Values of CloudFormation parameters by name. @default the defaults of the template */
  readonly parameters?: Readonly<Record<string, string>>;
  /**
   * Values of secrets by name, by the part of the name after the last `/`, or by logical id. They stay in memory, and only
   * the roles of the template may read them, not the machine's own user.
   * @default the value in the template, or a random one
   */
  readonly secrets?: Readonly<Record<string, string>>;
  /**
   * Address of a Kafka broker on this machine, for event source mappings of Kafka: `127.0.0.1:9092`. They never read the
   * cluster that the template names. `npm run kafka` starts a broker.
   */
  readonly kafkaBootstrap?: string;
  /** Environment variables added to every function. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A receiver of OTLP over HTTP that gets every span too. @default none */
  readonly forwardTraces?: ForwardOptions;
  /** The access key of the machine's own user. @default a random one, in the file `credentials` of `dataDir` */
  readonly credentials?: Credentials | undefined;
  readonly onEvent?: (event: CloudEvent) => void;
}

/** A running cloud. */
export interface LocalCloud {
  /** The access key of the machine's own user, who may do everything. */
  readonly credentials: Credentials;
  /** The URL of all services, such as `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** Every stage of every API, with its URL. */
  readonly apis: readonly ApiEndpoint[];
  /** Outputs by stack name and output name. URLs of APIs are local. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Every resource with its resolved properties. */
  readonly resources: readonly RegisteredResource[];
  /** Calls the API of a service in-process. */
  readonly call: CallService;
  /**
   * Kills Lambda environments while they work, to test recovery: those of all functions, or of the ones whose name is meant.
   * New environments start on demand.
   */
  crashWorkers(isMeant?: (functionName: string) => boolean): Promise<void>;
  /**
   * Stops polling and schedules, waits at most `drainMs` (default 10 s) for running work, then closes everything.
   * No stored work is lost: a later start on the same data folder continues.
   */
  close(options?: { drainMs?: number }): Promise<void>;
}

/**
 * Runs the stacks of a cloud assembly on this machine. Throws an `AssemblyError` with the resource and the remedy when
 * something cannot run here. After an error nothing stays open.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const assembly = readAssembly(options.assembly, options.stacks);
  const dataDir = resolve(options.dataDir);
  const onEvent: OnEvent = options.onEvent ?? (() => {});
  const location = locationOf(assembly.stacks);
  const credentials = options.credentials ?? ensureAccessKey(join(dataDir, 'credentials'));
  const unlock = lockSoundFolder(dataDir);
  const principals = new Principals(credentials);
  const codeCache = resolve(options.codeCache ?? join(dataDir, 'lambda', 'code-cache'));
  const { forwardTraces } = options;
  const services = openServices({ ...location, dataDir, codeCache, onEvent, forwardTraces });
  let closed: Promise<void> | undefined;
  const close = (drainMs: number): Promise<void> => (closed ??= services.close(drainMs).finally(unlock));
  try {
    const gateway = await openGateway(options.port ?? 4566, services.byName, principals, (...call) =>
      services.parts.iam.authorize(...call),
    );
    services.opened(gateway);
    const { endpoint } = gateway;
    const host = {
      ...location,
      ...services.parts,
      dataDir,
      endpoint,
      traceDaemon: await services.parts.xray.listen(),
      principals,
      onEvent,
      assets: assembly.assets,
      call: services.call,
      kafkaBootstrap: options.kafkaBootstrap,
      secrets: options.secrets ?? {},
      environment: options.environment ?? {},
    };
    const deployment = { ...location, parameters: options.parameters ?? {}, exports: new Map(), outputs: new Map() };
    const { outputs, resources } = await provisionAll(assembly.stacks, deployment, host);
    await removeLeftovers(resources, host);
    const apis = await services.parts.apiGateway.open(
      options.apiPort ?? (options.port === 0 ? 0 : 4400),
      options.apiFront,
    );
    services.start();
    onEvent({ code: 'cloud.ready', endpoint });
    return {
      credentials,
      endpoint,
      apis,
      outputs: withLocalUrls(outputs, apis),
      resources,
      call: services.call,
      crashWorkers: (isMeant) => services.parts.functions.crash(isMeant),
      close: ({ drainMs = 10_000 } = {}) => close(drainMs),
    };
  } catch (error) {
    await close(0);
    throw error;
  }
}

/** Locks the data folder and returns its unlock function. Throws when another cloud uses it or a database is damaged. */
function lockSoundFolder(dataDir: string): () => void {
  const unlock = lockDataFolder(dataDir);
  try {
    checkDatabases(dataDir);
    return unlock;
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The account and region of all stacks. Environment-agnostic stacks run in us-east-1. */
function locationOf(stacks: readonly StackArtifact[]): { readonly account: string; readonly region: string } {
  const account = only(stacks, 'account') ?? '000000000000';
  return { account, region: only(stacks, 'region') ?? 'us-east-1' };
}

function only(stacks: readonly StackArtifact[], part: 'account' | 'region'): string | undefined {
  const values = [...new Set(stacks.map((stack) => stack[part]).filter((value) => value !== undefined))];
  if (values.length <= 1) return values[0];
  const message = `a local cloud has one ${part}, but the stacks are for ${values.join(', ')}. Select stacks of one ${part} with \`stacks\`.`;
  throw new AssemblyError(stacks.map(({ name }) => name).join(', '), message);
}

/** The stacks one after the other, since later ones read what earlier ones export. */
async function provisionAll(
  stacks: readonly Parameters<typeof provisionStack>[0][],
  deployment: Parameters<typeof provisionStack>[1],
  host: Parameters<typeof provisionStack>[2],
) {
  const outputs: Record<string, Readonly<Record<string, string>>> = {};
  const resources: RegisteredResource[] = [];
  for (const stack of stacks) {
    const provisioned = await provisionStack(stack, deployment, host);
    outputs[stack.name] = provisioned.outputs;
    resources.push(...provisioned.resources);
  }
  return { outputs, resources };
}
