import { expect, it } from 'vitest';
import { noteCanary } from '#adapters/dynamodb/regions/canaries.ts';
import { givesUp, isAtWork, othersWork } from '#adapters/dynamodb/regions/returns.ts';
import { threeRegions } from './three-regions.ts';

const [US, EU] = [0, 1] as const;
const at = threeRegions();

/** What the first region has, whose requests to the others fail with this. */
function failing(problem: Error) {
  const { regions, clients } = at().parts(US);
  const failed = { send: () => Promise.reject(problem) };
  return {
    regions,
    clients: (region: number) => (region === US ? clients(US) : Object.assign(Object.create(clients(region)), failed)),
  };
}

const DENIED = Object.assign(new Error('denied'), { $metadata: { httpStatusCode: 400 } });
const AWAY = Object.assign(new Error('away'), { $metadata: { httpStatusCode: 503 } });

it('a region does its work while its last canary is young, and none if it is away', async () => {
  const { regions, clients } = at().parts(EU);
  await noteCanary(regions, clients, Date.now());
  expect(await isAtWork(at().parts(US), EU)).toBe(true);
  expect(await isAtWork({ ...at().parts(US), now: () => Date.now() + 60_000 }, EU)).toBe(false);
  expect(await isAtWork(failing(AWAY), EU)).toBe(false);
});

it('a missing permission says nothing of a region, and keepers go on', async () => {
  await expect(isAtWork(failing(DENIED), EU)).rejects.toThrow('denied');
  expect(await othersWork(failing(DENIED))).toBe(false);
  expect(await givesUp(failing(DENIED), EU, 17)).toBe(false);
});
