import { afterAll, beforeAll, describe, vi } from 'vitest';
import { badInputSuite } from './bad-input.suite.ts';
import { startApiFleet, type ApiFleet } from './fleet.ts';
import { poolSuite } from './pools.suite.ts';
import { taskSuite } from './tasks.suite.ts';
import { tenantSuite } from './tenants.suite.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** The task API over HTTP. All suites share one fleet and do not clean up. */
let fleet: ApiFleet;
const shared = (): ApiFleet => fleet;

beforeAll(async () => {
  // Callbacks have the rules outside development.
  fleet = await startApiFleet({ context: { privateCallbacks: false } });
});
afterAll(() => fleet[Symbol.asyncDispose]());

describe('tasks', () => {
  taskSuite(shared);
});
describe('tenants', () => {
  tenantSuite(shared);
});
describe('pools', () => {
  poolSuite(shared);
});
// Last, since it sends requests of every kind.
describe('bad input', () => {
  badInputSuite(shared);
});
