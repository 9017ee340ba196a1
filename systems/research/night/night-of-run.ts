import { z } from 'zod';
import type { Artifacts } from '#core/ports/artifacts.ts';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import { readPipelineRows, type PipelineEvent, type PipelineMap, type PipelineRow } from '#runtime/index.ts';
import type { TaskStore } from '#core/ports/task-store.ts';
import { ANALYST, SCOUT } from '../agents/names.ts';
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

export interface RunPorts {
  readonly store: Pick<TaskStore, 'getMany' | 'finishedInRun'>;
  readonly artifacts: Artifacts;
  /** The bucket of snapshots. */
  readonly bucket: string;
  readonly collected: Pick<CollectedStore, 'read'>;
  recall(item: NightItem): Promise<CompanyMemory | null>;
  digest(text: string): string;
}

/** A company of a run, after its first two stages. */
export interface CompanyOfRun {
  /** Null if the item is not valid. */
  readonly item: NightItem | null;
  readonly researched: Researched;
  /** What counts as read from now on. */
  readonly read: CompanyMemory['read'];
  /** Whether the collected documents have the quote of a source. */
  holds(source: Source): boolean;
}

/** Companies whose documents are read at the same time. */
const AT_ONCE = 20;

/** The companies of a run in the order of its list. Called again it comes to the same result, since the memory holds still. */
export async function companiesOfRun(ports: RunPorts, event: PipelineEvent): Promise<readonly CompanyOfRun[]> {
  const [first] = event.maps;
  const rows = first === undefined ? rowsWithoutMap(ports, event) : readPipelineRows(ports, first);
  return inParallel(rows, (row) => companyOf(ports, row), AT_ONCE);
}

/** Of a run that ended before its first map did, only the list is known. */
async function* rowsWithoutMap(ports: RunPorts, { input, problem }: PipelineEvent): AsyncGenerator<PipelineRow> {
  const place = itemsOf(ports, input);
  if (place === null) return;
  try {
    for await (const row of readPipelineRows(ports, { items: place, results: null })) {
      yield { ...row, reason: problem?.cause ?? row.reason };
    }
  } catch {
    // A list that cannot be read is the run's problem already.
  }
}

const inputSchema = z.object({ items: z.object({ bucket: z.string().optional(), key: z.string() }) });

function itemsOf({ bucket: own }: RunPorts, input: unknown): PipelineMap['items'] | null {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return null;
  const { bucket = own, key } = parsed.data.items;
  return { bucket, key };
}

async function companyOf(ports: RunPorts, row: PipelineRow): Promise<CompanyOfRun> {
  const parsed = nightItemSchema.safeParse(row.item);
  const item = parsed.data ?? null;
  if (item === null) return unreadable(ports, row);
  const memory = await ports.recall(item);
  const scouted = scoutOf(row);
  const key = scouted?.collected ?? null;
  const kept = key === null ? [] : await ports.collected.read(key);
  const documents = marked(kept, memory);
  const digest = (text: string): string => ports.digest(text);
  const { night } = item;
  const evidence: Evidence = { company: item, night, memory, documents, failures: scouted?.failures ?? [], digest };
  const nowhere = item.website === null && item.cik === null;
  if (scouted === null && !nowhere)
    return {
      item,
      researched: lost(evidence, 'not-reached', reasonOf(row)),
      read: memory?.read ?? {},
      holds: () => false,
    };
  const reading = readingOf(item, documents, night);
  const answered = answerOf(row);
  const researched = outcomeOf(evidence, reading, reading.input === null ? null : answered);
  const isRead = reading.input === null || answered.state === 'answered';
  const read = isRead ? readAfter(kept, memory, reading) : (memory?.read ?? {});
  return { item, researched: { ...researched, usd: costOf(row) }, read, holds: (source) => holdsIn(kept, source) };
}

/** An item that is no company is a row too. */
function unreadable(ports: RunPorts, row: PipelineRow): CompanyOfRun {
  const company = { id: row.item.id, name: row.item.id, sector: null, ticker: null, website: null, cik: null };
  const digest = (text: string): string => ports.digest(text);
  // Nothing is known of it, so its night decides nothing.
  const evidence = { company, night: '1970-01-01', memory: null, documents: [], failures: [], digest };
  const researched = lost(evidence, 'not-reached', row.reason ?? 'The item is not a company of a night.');
  return { item: null, researched, read: {}, holds: () => false };
}

const taskOf = ({ tasks }: PipelineRow, agent: string) => tasks.findLast((task) => task.agent === agent);

function scoutOf(row: PipelineRow): ScoutOutput | null {
  const state = taskOf(row, SCOUT.name)?.state;
  return state?.status === 'succeeded' ? scoutOutputSchema.parse(state.output) : null;
}

function answerOf(row: PipelineRow): Answered<readonly ReportedClaim[]> {
  const task = taskOf(row, ANALYST.name);
  const usd = task?.spend.usd ?? 0;
  if (task?.state.status !== 'succeeded') return { state: 'unchecked', reason: reasonOf(row), usd };
  const { claims } = reportedClaimsSchema.parse(task.state.output);
  return { state: 'answered', output: claims, usd, warnings: task.state.warnings ?? [] };
}

const reasonOf = (row: PipelineRow): string => row.reason ?? 'the run ended before';

const costOf = ({ tasks }: PipelineRow): number =>
  tasks.reduce((sum, { spend }) => sum + spend.usd + spend.lost.usd, 0);

const holdsIn = (kept: readonly KeptDocument[], { url, quote }: Source): boolean =>
  kept.some((document) => document.url === url && standsIn(quote, document.text));
