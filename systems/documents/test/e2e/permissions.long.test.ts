import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { occasionData } from '#cli/fleet/paths.ts';
import { recordedPermissions, type OwnerPermissions } from '#cli/permissions.ts';
import { writeSamples } from '../../samples/samples.ts';
import { aDay } from './permissions.day.ts';
import { REASONS } from './permissions.reasons.ts';
import { runFleet } from '#test/e2e/support/run-program.ts';

/**
 * The whole fleet with its real roles: a small run of documents, every operation of the task API, and customers' messages
 * to the support system. Each grant that none of them uses must have a written reason.
 */
const AGENTS = 4;
let home: string;
let failed: readonly string[];
let summary: { readonly runId: string; readonly documents: number };
let permissions: OwnerPermissions[];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-permissions-'));
  const folder = join(home, 'contracts');
  await writeSamples(folder, { count: 10, broken: 2, seed: 11 });
  const args = [
    'documents',
    folder,
    '--out',
    join(home, 'out'),
    '--json',
    '--agents',
    String(AGENTS),
    '--latency',
    '50',
  ];
  const { stdout } = await runFleet(args);
  summary = JSON.parse(stdout) as typeof summary;
  // On the same data folder, because the record contains the resource names of that fleet.
  const dataDir = occasionData(summary.runId);
  failed = await aDay(dataDir, AGENTS);
  permissions = recordedPermissions([join(dataDir, 'cloud')]);
}, 300_000);

afterAll(() => rm(home, { recursive: true, force: true }));

const unusedGrants = () =>
  permissions.flatMap(({ owners, unused }) =>
    unused.map(({ action, resource }) => ({ owner: owners.join(', '), grant: `${action} ${resource}` })),
  );

it('the roles allow everything that the fleet does', () => {
  expect(summary.documents).toBe(10);
  expect(failed).toEqual([]);
  const worker = permissions.find(({ owners }) =>
    owners.some((owner) => owner.includes('ContractAnalystWorkerFunction')),
  );
  const used = worker?.used.map(({ action }) => action);
  expect(used).toEqual(expect.arrayContaining(['dynamodb:PutItem', 's3:GetObject', 'states:SendTaskSuccess']));
  // Includes denied calls whose error the function ignored.
  expect(permissions.flatMap(({ role, refused }) => refused.map((each) => ({ role, ...each })))).toEqual([]);
});

it('no grant is unused without a written reason', () => {
  const unexplained = unusedGrants().filter(
    ({ owner, grant }) => !REASONS.some((reason) => reason.owner.test(owner) && reason.grant.test(grant)),
  );
  expect(unexplained).toEqual([]);
});

it('every reason belongs to an existing grant', () => {
  const grants = permissions.flatMap(({ owners, used, unused }) =>
    [...used, ...unused].map(({ action, resource }) => ({ owner: owners.join(', '), grant: `${action} ${resource}` })),
  );
  const idle = REASONS.filter(
    (reason) => !grants.some(({ owner, grant }) => reason.owner.test(owner) && reason.grant.test(grant)),
  );
  expect(idle).toEqual([]);
});
