import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { bootFleet } from '#cli/fleet/boot.ts';
import { outputsOf } from '#cli/fleet/outputs.ts';
import { FLEET_HOME } from '#cli/fleet/paths.ts';
import type { CliSystem } from '#cli/system.ts';
import { wholeOption } from '#cli/whole-option.ts';
import type { Output } from '#cli/terminal/output.ts';

export const reviewsBenchOptions = z.object({
  pulls: wholeOption(1, 1_000),
  files: wholeOption(1, 300),
  lines: wholeOption(2, 1_000),
  atOnce: wholeOption(1, 100),
  json: z.boolean().default(false),
});
type Options = z.infer<typeof reviewsBenchOptions>;

/** The simulated model: 800 ms until the first token, 15 ms for each. */
const LATENCY = { kind: 'by-tokens', msFirstToken: 800, msPerOutputToken: 15, spread: 0, seed: 1 } as const;

/** Seconds from the webhook to the verdict, of pull requests with one planted defect each. */
export const benchReviews = async (systems: readonly CliSystem[], options: Options, output: Output): Promise<object> =>
  onFleet(systems, 'pull-requests.process.ts', options, output);

export const fixesBenchOptions = z.object({ json: z.boolean().default(false) });

/** What is found in public security fixes: taken back, as pull requests that bring the hole, and as they were made. */
export const benchFixes = async (
  systems: readonly CliSystem[],
  options: z.infer<typeof fixesBenchOptions>,
  output: Output,
): Promise<object> => onFleet(systems, 'public-fixes.process.ts', options, output);

/** @param program the process that has the simulated GitHub, and measures */
async function onFleet(
  systems: readonly CliSystem[],
  program: string,
  options: object,
  output: Output,
): Promise<object> {
  const dataDir = join(FLEET_HOME, 'bench', 'reviews');
  rmSync(dataDir, { recursive: true, force: true });
  const boot = { dataDir, port: 0, latencyMs: LATENCY, apiKey: null, settings: { systems: 'code-review' } };
  const fleet = await bootFleet(
    systems.filter(({ name }) => name === 'code-review'),
    boot,
    output,
  );
  const secrets = outputsOf(
    fleet.outputs,
    'code-review',
    z.object({ GithubAppSecret: z.string(), GithubWebhookSecret: z.string() }),
  );
  const told = {
    ...options,
    folder: join(dataDir, 'github'),
    endpoint: fleet.endpoint,
    url: fleet.api.url,
    ...secrets,
  };
  try {
    // In a process of its own: it forks git for each file, which takes long in a process as large as a fleet.
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(import.meta.dirname, program),
      JSON.stringify(told),
    ]);
    return { ...options, ...(JSON.parse(stdout) as object) };
  } finally {
    await fleet.close(0);
  }
}
