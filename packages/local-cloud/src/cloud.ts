import { join, resolve } from 'node:path';
import { AssemblyError } from './assembly/errors.ts';
import { readAssembly } from './assembly/manifest.ts';
import type { StackArtifact } from './assembly/manifest.ts';
import { checkDatabases, takeDataFolder } from './data-folder.ts';
import type { CloudEvent, OnEvent } from './events.ts';
import { openGateway } from './gateway/gateway.ts';
import { Principals } from './gateway/principals.ts';
import { removeLeftovers } from './resources/leftovers.ts';
import { provisionStack } from './resources/provision.ts';
import type { RegisteredResource } from './resources/provision.ts';
import { withLocalUrls } from './services/apigateway/endpoints.ts';
import type { ApiEndpoint } from './services/apigateway/endpoints.ts';
import type { CallService } from './services/service.ts';
import { openServices } from './wiring.ts';

export type { CloudEvent } from './events.ts';

export interface LocalCloudOptions {
  /** The cloud assembly, as `cdk synth` writes it: usually `cdk.out`. */
  readonly assembly: string;
  /** Stacks to run, by id or name, with what they depend on. @default all */
  readonly stacks?: readonly string[];
  /** Where everything is kept; starting anew on the same folder carries on. */
  readonly dataDir: string;
  /** Where functions' compiled code is kept, so that they start quicker the next time. @default below `dataDir` */
  readonly codeCache?: string;
  /** 0 takes a free one. @default 4566 */
  readonly port?: number;
  /** The port of the APIs, opened only when a stack has a RestApi; 0 takes a free one. @default 4400, or a free one where `port` is 0 */
  readonly apiPort?: number;
  /** Values of CloudFormation parameters by name. @default their defaults */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Values of secrets by name, by its part after the last `/`, or by logical id. @default the template's, or a random one */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Added to every function's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: CloudEvent) => void;
}

/** A cloud that runs on this machine. */
export interface LocalCloud {
  /** Where every service answers, e.g. `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** Each stage of each API, and where it answers. */
  readonly apis: readonly ApiEndpoint[];
  /** Each stack's outputs, by stack name and output name; an API's URL on AWS is its URL here. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Every resource with its resolved properties: for the permission report and the console. */
  readonly resources: readonly RegisteredResource[];
  /** Calls a service's API in-process. */
  readonly call: CallService;
  /** Kills every Lambda environment in the middle of its work, for tests of recovery; new ones start as they are needed. */
  crashWorkers(): Promise<void>;
  /**
   * Stops: nothing more is polled or scheduled, what runs may end within `drainMs` (default 10 s), then all is closed.
   * Nothing accepted is lost; a later start on the same data folder carries on.
   */
  close(options?: { drainMs?: number }): Promise<void>;
}

/**
 * Runs the stacks of a cloud assembly on this machine. Throws `AssemblyError` for what cannot run here, naming the
 * resource and the remedy; then nothing stays open.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const assembly = readAssembly(options.assembly, options.stacks);
  const dataDir = resolve(options.dataDir);
  const onEvent: OnEvent = options.onEvent ?? (() => {});
  const location = locationOf(assembly.stacks);
  const principals = new Principals();
  const giveBack = takeSoundFolder(dataDir);
  const codeCache = resolve(options.codeCache ?? join(dataDir, 'lambda', 'code-cache'));
  const services = openServices({ ...location, dataDir, codeCache, onEvent });
  let closed: Promise<void> | undefined;
  const close = (drainMs: number): Promise<void> => (closed ??= services.close(drainMs).finally(giveBack));
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
      principals,
      onEvent,
      assets: assembly.assets,
      call: services.call,
      secrets: options.secrets ?? {},
      environment: options.environment ?? {},
    };
    const deployment = { ...location, parameters: options.parameters ?? {}, exports: new Map(), outputs: new Map() };
    const outputs: Record<string, Readonly<Record<string, string>>> = {};
    const resources: RegisteredResource[] = [];
    for (const stack of assembly.stacks) {
      const provisioned = await provisionStack(stack, deployment, host);
      outputs[stack.name] = provisioned.outputs;
      resources.push(...provisioned.resources);
    }
    await removeLeftovers(resources, host);
    const apis = await services.parts.apiGateway.open(options.apiPort ?? (options.port === 0 ? 0 : 4400));
    services.start();
    onEvent({ code: 'cloud.ready', endpoint });
    return {
      endpoint,
      apis,
      outputs: withLocalUrls(outputs, apis),
      resources,
      call: services.call,
      crashWorkers: () => services.parts.functions.crash(),
      close: ({ drainMs = 10_000 } = {}) => close(drainMs),
    };
  } catch (error) {
    await close(0);
    throw error;
  }
}

/** Takes the data folder; returns what gives it back. Throws when another cloud has it, and when a database is damaged. */
function takeSoundFolder(dataDir: string): () => void {
  const giveBack = takeDataFolder(dataDir);
  try {
    checkDatabases(dataDir);
    return giveBack;
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** Account and region of all stacks; those that any environment fits run in us-east-1. */
function locationOf(stacks: readonly StackArtifact[]): { readonly account: string; readonly region: string } {
  const account = only(stacks, 'account') ?? '000000000000';
  return { account, region: only(stacks, 'region') ?? 'us-east-1' };
}

function only(stacks: readonly StackArtifact[], part: 'account' | 'region'): string | undefined {
  const values = [...new Set(stacks.map((stack) => stack[part]).filter((value) => value !== undefined))];
  if (values.length <= 1) return values[0];
  const message = `one local cloud is one ${part}, but the stacks are for ${values.join(', ')}: choose some by \`stacks\`.`;
  throw new AssemblyError(stacks.map(({ name }) => name).join(', '), message);
}
