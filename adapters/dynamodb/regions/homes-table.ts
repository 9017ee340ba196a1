import type { TaskId } from '#core/tasks/task-id.ts';

/**
 * The table of homes: plain, one in each region, and not replicated.
 *
 * | item | pk | sk | attributes |
 * |---|---|---|---|
 * | lease of a home | `HOME#<name>` | `LEASE` | epoch, beat |
 * | who holds a home, as this region's keeper sees it | `HELD#<name>` | `HELD` | epoch, holder, until |
 * | pledge of a task | `TASK#<id>` | `PLEDGE` | revision, body; acceptedHome and acceptedAt until it ends |
 * | the last canary that ended here | `CANARY` | `CANARY` | acceptedAt |
 * | the region gives up its homes, since a person said so | `DRAIN` | `DRAIN` | since |
 * | since when a region that lost its home works again | `RETURN#<name>` | `RETURN` | since |
 * | the mark that this region last checked at the edge | `MARK#<name>` | `MARK` | epoch, lost, since, checkedAt |
 */
export const HOMES_TABLE = {
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  timeToLiveAttribute: 'expiresAt',
  indexes: {
    /** Tasks that were accepted to survive their region, until they end. */
    accepted: {
      partitionKey: { name: 'acceptedHome', type: 'S' },
      sortKey: { name: 'acceptedAt', type: 'N' },
      projection: { type: 'KEYS_ONLY' },
    },
  },
} as const;

export const leaseKey = (home: string) => ({ pk: { S: `HOME#${home}` }, sk: { S: 'LEASE' } });
export const heldKey = (home: string) => ({ pk: { S: `HELD#${home}` }, sk: { S: 'HELD' } });
export const pledgeKey = (id: TaskId) => ({ pk: { S: `TASK#${id}` }, sk: { S: 'PLEDGE' } });
export const returnKey = (home: string) => ({ pk: { S: `RETURN#${home}` }, sk: { S: 'RETURN' } });
export const markKey = (home: string) => ({ pk: { S: `MARK#${home}` }, sk: { S: 'MARK' } });
export const DRAIN_KEY = { pk: { S: 'DRAIN' }, sk: { S: 'DRAIN' } } as const;
export const CANARY_KEY = { pk: { S: 'CANARY' }, sk: { S: 'CANARY' } } as const;

/** The task's id in a pledge's `pk`. */
export const idOfPledgeKey = (pk: string): string => pk.slice('TASK#'.length);
