import { setTimeout as delay } from 'node:timers/promises';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { PullRequestHandle, SimulatedGithub } from '@agent-fleet/simulated-github';
import { z } from 'zod';
import { bootFleet } from '#cli/fleet/boot.ts';
import { localClient } from '#cli/fleet/connection.ts';
import { outputsOf } from '#cli/fleet/outputs.ts';
import { FLEET_HOME } from '#cli/fleet/paths.ts';
import type { CliSystem } from '#cli/system.ts';
import { wholeOption } from '#cli/whole-option.ts';
import type { Output } from '#cli/terminal/output.ts';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import { percentile } from '../../../../bench/percentile.ts';
import { connectGithub, INJECTION, verdicts } from '../e2e/reviewed-repository.ts';

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
const MAX_WAIT_MS = 300_000;

/** Seconds from the webhook to the verdict, of pull requests with one planted defect each. */
export async function benchReviews(systems: readonly CliSystem[], options: Options, output: Output): Promise<object> {
  const dataDir = join(FLEET_HOME, 'bench', 'reviews');
  rmSync(dataDir, { recursive: true, force: true });
  const boot = { dataDir, port: 0, latencyMs: LATENCY, apiKey: null, settings: { systems: 'code-review' } };
  const fleet = await bootFleet(
    systems.filter(({ name }) => name === 'code-review'),
    boot,
    output,
  );
  const { GithubAppSecret: appSecret, GithubWebhookSecret: webhookSecret } = outputsOf(
    fleet.outputs,
    'code-review',
    z.object({ GithubAppSecret: z.string(), GithubWebhookSecret: z.string() }),
  );
  const folder = join(dataDir, 'github');
  const client = localClient(fleet.endpoint);
  const { github } = await connectGithub({ client, folder, url: fleet.api.url, appSecret, webhookSecret });
  try {
    return await measure(github, options, output);
  } finally {
    await github.stop();
    await fleet.close(0);
  }
}

async function measure(github: SimulatedGithub, options: Options, output: Output): Promise<object> {
  // Workers and functions start with the first.
  await reviewed(github, options, 0);
  const seconds: number[] = [];
  const numbers = Array.from({ length: options.pulls }, (_, n) => n + 1);
  await inParallel(
    numbers,
    async (n) => {
      seconds.push(await reviewed(github, options, n));
      output.progress(`${seconds.length} of ${options.pulls} pull requests have a verdict …`);
    },
    options.atOnce,
  );
  const answers = github.deliveries().map(({ duration }) => duration);
  const round = (value: number): number => Math.round(value * 100) / 100;
  return {
    ...options,
    verdictP50: round(percentile(seconds, 0.5)),
    verdictP95: round(percentile(seconds, 0.95)),
    verdictMax: round(Math.max(...seconds)),
    webhookP95: round(percentile(answers, 0.95)),
  };
}

/** Opens a pull request in a repository of another owner, and waits for its verdict. */
async function reviewed(github: SimulatedGithub, { files, lines }: Options, n: number): Promise<number> {
  const [owner, name] = [`team-${n}`, 'shop'];
  const paths = Array.from({ length: files }, (_, at) => `src/part-${at}/orders.ts`);
  await github.createRepository({
    owner,
    name,
    files: Object.fromEntries(paths.map((path) => [path, sourceOf(path, 20)])),
  });
  const changed = paths.map((path, at): [string, string] => [
    path,
    `${sourceOf(path, 20)}${sourceOf(`${path}/${n}`, lines - (at === 0 ? 1 : 0))}${at === 0 ? INJECTION : ''}`,
  ]);
  await github.push({ repository: `${owner}/${name}`, branch: 'change', files: Object.fromEntries(changed) });
  const started = performance.now();
  const pull = await github.openPullRequest({ repository: `${owner}/${name}`, head: 'change', title: 'Orders by day' });
  await verdictOf(pull, started);
  return (performance.now() - started) / 1_000;
}

async function verdictOf(pull: PullRequestHandle, started: number): Promise<void> {
  while (verdicts(pull).length === 0) {
    if (performance.now() - started > MAX_WAIT_MS) throw new Error(`${pull.url} has no verdict after five minutes.`);
    await delay(20);
  }
}

/** Plausible lines without a defect. */
function sourceOf(seed: string, lines: number): string {
  const words = ['order', 'price', 'total', 'stock', 'parcel', 'refund', 'basket', 'invoice'];
  const start = crc32(seed) % 10_000;
  return Array.from({ length: lines }, (_, at) => {
    const word = words[(start + at * 3) % words.length] ?? 'order';
    return `export const ${word}${at}Of${start} = (items: readonly number[]) => items.length * ${at + 1};\n`;
  }).join('');
}
