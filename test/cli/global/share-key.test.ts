import { expect, it } from 'vitest';
import { shareKey } from '#cli/global/share-key.ts';
import type { Keeping, KeyPlace } from '#cli/keys/keeping.ts';
import type { ApiKey } from '#core/keys/key.ts';

const KEY = `flk_${'a'.repeat(43)}`;
type Name = 'us' | 'eu' | 'ap';
const NAMES: readonly Name[] = ['us', 'eu', 'ap'];
const placeOf = (region: Name): KeyPlace => ({
  region,
  endpoint: undefined,
  table: 't',
  usagePlan: 'u',
  callbackSecret: undefined,
});
const PLACES = [placeOf('us'), placeOf('eu'), placeOf('ap')] as const;

/** Three regions that pass on what is written after they are connected, and nothing of before. */
function regions() {
  const records = new Map<Name, ApiKey>();
  const admitted: string[] = [];
  const written: Name[] = [];
  const write = (name: Name, key: ApiKey): void => {
    written.push(name);
    for (const each of NAMES) records.set(each, key);
  };
  const open = ({ region }: KeyPlace): Keeping => {
    const name = region as Name;
    const store = {
      get: async () => records.get(name) ?? null,
      create: async (key: ApiKey) => write(name, key),
      replace: async (key: ApiKey) => write(name, key),
    };
    const admit = async (): Promise<[]> => (admitted.push(name), []);
    return { store, admit, close: () => undefined } as unknown as Keeping;
  };
  return { records, admitted, written, open };
}

const sharing = ({ open }: Pick<ReturnType<typeof regions>, 'open'>) => ({ open, lookEveryMs: 0 });

it('a key is written once, in the first region, and admitted at each gateway', async () => {
  const fleet = regions();
  await shareKey(PLACES, KEY, sharing(fleet));
  await shareKey(PLACES, KEY, sharing(fleet));
  expect(fleet.written).toEqual(['us']);
  expect(fleet.admitted.toSorted()).toEqual(['ap', 'ap', 'eu', 'eu', 'us', 'us']);
});

it.each(NAMES)('the region %s has the key again after its data was deleted', async (lost) => {
  const fleet = regions();
  await shareKey(PLACES, KEY, sharing(fleet));
  fleet.records.delete(lost);
  await shareKey(PLACES, KEY, sharing(fleet));
  expect([...fleet.records.keys()].toSorted()).toEqual(['ap', 'eu', 'us']);
  expect(fleet.written).toEqual(['us', 'us']);
});
