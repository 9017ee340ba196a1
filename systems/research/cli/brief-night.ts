import { join, relative } from 'node:path';
import type { ApiClient } from '#cli/api/client.ts';
import type { Connection } from '#cli/fleet/connection.ts';
import type { Output } from '#cli/terminal/output.ts';
import { briefOf } from '../brief/brief.ts';
import type { Brief } from '../brief/schema.ts';
import type { Source } from '../claims/claim.ts';
import type { Company } from '../companies/company.ts';
import { dynamodbMemory } from '../memory/dynamodb-memory.ts';
import { forEach } from '../night/for-each.ts';
import { runNight, type NightResult } from '../night/run-night.ts';
import { DEFAULT_RUBRIC } from '../score/rubric.ts';
import type { NightClock } from './calendar.ts';
import type { Ledger } from './ledger.ts';
import { nightPorts } from './night-ports.ts';
import { isSimulated, scouts, type Scouts } from './scouts.ts';
import { printBrief, progressOf } from './show.ts';
import { writeBrief } from './write-brief.ts';

/** Where nights run. */
export interface NightPlace {
  readonly connection: Connection;
  /** The research table. */
  readonly table: string;
  /** The bucket of what was fetched. */
  readonly bucket: string;
  /** The platform's table, with the paces of sites. */
  readonly stateTable: string;
  readonly standInPort: number | null;
  /** Whom a site's owner may ask about requests. */
  readonly contact: string;
  readonly api: ApiClient;
  readonly ledger: Ledger;
  readonly isLimited: boolean;
  readonly isSimulatedModel: boolean;
  readonly output: Output;
  readonly signal: AbortSignal;
}

export interface NightToBrief {
  readonly clock: NightClock;
  readonly companies: readonly Company[];
  /** For the brief. */
  readonly folder: string;
  /** Names the night in the progress. */
  readonly label: string;
}

/** Companies that are researched at once. Sites are asked one request at a time, so most of them wait. */
const AT_ONCE = 50;
/** The heaviest pairs of a night that a strategist judges. */
const MAX_PAIRS = 120;

/** Runs a night and writes its brief. */
export async function briefNight(place: NightPlace, { clock, companies, folder, label }: NightToBrief): Promise<Brief> {
  const { connection, table, ledger, output, signal } = place;
  const scouting = scouts({ ...place, table: place.stateTable, now: () => clock.now() });
  const runner = { api: place.api, ledger, isLimited: place.isLimited, since: Date.now() };
  const memory = dynamodbMemory({ client: connection.dynamodb, table }, 'web');
  const ports = nightPorts({ runner, memory, collect: scouting.collect, now: () => clock.now() });
  const night = await runNight(
    {
      night: clock.night,
      companies,
      rubric: DEFAULT_RUBRIC,
      atOnce: AT_ONCE,
      until: clock.times,
      maxPairs: MAX_PAIRS,
      signal,
      ...progressOf(output, label, companies.length, () => ledger.spent),
    },
    ports,
  );
  signal.throwIfAborted();
  const held = await heldQuotes(night, scouting);
  const brief = briefOf(night, {
    rubric: DEFAULT_RUBRIC,
    briefAt: clock.now(),
    due: clock.times.due,
    simulated: place.isSimulatedModel,
    simulatedWeb: companies.some(isSimulated),
    holds: (source) => held.has(keyOf(source)),
  });
  await writeBrief(brief, folder);
  printBrief(output, brief, relative(process.cwd(), join(folder, 'brief.html')));
  return brief;
}

const keyOf = ({ url, quote }: Source): string => JSON.stringify([quote, url]);

/** Looks every quote of the news up again, in the stored snapshot that its link stands for. */
async function heldQuotes({ rows, night }: NightResult, scouting: Scouts): Promise<Set<string>> {
  const claims = rows.flatMap((row) => [...row.fresh, ...row.changed.map(({ claim }) => claim)]);
  const cited = claims.flatMap(({ sources }) => sources);
  const held = new Set<string>();
  await forEach(cited, AT_ONCE, async (source) => {
    if (await scouting.holds(source, night)) held.add(keyOf(source));
  });
  return held;
}
