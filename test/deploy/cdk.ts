import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT, ensureFolder } from '#cli/fleet/paths.ts';
import type { MiniStack } from './ministack/ministack.ts';
import { run } from './process.ts';

const CDK = join(PROJECT, 'node_modules', 'aws-cdk', 'bin', 'cdk');

/** The CDK command line, as a user has it, pointed at MiniStack. */
export class Cdk {
  readonly #folder: string;
  readonly #signal: AbortSignal;

  constructor(folder: string, signal: AbortSignal) {
    this.#folder = ensureFolder(folder);
    this.#signal = signal;
  }

  /** Synthesizes the stack of `dev` with `-c` options, and answers with the assembly's folder. */
  async synth(name: string, context: Readonly<Record<string, string>>): Promise<string> {
    const assembly = join(this.#folder, name);
    const options = Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    await this.#cdk(PROJECT, ['synth', '--quiet', '--output', assembly, '-c', 'env=dev', ...options]);
    return assembly;
  }

  async bootstrap(cloud: MiniStack): Promise<void> {
    // From a folder without cdk.json, or it would synthesize the app first.
    await this.#cdk(this.#folder, ['bootstrap', 'aws://000000000000/us-east-1'], cloud);
  }

  /** Deploys all stacks of an assembly and answers with their outputs, by stack. */
  async deploy(assembly: string, cloud: MiniStack): Promise<OutputsByStack> {
    const file = join(this.#folder, 'outputs.json');
    await this.#cdk(
      this.#folder,
      ['deploy', '--app', assembly, '--all', '--require-approval', 'never', '--outputs-file', file],
      cloud,
    );
    return outputsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  }

  async destroy(assembly: string, cloud: MiniStack): Promise<void> {
    await this.#cdk(this.#folder, ['destroy', '--app', assembly, '--all', '--force'], cloud);
  }

  async #cdk(cwd: string, args: readonly string[], cloud?: MiniStack): Promise<void> {
    await run(process.execPath, [CDK, ...args, '--no-notices'], {
      cwd,
      env: { ...this.#environment(), ...(cloud && pointedAt(cloud)) },
      signal: this.#signal,
      log: join(this.#folder, 'cdk.log'),
    });
  }

  /** Without anything that could lead to a real account: no credentials, no profiles. */
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

const outputsSchema = z.record(z.string(), z.record(z.string(), z.string()));
type OutputsByStack = z.infer<typeof outputsSchema>;

/** `AWS_ENDPOINT_URL` with 127.0.0.1: with a name the SDK would look for `<bucket>.localhost`. */
function pointedAt({ endpoint, certificate }: MiniStack): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    ...(certificate !== undefined && { AWS_CA_BUNDLE: certificate, NODE_EXTRA_CA_CERTS: certificate }),
  };
}
