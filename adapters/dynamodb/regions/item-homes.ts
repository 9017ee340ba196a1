import { isCanary } from '#core/regions/canary.ts';
import { homeOfTask } from '#core/regions/home.ts';
import { ITEM_RULES, type ItemRule } from '#core/regions/item-writers.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';
import type { Regions } from '../../aws/regions.ts';
import { LINE_PREFIX, STEP_PREFIX } from '../state-table.ts';

/** The name of an item in the table of writers, by its partition key's prefix and sort key. */
function nameOf(prefix: string, sk: string): string {
  if (prefix === 'TASK') return sk.startsWith(STEP_PREFIX) ? 'step' : 'task';
  if (prefix === 'TENANT') return sk.startsWith(LINE_PREFIX) ? 'line' : sk === 'PLACES' ? 'permits' : 'limits';
  const name = BY_PREFIX[prefix];
  if (name === undefined) throw new Error(`No rule says which region writes the item ${prefix}, ${sk}.`);
  return name;
}

const BY_PREFIX: Readonly<Record<string, string>> = {
  CALLBACK: 'callback',
  ESCALATION: 'escalation',
  SESSION: 'session',
  UPLOAD: 'upload',
  RUNS: 'runItem',
  BATCH: 'batch',
  BULK: 'bulk',
  'BULK-PAGES': 'bulkPage',
  KEY: 'apiKey',
  SPEND: 'daySpend',
  GOVERNOR: 'governor',
  SITE: 'hostPace',
  USAGE: 'usage',
  POOL: 'pool',
};

/** Who writes an item of the state table. */
export interface ItemHome {
  readonly by: ItemRule['by'];
  /** The home that decides. Of items of the region itself it is its own. */
  readonly home: RegionIndex;
  /** Whether every region reads its own replica: what every request needs, and changes rarely. */
  readonly isReadHere: boolean;
}

/** Items that every request needs. A change reaches the other regions within a second or two. */
const READ_HERE = new Set(['apiKey', 'limits']);

/** The rule of an item, by its key. Ids carry their home in front; everything else belongs to the first region. */
export function homeOfItem({ index, names }: Regions, pk: string, sk: string): ItemHome {
  const prefix = pk.slice(0, pk.indexOf('#'));
  const name = nameOf(prefix, sk);
  const { by } = ITEM_RULES[name] ?? { by: 'epoch' };
  const rest = pk.slice(prefix.length + 1);
  if (by === 'region' || (prefix === 'TASK' && isCanary(rest))) return { by: 'region', home: index, isReadHere: true };
  const id = name === 'session' ? rest.slice(rest.indexOf('#') + 1) : name === 'runItem' ? sk : rest;
  const isOfAll = ['tenant', 'fleet'].includes(ITEM_RULES[name]?.of ?? '');
  const home = isOfAll ? 0 : homeOfTask(id, names);
  return { by, home, isReadHere: READ_HERE.has(name) };
}
