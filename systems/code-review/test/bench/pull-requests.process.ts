import { crc32 } from 'node:zlib';
import type { SimulatedGithub } from '@agent-fleet/simulated-github';
import { z } from 'zod';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import { percentile } from '../../../../bench/percentile.ts';
import { INJECTION, verdicts } from '../connect-github.ts';
import { githubOfFleet, told, verdictOf } from './told.ts';

/** The simulated GitHub of `bench reviews`, which opens the pull requests and measures. Prints the figures as JSON. */
const options = z.object({ pulls: z.number(), files: z.number(), lines: z.number(), atOnce: z.number() }).parse(told());

const server = await githubOfFleet();
process.stdout.write(JSON.stringify(await measure(server)));
await server.stop();

async function measure(github: SimulatedGithub): Promise<object> {
  // Workers and functions start with the first.
  await reviewed(github, 0);
  const seconds: number[] = [];
  const costs: number[] = [];
  const numbers = Array.from({ length: options.pulls }, (_, n) => n + 1);
  await inParallel(
    numbers,
    async (n) => {
      const { took, usd } = await reviewed(github, n);
      seconds.push(took);
      costs.push(usd);
      process.stderr.write(`${seconds.length} of ${options.pulls} pull requests have a verdict …\n`);
    },
    options.atOnce,
  );
  const answers = github.deliveries().map(({ duration }) => duration);
  const round = (value: number): number => Math.round(value * 100) / 100;
  return {
    verdictP50: round(percentile(seconds, 0.5)),
    verdictP95: round(percentile(seconds, 0.95)),
    verdictMax: round(Math.max(...seconds)),
    webhookP95: round(percentile(answers, 0.95)),
    // Of one review, at list price.
    usdMean: Math.round((costs.reduce((sum, usd) => sum + usd, 0) / costs.length) * 1e5) / 1e5,
    usdMax: Math.max(...costs),
  };
}

/** Opens a pull request in a repository of another owner, and waits for its verdict. */
async function reviewed(github: SimulatedGithub, n: number): Promise<{ readonly took: number; readonly usd: number }> {
  const { files, lines } = options;
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
  const took = await verdictOf(pull, started);
  // The summary's footer.
  return { took, usd: Number(/\$([\d.]+) \\?\(estimated/.exec(verdicts(pull)[0]?.body ?? '')?.[1]) };
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
