/**
 * Who writes which item of the state table, where. Every item has one writer for ever, so that the replication of a
 * global table never has to choose between two (ADR 51). Streams and mails have tables of their own, which are not
 * replicated: a stream belongs to its region.
 */
export interface ItemRule {
  /** What decides which region writes it. */
  readonly of: 'task' | 'session' | 'tenant' | 'fleet' | 'run' | 'batch' | 'region';
  /**
   * - `epoch`: the region that holds the home. The sort key carries the epoch of the home, so a takeover writes another
   *   item. Reads take the newest epoch.
   * - `claim`: as before, written once. The number of the claim in the key is unique over all epochs.
   * - `region`: each region has an item of its own, whose sort key carries the region. Reads take its own, or all of them.
   */
  readonly by: 'epoch' | 'claim' | 'region';
  /** What each writer has, where it is not the whole. */
  readonly share?: string;
}

export const ITEM_RULES: Readonly<Record<string, ItemRule>> = {
  task: { of: 'task', by: 'epoch' },
  step: { of: 'task', by: 'claim' },
  callback: { of: 'task', by: 'epoch' },
  escalation: { of: 'task', by: 'epoch' },
  session: { of: 'session', by: 'epoch' },
  upload: { of: 'region', by: 'region', share: "the uploads to the region's bucket" },
  runItem: { of: 'run', by: 'epoch' },
  batch: { of: 'batch', by: 'epoch' },
  limits: { of: 'tenant', by: 'epoch' },
  bulk: { of: 'tenant', by: 'epoch' },
  bulkPage: { of: 'tenant', by: 'epoch' },
  apiKey: { of: 'fleet', by: 'epoch' },
  permits: { of: 'region', by: 'region', share: "a part of the tenant's cap" },
  line: { of: 'region', by: 'region', share: 'tasks that wait for that part' },
  daySpend: { of: 'region', by: 'region', share: "a part of the day's budget" },
  governor: { of: 'region', by: 'region', share: "a part of the model's rate limit" },
  hostPace: { of: 'region', by: 'region', share: "a part of the site's pace" },
  usage: { of: 'region', by: 'region', share: 'what the region counted; readers add' },
  pool: { of: 'region', by: 'region', share: "the region's breaker; a pause is sent to each region" },
};
