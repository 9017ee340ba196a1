import { join, resolve } from 'node:path';
import { ensureAccessKey } from './access-key.ts';
import { AssemblyError } from './assembly/errors.ts';
import { readAssembly, select } from './assembly/manifest.ts';
import type { StackArtifact } from './assembly/manifest.ts';
import { checkDatabases, lockDataFolder } from './data-folder.ts';
import type { CloudEvent, OnEvent } from './events.ts';
import { openGateway } from './gateway/gateway.ts';
import { Principals } from './gateway/principals.ts';
import type { Credentials } from './gateway/principals.ts';
import type { WatchCalls } from './gateway/watch.ts';
import { regionsGate } from './regions/gate.ts';
import type { RegionsOptions } from './regions/options.ts';
import { Regions } from './regions/regions.ts';
import { removeLeftovers } from './resources/leftovers.ts';
import { provisionStack, provisionTables } from './resources/provision.ts';
import type { RegisteredResource } from './resources/provision.ts';
import { withLocalUrls } from './services/apigateway/endpoints.ts';
import type { ApiFront } from './services/apigateway/data-plane/front.ts';
import type { ApiEndpoint } from './services/apigateway/endpoints.ts';
import type { AuthorizeCall, CallService } from './services/service.ts';
import type { ForwardOptions } from './services/xray/forward.ts';
import { openServices } from './wiring.ts';

export type { CloudEvent } from './events.ts';
export type { RegionsOptions } from './regions/options.ts';

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
  /**
   * Makes this cloud one of several regions, each a process of its own. It runs the stacks of its region, and the replicas here
   * of global tables that stacks of other regions declare.
   * @default the only region, which is that of the stacks
   */
  readonly regions?: RegionsOptions | undefined;
  /** Watches the calls of functions to services, also of other regions. @default nobody does */
  readonly watchCalls?: WatchCalls | undefined;
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
  const assembly = assemblyOf(options);
  const dataDir = resolve(options.dataDir);
  const onEvent: OnEvent = options.onEvent ?? (() => {});
  const regions = options.regions && new Regions(options.regions);
  const location = locationOf(assembly.stacks, regions?.here);
  const credentials = options.credentials ?? ensureAccessKey(join(dataDir, 'credentials'), options.regions?.here);
  const unlock = lockSoundFolder(dataDir);
  const principals = new Principals(credentials);
  const codeCache = resolve(options.codeCache ?? join(dataDir, 'lambda', 'code-cache'));
  const { forwardTraces } = options;
  const services = openServices({ ...location, dataDir, codeCache, onEvent, forwardTraces, regions });
  let closed: Promise<void> | undefined;
  const close = (drainMs: number): Promise<void> => (closed ??= services.close(drainMs).finally(unlock));
  try {
    const authorize: AuthorizeCall = (...call) => services.parts.iam.authorize(...call);
    const gateway = await openGateway(options.port ?? 4566, services.byName, principals, authorize, {
      regions: regions && regionsGate(regions),
      watch: options.watchCalls,
    });
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
      regions,
    };
    const { outputs, resources } = await provisionAll(assembly, options.parameters ?? {}, host);
    await removeLeftovers(resources, host);
    const { apiPort = options.port === 0 ? 0 : 4400, apiFront } = options;
    const apis = await services.parts.apiGateway.open(apiPort, apiFront);
    services.start();
    regions?.opened();
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

/** What a cloud runs of an assembly. */
interface RunAssembly {
  readonly stacks: readonly StackArtifact[];
  /** Stacks of other regions, whose global tables may have a replica here. */
  readonly elsewhere: readonly StackArtifact[];
  readonly assets: ReadonlyMap<string, string>;
}

function assemblyOf({ assembly, stacks: only, regions }: LocalCloudOptions): RunAssembly {
  if (regions === undefined) return { ...readAssembly(assembly, only), elsewhere: [] };
  const { stacks, assets } = readAssembly(assembly);
  const isHere = ({ region = regions.here }: StackArtifact): boolean => region === regions.here;
  // The same stack has the same name in each region.
  const here = select(stacks.filter(isHere), only);
  if (here.length === 0) throw new AssemblyError(assembly, `has no stack of the region ${regions.here}.`);
  return { stacks: here, elsewhere: stacks.filter((stack) => !isHere(stack)), assets };
}

/** The account and region of all stacks. Environment-agnostic stacks run in us-east-1, or in the region that is given. */
function locationOf(
  stacks: readonly StackArtifact[],
  given: string | undefined,
): { readonly account: string; readonly region: string } {
  const account = only(stacks, 'account') ?? '000000000000';
  return { account, region: given ?? only(stacks, 'region') ?? 'us-east-1' };
}

function only(stacks: readonly StackArtifact[], part: 'account' | 'region'): string | undefined {
  const values = [...new Set(stacks.map((stack) => stack[part]).filter((value) => value !== undefined))];
  if (values.length <= 1) return values[0];
  const message = `a local cloud has one ${part}, but the stacks are for ${values.join(', ')}. Select stacks of one ${part} with \`stacks\`.`;
  throw new AssemblyError(stacks.map(({ name }) => name).join(', '), message);
}

/** The stacks one after the other, since later ones read what earlier ones export. */
async function provisionAll(
  { stacks, elsewhere }: RunAssembly,
  parameters: Readonly<Record<string, string>>,
  host: Parameters<typeof provisionStack>[2],
) {
  const { account, region } = host;
  const deployment = { account, region, parameters, exports: new Map(), outputs: new Map() };
  const outputs: Record<string, Readonly<Record<string, string>>> = {};
  const resources: RegisteredResource[] = [];
  // Stacks of this region name them and do not declare them.
  for (const stack of elsewhere) resources.push(...(await provisionTables(stack, deployment, host)));
  for (const stack of stacks) {
    const provisioned = await provisionStack(stack, deployment, host);
    outputs[stack.name] = provisioned.outputs;
    resources.push(...provisioned.resources);
  }
  return { outputs, resources };
}
