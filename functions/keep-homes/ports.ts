import { setTimeout as delay } from 'node:timers/promises';
import { regionsHere, type Regions } from '#adapters/aws/regions.ts';
import { noteCanary, readLastCanary } from '#adapters/dynamodb/regions/canaries.ts';
import { writeHeld } from '#adapters/dynamodb/regions/home-holders.ts';
import { dynamodbLeaseTables } from '#adapters/dynamodb/regions/lease-tables.ts';
import { regionPartsHere, type SharedRegionParts } from '#adapters/dynamodb/regions/region-parts.ts';
import { tidySuperseded } from '#adapters/dynamodb/regions/superseded.ts';
import { givesUp, othersWork } from '#adapters/dynamodb/regions/returns.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import type { KeepPorts } from '#core/regions/keep-homes.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { logger } from '#runtime/observability/telemetry.ts';
import type { KeepHomesEnv } from './env.ts';
import { Canaries } from './canaries.ts';
import { sendLeftBehind, takeOver } from './take-over.ts';
import { Tidying } from './tidying.ts';

/** The keeper's ports on AWS, and its regions. Throws without `REGIONS`: a fleet of one region has no keeper. */
export function keepHomesPorts(env: KeepHomesEnv, agents: readonly string[]): { regions: Regions; ports: KeepPorts } {
  const parts = regionPartsHere();
  const regions = regionsHere();
  if (!parts || !regions) throw new Error('The keeper needs REGIONS, which a fleet of one region does not have.');
  return { regions, ports: portsOf(env, agents, parts) };
}

function portsOf(env: KeepHomesEnv, agents: readonly string[], parts: SharedRegionParts): KeepPorts {
  const { regions, clients } = parts;
  const clock = systemClock();
  const queue = sqsPoolQueues({ prefix: env.QUEUE_PREFIX });
  const leases = dynamodbLeaseTables(clients, regions.homesTable);
  const nameOf = (home: number): string => regions.names[home] ?? '';
  const store = dynamodbTaskStore({ table: env.STATE_TABLE });
  const sweeping = { ...parts, queue, agents, settled: new Map<TaskId, number>() };
  const canaries = new Canaries({ store, queue, clock, ids: nodeIds(), regions });
  const report: KeepPorts['report'] = ({ type, ...event }) => {
    const home = 'home' in event ? { home: nameOf(event.home), epoch: event.epoch } : {};
    if (type === 'keeper.failed' && 'error' in event) logger.error(type, { error: event.error as Error });
    else logger.warn(type, home);
  };
  const tidying = new Tidying({
    clock,
    async tidy(home, epoch) {
      const items = await tidySuperseded(sweeping, { home, epoch });
      if (items > 0) logger.info('home.tidied', { home: nameOf(home), epoch, items });
    },
    failed: (error) => report({ type: 'keeper.failed', error }),
  });
  return {
    clock,
    delay: (ms) => delay(ms, undefined, { ref: true }),
    ask: (home, { table, ...request }) => leases.ask(table, nameOf(home), request),
    tell: (known) => writeHeld(regions, clients, known),
    canaries: {
      start: () => canaries.start(),
      async lastDone() {
        const doneAt = await canaries.newestDone();
        if (doneAt !== null) await noteCanary(regions, clients, doneAt);
        return readLastCanary(regions, clients);
      },
    },
    takeOver: async (home, epoch) => {
      tidying.begin(home, epoch);
      const taken = await takeOver(sweeping, home, epoch);
      if (taken > 0) logger.warn('home.swept', { home: nameOf(home), epoch, tasks: taken });
    },
    othersWork: () => othersWork({ regions, clients }),
    givesUp: (home, ownEpoch) => givesUp({ regions, clients }, home, ownEpoch),
    sendLeftBehind: async (known) => {
      tidying.begin(known.home, known.epoch);
      const sent = await sendLeftBehind(sweeping, known);
      if (sent > 0) logger.warn('home.left-behind', { home: nameOf(known.home), epoch: known.epoch, tasks: sent });
    },
    report,
  };
}
