import { inParallel } from '#core/concurrency/in-parallel.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';
import { readPipelineRows, type PipelineEvent } from '#runtime/index.ts';
import { briefOf } from '../brief/brief.ts';
import { briefFiles } from '../brief/files.ts';
import type { Brief } from '../brief/schema.ts';
import type { Source } from '../claims/claim.ts';
import type { CompanyMemory, NightRow } from '../memory/memory.ts';
import { DEFAULT_RUBRIC } from '../score/rubric.ts';
import { timesOfRun } from './clock-of-run.ts';
import type { Deliver } from './deliver.ts';
import { isSimulated, REAL_WEB } from './item.ts';
import { companiesOfRun, type CompanyOfRun, type RunPorts } from './night-of-run.ts';
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
  const rows = await remembered(ports, { space, night, moves }, companies);
  const usd = judged.usd + researched.reduce((sum, each) => sum + each.usd, 0);
  const brief = briefOf(
    { night, rows: rows.toSorted(byScore), moves, uncheckedPairs, usd },
    {
      rubric: DEFAULT_RUBRIC,
      ...timesOfRun(event.run, { night, space, now: ports.now() }),
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

/** The rows, once the memory has them. A company whose memory cannot be written is a row that says so. */
function remembered(
  ports: BriefPorts,
  { space, night, moves }: { readonly space: string; readonly night: string; readonly moves: readonly Move[] },
  companies: readonly CompanyOfRun[],
): Promise<NightRow[]> {
  return inParallel(
    companies,
    async (company) => {
      const row = rowOf(company.researched, night, moves, DEFAULT_RUBRIC);
      if (company.item === null) return row;
      try {
        await ports.remember(space, memoryOf(company.researched, row, moves, company.read), row);
        return row;
      } catch {
        const warning = 'It could not be remembered: the next night tells its news again.';
        return { ...row, warnings: [...row.warnings, warning] };
      }
    },
    WRITES_AT_ONCE,
  );
}

/** Whether a quote stands in the documents that were collected for a company whose claim cites it. */
function holdsIn(companies: readonly CompanyOfRun[]): (source: Source) => boolean {
  const held = new Set<string>();
  const keyOf = ({ url, quote }: Source): string => JSON.stringify([url, quote]);
  for (const company of companies) {
    const { fresh, changed } = company.researched.learned;
    for (const { sources } of [...fresh, ...changed.map(({ claim }) => claim)])
      for (const source of sources) if (company.holds(source)) held.add(keyOf(source));
  }
  return (source) => held.has(keyOf(source));
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
