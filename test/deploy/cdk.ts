import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT, ensureFolder } from '#cli/fleet/paths.ts';
import type { Cloud } from './cloud.ts';
import { run } from './process.ts';

const CDK = join(PROJECT, 'node_modules', 'aws-cdk', 'bin', 'cdk');

/** The CDK command line, as a user runs it, with an emulator as its endpoint or an account of AWS. */
export class Cdk {
  readonly #folder: string;
  readonly #signal: AbortSignal;

  constructor(folder: string, signal: AbortSignal) {
    this.#folder = ensureFolder(folder);
    this.#signal = signal;
  }

  /** The same command line, stopped by another signal. */
  until(signal: AbortSignal): Cdk {
    return new Cdk(this.#folder, signal);
  }

  /**
   * Synthesizes the stacks of `dev`, or of the context's `env`, with `-c` options. Returns the assembly's folder.
   * @param app another app's module @default the project's own app
   */
  async synth(name: string, context: Readonly<Record<string, string>>, app?: string): Promise<string> {
    const assembly = join(this.#folder, name);
    const options = Object.entries({ env: 'dev', ...context }).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    const other = app === undefined ? [] : ['--app', `node ${app}`];
    await this.#cdk(PROJECT, ['synth', '--quiet', '--output', assembly, ...options, ...other]);
    return assembly;
  }

  async bootstrap(cloud: Cloud): Promise<void> {
    // Runs in a folder without cdk.json. Otherwise the CDK would synthesize the app first.
    await this.#cdk(this.#folder, ['bootstrap', `aws://${cloud.account}/${cloud.region}`], cloud);
  }

  /**
   * Deploys an assembly. Returns the outputs by stack.
   * @param stacks these alone, by their ids in the assembly @default all
   */
  async deploy(assembly: string, cloud: Cloud, stacks?: readonly string[]): Promise<OutputsByStack> {
    const file = join(this.#folder, 'outputs.json');
    const which = stacks === undefined ? ['--all'] : ['--exclusively', ...stacks];
    await this.#cdk(
      this.#folder,
      ['deploy', '--app', assembly, ...which, '--require-approval', 'never', '--outputs-file', file],
      cloud,
    );
    return outputsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  }

  async destroy(assembly: string, cloud: Cloud): Promise<void> {
    await this.#cdk(this.#folder, ['destroy', '--app', assembly, '--all', '--force'], cloud);
  }

  async #cdk(cwd: string, args: readonly string[], cloud?: Cloud): Promise<void> {
    await run(process.execPath, [CDK, ...args, '--no-notices'], {
      cwd,
      env:
        cloud && cloud.endpoint === undefined
          ? onAws(cloud)
          : { ...this.#environment(), ...(cloud && environmentFor(cloud)) },
      signal: this.#signal,
      log: join(this.#folder, 'cdk.log'),
    });
  }

  /** The environment without credentials and profiles, so that no call can reach a real account. */
  #environment(): NodeJS.ProcessEnv {
    const plain = Object.entries(process.env).filter(([name]) => !/^(AWS|CDK)_/.test(name));
    return {
      ...Object.fromEntries(plain),
      HOME: this.#folder,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }
}

/** The user's own environment, with their credentials and profiles. */
const onAws = ({ region }: Cloud): NodeJS.ProcessEnv => ({
  ...process.env,
  AWS_REGION: region,
  CDK_DISABLE_CLI_TELEMETRY: 'true',
});

const outputsSchema = z.record(z.string(), z.record(z.string(), z.string()));
type OutputsByStack = z.infer<typeof outputsSchema>;

/** The endpoint is 127.0.0.1, because with a host name the SDK would resolve `<bucket>.localhost`. */
function environmentFor({ endpoint, certificate, region }: Cloud): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    ...(certificate !== undefined && { AWS_CA_BUNDLE: certificate, NODE_EXTRA_CA_CERTS: certificate }),
  };
}
