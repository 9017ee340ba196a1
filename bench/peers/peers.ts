import { z } from 'zod';
import { wrongUsage } from '#cli/user-error.ts';
import type { Output } from '#cli/terminal/output.ts';
import { wholeOption } from '#cli/whole-option.ts';
import { bullmq } from './bullmq/peer.ts';
import { celery } from './celery/peer.ts';
import { dbos } from './dbos/peer.ts';
import { fleet } from './fleet/peer.ts';
import { measurePeer, type Measured } from './measure-peer.ts';
import type { Peer } from './peer.ts';
import { restate } from './restate/peer.ts';
import { rotated } from './rounds.ts';
import { summary, type PeerSummary } from './summary.ts';
import { peersReport } from './report.ts';
import { checkQuiet, collect, load, saveResults } from './results.ts';

export const PEERS: readonly Peer[] = [fleet, bullmq, restate, dbos, celery];

/** The command-line options of `bench peers`. */
export const peersBenchOptions = z.strictObject({
  peers: z.string().transform((names) => names.split(',')),
  rounds: wholeOption(1, 100),
  tasks: wholeOption(1, 100_000),
  atOnce: wholeOption(2, 1_000).refine((value) => value % 2 === 0, 'must be even: two worker processes share it'),
  latency: wholeOption(1, 600_000),
  save: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** What `bench peers` prints with `--json`. */
export interface PeersFigures {
  /** The median of each figure over the rounds. */
  readonly peers: readonly PeerSummary[];
}

/** Measures the peers that can run here, one after the other, in rounds with a rotated order. */
export async function benchPeers(options: z.infer<typeof peersBenchOptions>, output: Output): Promise<PeersFigures> {
  const peers = runnable(options.peers, output);
  const { rounds, tasks, atOnce, latency: latencyMs } = options;
  const job = { tasks, atOnce, latencyMs };
  const loadBefore = load();
  if (options.save) checkQuiet(loadBefore);
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130));
  const measured = new Map<Peer, Measured[]>(peers.map((peer) => [peer, []]));
  let problems = 0;
  const report = (problem: string): void => {
    problems += 1;
    output.line(`! ${problem}`);
  };
  for (let round = 0; round < rounds; round += 1)
    for (const peer of rotated(peers, round)) {
      const where = `round ${round + 1}/${rounds}, ${peer.name}`;
      try {
        const result = await measurePeer(peer, job, (step) => output.progress(`${where}: ${step}`));
        measured.get(peer)?.push(result);
        result.problems.forEach(report);
      } catch (error) {
        // The others are measured all the same.
        report(`${where}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  // Figures of a peer that did something else than the job must not pass for a measurement.
  if (problems > 0) process.exitCode = 1;
  const complete = [...measured].filter(([, each]) => each.length > 0);
  const results = collect(job, new Map(complete), loadBefore);
  if (!options.json && complete.length > 0) for (const line of peersReport(results).split('\n')) output.line(line);
  if (problems === 0 && options.save) output.line(`Saved ${saveResults(results)}`);
  return {
    peers: complete.map(([{ name }, each]) =>
      summary(
        name,
        each.map(({ figures }) => figures),
      ),
    ),
  };
}

/** The named peers without those that cannot run here. */
function runnable(names: readonly string[], output: Output): readonly Peer[] {
  const known = PEERS.map(({ name }) => name).join(', ');
  const chosen = names.map((name) => {
    const peer = PEERS.find((each) => each.name === name);
    if (peer === undefined) throw wrongUsage(`--peers has no peer "${name}".`, `Known peers: ${known}.`);
    return peer;
  });
  return [...new Set(chosen)].filter((peer) => {
    const why = peer.missing();
    if (why !== null) output.line(`Skipped ${peer.name}: ${why}.`);
    return why === null;
  });
}
