import { median } from '../percentile.ts';
import { table } from '../markdown.ts';
import type { Figures, Job } from './measure-peer.ts';
import type { Peer } from './peer.ts';
import { rounded } from './rounds.ts';

/** A saved measurement. The tables of docs/benchmarks.md are made from the newest. */
export interface Results {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly job: Job;
  /** Output of `lscpu`, and what runs the programs. */
  readonly machine: { readonly lscpu: string; readonly node: string; readonly kernel: string; readonly memory: string };
  /** One-minute load average when the measurement began. */
  readonly loadBefore: number;
  readonly peers: readonly PeerResults[];
}

export interface PeerResults extends Pick<Peer, 'name' | 'setup' | 'lacks' | 'writes'> {
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: readonly Figures[];
  readonly problems: readonly string[];
}

const US = 'agent-fleet';

interface Column {
  readonly head: string;
  readonly read: (figures: Figures) => number;
  /** Places after the point. */
  readonly places: number;
  /** @default smaller is better */
  readonly more?: true;
}

const COLUMNS: readonly Column[] = [
  { head: 'makespan ÷ ideal', read: ({ ratio }) => ratio, places: 2 },
  { head: 'tasks/s, model 0 ms', read: ({ tasksPerSecond }) => tasksPerSecond, places: 0, more: true },
  { head: 'CPU-ms per task', read: ({ cpuMsPerTask }) => cpuMsPerTask, places: 1 },
  { head: 'memory, MiB', read: ({ memoryMiB }) => memoryMiB, places: 0 },
  { head: 'dispatch p50, ms', read: ({ dispatchP50Ms }) => dispatchP50Ms, places: 1 },
  { head: 'dispatch p99, ms', read: ({ dispatchP99Ms }) => dispatchP99Ms, places: 1 },
];

const CRASH: readonly Column[] = [
  { head: 'lost', read: ({ crash }) => crash.lost, places: 0 },
  { head: 'doubled', read: ({ crash }) => crash.doubled, places: 0 },
  { head: 'extra calls', read: ({ crash }) => crash.extraCalls, places: 0 },
  { head: 'makespan, s', read: ({ crash }) => crash.makespanS, places: 1 },
];

/** The part of docs/benchmarks.md that a saved measurement makes: where the fleet is behind first, then the tables. */
export function peersReport(results: Results | null): string {
  if (results === null) return 'No measurement of a quiet machine has been saved yet: `npm run bench -- peers --save`.';
  const { date, job, peers, loadBefore, machine } = results;
  const rounds = Math.max(...peers.map(({ rounds }) => rounds.length));
  return [
    `${date}, ${job.tasks.toLocaleString('en')} tasks, ${job.atOnce} at once, ${job.latencyMs} ms; ${processor(machine.lscpu)}, Node ${machine.node}, load ${loadBefore.toFixed(1)} before. ${roundsIn(rounds)}`,
    behind(peers),
    figuresTable('', COLUMNS, peers),
    'All workers killed in the middle with kill -9 and started again at once:',
    figuresTable('after the kill', CRASH, peers),
    'How each is set up, and what it does not do:',
    table(
      ['', 'versions', 'setup', 'writes', 'does not do'],
      peers.map(({ name, versions, setup, writes, lacks }) => [name, listed(versions), setup, writes, lacks || '–']),
    ),
  ].join('\n\n');
}

const roundsIn = (rounds: number): string =>
  rounds === 1 ? 'One round.' : `Medians of ${rounds} rounds, and the lowest and highest in parentheses.`;

/** The columns in which another peer's median is better, and by how much. */
function behind(peers: readonly PeerResults[]): string {
  const us = peers.find(({ name }) => name === US);
  if (us === undefined) return '';
  const lines = [...COLUMNS, ...CRASH].flatMap((column) => {
    const own = medianOf(column, us);
    const better = peers
      .filter((peer) => (column.more ? medianOf(column, peer) > own : medianOf(column, peer) < own))
      .toSorted((one, other) => (medianOf(column, other) - medianOf(column, one)) * (column.more ? 1 : -1));
    const best = better[0];
    if (best === undefined) return [];
    const ahead = `${best.name} has ${shown(column, medianOf(column, best))}, ${US} ${shown(column, own)}`;
    return [`- ${column.head}: ${ahead}.`];
  });
  if (lines.length === 0) return `**${US} is behind in no column.**`;
  return [`**Where ${US} is behind:**`, '', ...lines].join('\n');
}

const figuresTable = (corner: string, columns: readonly Column[], peers: readonly PeerResults[]): string =>
  table(
    [corner, ...columns.map(({ head }) => head)],
    peers.map((peer) => [peer.name, ...columns.map((column) => cell(column, peer))]),
  );

function cell(column: Column, peer: PeerResults): string {
  const values = peer.rounds.map(column.read);
  const [low, high] = [shown(column, Math.min(...values)), shown(column, Math.max(...values))];
  const middle = shown(column, median(values));
  return low === high ? middle : `${middle} (${low}–${high})`;
}

const medianOf = ({ read, places }: Column, { rounds }: PeerResults): number =>
  rounded(median(rounds.map(read)), places);

const shown = ({ places }: Column, value: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: places, maximumFractionDigits: places });

const listed = (versions: Readonly<Record<string, string>>): string =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');

/** The processor's name and number, from `lscpu`. */
function processor(lscpu: string): string {
  const field = (name: string): string => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(lscpu)?.[1] ?? 'unknown';
  return `${field('CPU\\(s\\)')} × ${field('Model name')}`;
}
