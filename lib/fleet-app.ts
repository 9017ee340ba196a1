import { globSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, App } from 'aws-cdk-lib';
import type { AppProps, StageSynthesisOptions } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { BUNDLING_STACKS } from 'aws-cdk-lib/cx-api';
import { ApiStack } from './api-stack.ts';
import type { Construct } from 'constructs';
import { bundleAhead } from './bundle.ts';
import { checkDefinitions } from './agents-lock.ts';
import { FEATURE_FLAGS } from './feature-flags.ts';
import { z } from 'zod';
import { GlobalStack } from './global-stack.ts';
import { alarmTopicOf, loadConfig, PLACEHOLDER_ACCOUNT, type Config, type Context, type Severity } from './config.ts';
import { ConsoleStack } from './console-stack.ts';
import { EdgeStack } from './edge-stack.ts';
import { FleetStack } from './fleet-stack.ts';
import type { SystemProps } from './platform.ts';
import { ObservabilityStack } from './observability-stack.ts';
import { PlatformStack } from './platform-stack.ts';
import { deployInTurn } from './region-order.ts';
import { isGlobal } from './regions.ts';
import { RegionsStack } from './regions-stack.ts';
import { chooseSystems, type StackSystem } from './system.ts';

/** The CDK app of one environment, chosen by `-c env=NAME`. */
export class FleetApp extends App {
  readonly config: Config;
  readonly #platforms = new Map<string, PlatformStack>();
  readonly #apis = new Map<string, ApiStack>();
  readonly #consoles: ConsoleStack[] = [];
  readonly #observed = new Map<string, ObservabilityStack>();
  /** Of a fleet of three regions alone. */
  readonly #regions = new Map<string, RegionsStack>();
  #global: GlobalStack | undefined;

  /** Throws `ConfigError` for an environment that there is not, or whose configuration is wrong. */
  constructor({ context = {}, ...props }: AppProps = {}) {
    // Neither CDK's own usage data nor its construct tree has a reader here.
    super({ analyticsReporting: false, treeMetadata: false, context: { ...FEATURE_FLAGS, ...context }, ...props });
    const name: unknown = this.node.tryGetContext('env') ?? 'dev';
    this.config = loadConfig(String(name), this.#context());
    this.#warnOfAccount();
    this.#warnOfSilence();
  }

  /**
   * Adds the systems' stacks: all, or those that `-c systems=a,b` chooses. Returns warnings about definitions that differ
   * from the lock files. Throws `ConfigError` for unknown names, and for such definitions where data is protected.
   */
  async addSystems(systems: readonly StackSystem[]): Promise<readonly string[]> {
    const chosen = chooseSystems(systems, this.config, this.#context());
    const defined = await Promise.all(chosen.map(async ({ name, agents }) => ({ name, agents: await agents() })));
    const warnings = checkDefinitions(this.config, defined);
    if (this.#bundles()) bundleAhead(handlersOf(chosen));
    for (const { stack } of chosen) this.add(await stack());
    return warnings;
  }

  /** Adds one stack in each region of the environment. */
  add<S extends FleetStack>(System: new (scope: Construct, props: SystemProps) => S): readonly S[] {
    const { config } = this;
    return config.regions.map((region) => {
      const stack = new System(this, { config, region, platform: this.platform(region) });
      // Its functions ask the table of homes.
      const regions = this.#regions.get(region);
      if (regions !== undefined) stack.addStackDependency(regions);
      return stack;
    });
  }

  /** Says why a deploy will fail, above the command line's own error, which suggests to bootstrap another account. */
  #warnOfAccount(): void {
    const { account, prefix } = this.config;
    const login = process.env['CDK_DEFAULT_ACCOUNT'];
    if (account === PLACEHOLDER_ACCOUNT)
      Annotations.of(this).addWarningV2(
        'agent-fleet:placeholder-account',
        `${prefix} has the placeholder account ${account}. Set "account" in its config file to your account before you deploy.`,
      );
    else if (account !== undefined && login !== undefined && login !== account)
      Annotations.of(this).addWarningV2(
        'agent-fleet:other-account',
        `${prefix} lies in the account ${account}, but you are logged in to ${login}. Use a login for ${account} to deploy.`,
      );
  }

  /** Tickets can be seen in CloudWatch. What wakes somebody, or must be done today, needs somebody whom it reaches. */
  #warnOfSilence(): void {
    const { config } = this;
    const silent = ([1, 2] satisfies Severity[]).filter((severity) => alarmTopicOf(config, severity) === undefined);
    if (!config.protectData || silent.length === 0) return;
    Annotations.of(this).addWarningV2(
      'agent-fleet:no-alarm-topic',
      `In ${config.prefix} alarms of severity ${silent.join(' and ')} notify nobody. Set "alarmTopicArns" in its config file, or "alarmTopicArn" for all severities.`,
    );
  }

  /** The task API comes when all pools are known, then the console, and what watches them comes last. */
  override synth(options?: StageSynthesisOptions): CloudAssembly {
    const { config } = this;
    const inUse = [...this.#platforms].filter(([, { pools }]) => pools.length > 0);
    for (const [region, platform] of inUse) if (!this.#apis.has(region)) this.#addApi(region, platform);
    for (const [region, platform] of inUse) {
      if (!this.#observed.has(region))
        this.#observed.set(region, new ObservabilityStack(this, { config, region, platform }));
    }
    if (this.#regions.size > 0) this.#join();
    return super.synth(options);
  }

  /** Makes one fleet of three regions. */
  #join(): void {
    if (this.#global !== undefined) return;
    const { config } = this;
    const stacks = this.node.children.filter((child) => child instanceof FleetStack);
    deployInTurn(config.regions, stacks);
    const apis = config.regions.flatMap((region) => this.#apis.get(region) ?? []);
    const global = new GlobalStack(this, { config, apis, stacks });
    this.#global = global;
    let before: FleetStack = global;
    for (const region of config.regions) before = new EdgeStack(this, { config, region, global, before });
  }

  #addApi(region: string, platform: PlatformStack): void {
    const { config } = this;
    const working = this.#regions.get(region)?.working;
    const api = new ApiStack(this, { config, region, platform, working });
    this.#apis.set(region, api);
    if (config.console.signIn !== false) this.#consoles.push(new ConsoleStack(this, { config, region, api }));
  }

  /** CDK's context names the stacks that bundle: tests of templates name none. */
  #bundles(): boolean {
    const stacks: unknown = this.node.tryGetContext(BUNDLING_STACKS);
    return !(Array.isArray(stacks) && stacks.length === 0);
  }

  #context(): Context {
    return z.record(z.string(), z.unknown()).parse(this.node.getAllContext());
  }

  /** What the systems of a region share. */
  platform(region: string): PlatformStack {
    const made = this.#platforms.get(region);
    if (made !== undefined) return made;
    const { config } = this;
    const platform = new PlatformStack(this, { config, region });
    this.#platforms.set(region, platform);
    if (isGlobal(config)) this.#regions.set(region, new RegionsStack(this, { config, region, platform }));
    return platform;
  }
}

/** The handlers of the platform and of systems, by the folders where they are by convention. */
function handlersOf(systems: readonly StackSystem[]): readonly string[] {
  const folders = ['functions', ...systems.map(({ name }) => `systems/${name}/functions`)];
  return folders.flatMap((folder) => globSync(`${folder}/*/handler.ts`, { cwd: join(import.meta.dirname, '..') }));
}
