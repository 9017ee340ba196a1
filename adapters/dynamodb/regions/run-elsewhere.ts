import { inParallel } from '#core/concurrency/in-parallel.ts';
import { idAt } from '#core/regions/home.ts';
import { HomeLost } from '#core/regions/homed-tasks.ts';
import { countingRun, statusOfItem, type NightRun } from '#core/schedules/night.ts';
import { dynamodbRunStore } from '../run-store.ts';
import { regionPartsHere, type SharedRegionParts } from './region-parts.ts';

/**
 * The run that another region has under a name, by what it wrote to the state table. Null when none has one, and in a fleet
 * of one region. A run goes on only while its region holds its home: otherwise it starts no further task, and counts as none.
 * Throws `HomeLost` while nobody holds the home of one that has not ended.
 * @param tenant whose run it is. Absent in a fleet of one region
 * @param name of the execution, the same in each region
 * @param parts the regions of a global fleet @default those of the process
 */
export async function runElsewhere(
  tenant: string | undefined,
  name: string,
  parts: Pick<SharedRegionParts, 'regions' | 'holders' | 'client'> | null = regionPartsHere(),
): Promise<NightRun | null> {
  if (!parts || tenant === undefined) return null;
  const { regions, holders, client } = parts;
  const runs = dynamodbRunStore({ table: regions.stateTable, client });
  const others = [...regions.names.keys()].filter((index) => index !== regions.index);
  const found = await inParallel(others, async (home) => {
    const runId = idAt(home, name, regions.names);
    const run = await runs.get(tenant, runId);
    if (!run) return null;
    const status = statusOfItem(run);
    if (status !== 'RUNNING') return { runId, status };
    const held = await holders.of(home);
    if (!held) throw new HomeLost(`Run ${runId}`);
    return held.holder === home ? { runId, status } : null;
  });
  return countingRun(found);
}
