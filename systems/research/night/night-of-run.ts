import { z } from 'zod';
import { FailureError } from '#core/failures/failure.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import { readPipelineRows, type PipelineEvent, type PipelineRow } from '#runtime/index.ts';
import type { TaskStore } from '#core/ports/task-store.ts';
import { ANALYST, READER, SCOUT, SEARCHER } from '../agents/names.ts';
import { scoutOutputSchema, type ScoutOutput } from '../agents/scout.ts';
import { reportedClaimsSchema, type ReportedClaim, type Source } from '../claims/claim.ts';
import { standsIn } from '../claims/quotes.ts';
import type { CompanyMemory } from '../memory/memory.ts';
import type { CollectedStore, KeptDocument } from './collected.ts';
import { nightItemSchema, type NightItem } from './item.ts';
import { lost, outcomeOf, type Evidence, type Researched } from './outcome.ts';
import type { Answered } from './ports.ts';
import { marked, readAfter } from './read-before.ts';
import { readingOf } from './reading.ts';
import { newsOf } from './row.ts';

export interface RunPorts {
  readonly store: Pick<TaskStore, 'getMany' | 'finishedInRun'>;
  readonly artifacts: Artifacts;
  /** The bucket of snapshots. */
  readonly bucket: string;
  readonly collected: Pick<CollectedStore, 'read'>;
  recall(item: NightItem): Promise<CompanyMemory | null>;
  digest(text: string): string;
}

/** A company of a run, after its first two stages. It has no documents: those of all companies would not fit into memory. */
export interface CompanyOfRun {
  /** Null if the item is not valid. */
  readonly item: NightItem | null;
  readonly researched: Researched;
  /** What counts as read from now on. Null: what is remembered of the company stays as it is. */
  readonly read: CompanyMemory['read'] | null;
  /** The sources of its news whose quote the collected documents have. */
  readonly held: ReadonlySet<string>;
}

/** Names a source in `held`. */
export const sourceKey = ({ url, quote }: Source): string => JSON.stringify([url, quote]);

/** Companies whose documents are read at the same time. */
const AT_ONCE = 20;

/** The companies of a run in the order of its list. Called again it comes to the same result, since the memory holds still. */
export async function companiesOfRun(ports: RunPorts, event: PipelineEvent): Promise<readonly CompanyOfRun[]> {
  const [first] = event.maps;
  // Of a run that stopped before its first map nothing is known. Its problem says why.
  return first === undefined ? [] : inParallel(readPipelineRows(ports, first), (row) => companyOf(ports, row), AT_ONCE);
}

async function companyOf(ports: RunPorts, row: PipelineRow): Promise<CompanyOfRun> {
  const parsed = nightItemSchema.safeParse(row.item);
  if (!parsed.success) return notACompany(ports, row);
  const item = parsed.data;
  try {
    return await learnedOf(ports, row, item);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    const researched = lost(evidenceOf(ports, item, null), 'unchecked', 'what is stored of it cannot be read');
    return { item, researched: { ...researched, usd: costOf(row) }, read: null, held: new Set() };
  }
}

/** What stays unreadable, however often it is read: one company must not take the others' brief. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof z.ZodError || (error instanceof FailureError && error.failure.kind === 'permanent');

async function learnedOf(ports: RunPorts, row: PipelineRow, item: NightItem): Promise<CompanyOfRun> {
  const memory = await ports.recall(item);
  const evidence = evidenceOf(ports, item, memory);
  const scouted = scoutOf(row);
  const before = memory?.read ?? {};
  if (scouted === null && (item.website !== null || item.cik !== null))
    return { item, researched: lost(evidence, 'not-reached', reasonOf(row)), read: before, held: new Set() };
  const key = scouted?.collected ?? null;
  const kept = key === null ? [] : await ports.collected.read(key);
  const found = { ...evidence, documents: marked(kept, memory), failures: scouted?.failures ?? [] };
  const reading = readingOf(item, found.documents, item.night);
  const answered = reading.input === null ? null : answerOf(row);
  const outcome = outcomeOf(found, reading, answered);
  const researched = { ...outcome, usd: costOf(row), warnings: [...outcome.warnings, ...unsearched(row)] };
  const isRead = answered === null || answered.state === 'answered';
  const read = isRead ? readAfter(kept, memory, reading) : before;
  const cited = newsOf(researched.learned).flatMap(({ sources }) => sources);
  const held = new Set(cited.filter((source) => holds(kept, source)).map(sourceKey));
  return { item, researched, read, held };
}

const evidenceOf = (ports: RunPorts, item: NightItem, memory: CompanyMemory | null): Evidence => ({
  company: item,
  night: item.night,
  memory,
  documents: [],
  failures: [],
  digest: (text) => ports.digest(text),
});

/** An item that is no company is a row too. */
function notACompany(ports: RunPorts, row: PipelineRow): CompanyOfRun {
  const company = { id: row.item.id, name: row.item.id, sector: null, ticker: null, website: null, cik: null };
  const digest = (text: string): string => ports.digest(text);
  // Nothing is known of it, so its night decides nothing.
  const evidence = { company, night: '1970-01-01', memory: null, documents: [], failures: [], digest };
  const researched = lost(evidence, 'not-reached', row.reason ?? 'The item is not a company of a night.');
  return { item: null, researched, read: null, held: new Set() };
}

const taskOf = ({ tasks }: PipelineRow, agent: string) => tasks.findLast((task) => task.agent === agent);

function scoutOf(row: PipelineRow): ScoutOutput | null {
  // A reader has what its scout has, and more.
  const states = [READER, SCOUT].map(({ name }) => taskOf(row, name)?.state);
  const state = states.find((each) => each?.status === 'succeeded');
  return state?.status === 'succeeded' ? scoutOutputSchema.parse(state.output) : null;
}

function answerOf(row: PipelineRow): Answered<readonly ReportedClaim[]> {
  const task = taskOf(row, ANALYST.name);
  const usd = task?.spend.usd ?? 0;
  if (task?.state.status !== 'succeeded') return { state: 'unchecked', reason: reasonOf(row), usd };
  const { claims } = reportedClaimsSchema.parse(task.state.output);
  return { state: 'answered', output: claims, usd, warnings: task.state.warnings ?? [] };
}

/** A search that failed takes nothing from what the scout found, but it must not pass for one that found nothing. */
const unsearched = (row: PipelineRow): string[] =>
  row.status !== 'succeeded' && (row.stage === SEARCHER.name || row.stage === READER.name)
    ? [isUnpaid(row) ? UNPAID : `The web was not searched to the end: ${reasonOf(row)}.`]
    : [];

const UNPAID = 'The web was not searched to the end: its share of the run’s limit does not pay for it. Raise maxUsd.';

const isUnpaid = (row: PipelineRow): boolean => {
  const state = taskOf(row, SEARCHER.name)?.state;
  return state?.status === 'failed' && state.failure.kind === 'over-budget';
};

const reasonOf = (row: PipelineRow): string => row.reason ?? 'the run ended before';

const costOf = ({ tasks }: PipelineRow): number =>
  tasks.reduce((sum, { spend }) => sum + spend.usd + spend.lost.usd, 0);

const holds = (kept: readonly KeptDocument[], { url, quote }: Source): boolean =>
  kept.some((document) => document.url === url && standsIn(quote, document.text));
