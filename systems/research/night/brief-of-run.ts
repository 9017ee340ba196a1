import { inParallel } from '#core/concurrency/in-parallel.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';
import { readPipelineRows, type PipelineEvent } from '#runtime/index.ts';
import { briefOf } from '../brief/brief.ts';
import { briefFiles } from '../brief/files.ts';
import { briefSchema, type Brief } from '../brief/schema.ts';
import type { Source } from '../claims/claim.ts';
import type { CompanyMemory, NightRow } from '../memory/memory.ts';
import { DEFAULT_RUBRIC } from '../score/rubric.ts';
import { timesOfRun } from './clock-of-run.ts';
import type { Deliver } from './deliver.ts';
import { isSimulated, REAL_WEB } from './item.ts';
import { companiesOfRun, sourceKey, type CompanyOfRun, type RunPorts } from './night-of-run.ts';
import { batchesOfRun, judgedPairs } from './pairs-of-run.ts';
import type { Move } from '../strategy/move.ts';
import { memoryOf, rowOf } from './row.ts';

export interface BriefPorts extends RunPorts {
  now(): number;
  remember(space: string, memory: CompanyMemory, row: NightRow): Promise<void>;
  readonly deliver: Deliver;
  pdf(brief: Brief): Promise<Uint8Array>;
  /** Time zone of the brief's readers. @default UTC */
  readonly zone?: string;
  /** Whether a simulated model answers here. */
  readonly simulatedModel: boolean;
}

/** Delivers a brief that was written before. What was delivered is not delivered again. */
export async function deliverWritten(
  { artifacts, bucket, deliver }: Pick<BriefPorts, 'artifacts' | 'bucket' | 'deliver'>,
  runId: string,
): Promise<void> {
  const prefix = briefKey(runId).slice(0, -LAST.length);
  const json = await artifacts.get({ bucket, key: briefKey(runId) });
  const brief = briefSchema.parse(JSON.parse(new TextDecoder().decode(json)));
  const pdf = await artifacts.get({ bucket, key: `${prefix}brief.pdf` }).catch(() => null);
  await deliver({ runId, brief, pdf, place: { bucket, prefix } });
}

/** What the aggregator returns. */
export interface BriefOfRun {
  readonly runId: string;
  readonly night: string;
  readonly totals: Brief['totals'];
  readonly late: boolean;
  /** Where brief.json lies, which is written last. */
  readonly brief: { readonly bucket: string; readonly key: string };
  readonly problem: PipelineEvent['problem'];
}

const WRITES_AT_ONCE = 20;

/** The file of a brief that is written last: whoever finds it finds the others. */
const LAST = 'brief.json';
export const briefKey = (runId: string): string => `runs/${runId}/brief/${LAST}`;

/**
 * The brief of a run, however it ended: every company of its list is a row. It is written before it is delivered, and
 * called again it comes to the same brief.
 */
export async function briefOfRun(ports: BriefPorts, event: PipelineEvent): Promise<BriefOfRun> {
  const companies = await companiesOfRun(ports, event);
  const item = companies.find((company) => company.item !== null)?.item;
  const night = item?.night ?? new Date(event.run.startedAt ?? ports.now()).toISOString().slice(0, 10);
  const space = item?.space ?? REAL_WEB;
  const researched = companies.map((company) => company.researched);
  const [, second] = event.maps;
  const digest = (text: string): string => ports.digest(text);
  const batches = batchesOfRun(researched, night, digest);
  const judged = await judgedPairs(batches, second === undefined ? [] : readPipelineRows(ports, second));
  const { moves, uncheckedPairs } = judged;
  const rows = companies.map((company) => rowOf(company.researched, night, moves, DEFAULT_RUBRIC));
  const usd = judged.usd + researched.reduce((sum, each) => sum + each.usd, 0);
  const brief = briefOf(
    { night, rows: rows.toSorted(byScore), moves, uncheckedPairs, usd },
    {
      rubric: DEFAULT_RUBRIC,
      ...timesOfRun(event, { night, space, now: ports.now() }),
      simulated: ports.simulatedModel,
      simulatedWeb: isSimulated({ space }),
      holds: holdsIn(companies),
      problem: event.problem ?? null,
      ...(ports.zone !== undefined && { zone: ports.zone }),
    },
  );
  const key = briefKey(event.run.id);
  const prefix = key.slice(0, -LAST.length);
  // Without its PDF a brief is still a brief.
  const pdf = await ports.pdf(brief).catch(() => null);
  await writeFiles(ports, brief, pdf, prefix);
  await ports.deliver({ runId: event.run.id, brief, pdf, place: { bucket: ports.bucket, prefix } });
  // Last: news that nobody was told must not count as known.
  await remember(ports, { space, moves, rows }, companies);
  return {
    runId: event.run.id,
    night,
    totals: brief.totals,
    late: brief.late,
    brief: { bucket: ports.bucket, key },
    problem: event.problem ?? null,
  };
}

const byScore = (a: NightRow, b: NightRow): number => b.threat.score - a.threat.score || Number(a.name > b.name) - 0.5;

interface Night {
  readonly space: string;
  readonly moves: readonly Move[];
  readonly rows: readonly NightRow[];
}

/**
 * Remembers every company that can be. Throws an `Error` if some cannot, which says how many: the call is repeated, and
 * what stays unremembered is told again by the next night.
 */
async function remember(ports: BriefPorts, { space, moves, rows }: Night, companies: readonly CompanyOfRun[]) {
  const errors: unknown[] = [];
  await inParallel(
    companies.entries(),
    async ([at, { item, read, researched }]) => {
      const row = rows[at];
      if (item === null || read === null || row === undefined) return;
      try {
        await ports.remember(space, memoryOf(researched, row, moves, read), row);
      } catch (error) {
        errors.push(error);
      }
    },
    WRITES_AT_ONCE,
  );
  if (errors.length === 0) return;
  const [cause] = errors;
  throw new Error(`The brief is written, but ${errors.length} of ${companies.length} companies are not remembered.`, {
    cause,
  });
}

/** Whether a quote stands in the documents that were collected for a company whose claim cites it. */
function holdsIn(companies: readonly CompanyOfRun[]): (source: Source) => boolean {
  const held = new Set(companies.flatMap((company) => [...company.held]));
  return (source) => held.has(sourceKey(source));
}

async function writeFiles(
  { artifacts, bucket }: WritePorts,
  brief: Brief,
  pdf: Uint8Array | null,
  prefix: string,
): Promise<void> {
  const write = ([name, content]: readonly [string, string | Uint8Array]): Promise<void> =>
    artifacts.put({ bucket, key: `${prefix}${name}` }, content, typeOf(name));
  const files = [...briefFiles(brief), ...(pdf === null ? [] : [['brief.pdf', pdf] as const])];
  await inParallel(
    files.filter(([name]) => name !== LAST),
    write,
    WRITES_AT_ONCE,
  );
  for (const file of files) if (file[0] === LAST) await write(file);
}

interface WritePorts {
  readonly artifacts: Pick<Artifacts, 'put'>;
  readonly bucket: string;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  pdf: 'application/pdf',
};

const typeOf = (name: string): string => TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain; charset=utf-8';
