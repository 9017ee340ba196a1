import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordedPermissions, type OwnerPermissions } from '#cli/permissions.ts';
import { partsOf } from '../support/parts.ts';
import { aDay } from './permissions.day.ts';
import type { PermissionsPart } from './permissions.part.ts';
import { REASONS } from './permissions.reasons.ts';

/**
 * The whole fleet with its real roles: every operation of the task API, and what the systems' parts do, such as a run of
 * documents. Each grant that none of them uses must have a written reason.
 */
const parts = await partsOf<PermissionsPart>('permissions.part.ts');
const reasons = [...REASONS, ...parts.flatMap((part) => part.reasons ?? [])];
/** Milliseconds. It synthesizes, starts and uses the whole fleet. */
const DAY_TIMEOUT = 1_200_000;
let home: string;
let failed: readonly string[];
let permissions: OwnerPermissions[];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-permissions-'));
  failed = await aDay(home, parts);
  permissions = recordedPermissions([join(home, 'cloud')]);
}, DAY_TIMEOUT);

afterAll(() => rm(home, { recursive: true, force: true }));

const unusedGrants = () =>
  permissions.flatMap(({ owners, unused }) =>
    unused.map(({ action, resource }) => ({ owner: owners.join(', '), grant: `${action} ${resource}` })),
  );

it('the roles allow everything that the fleet does', () => {
  expect(failed).toEqual([]);
  for (const { owner, actions } of parts.flatMap((part) => part.uses ?? [])) {
    const role = permissions.find(({ owners }) => owners.some((each) => owner.test(each)));
    expect(role?.used.map(({ action }) => action)).toEqual(expect.arrayContaining([...actions]));
  }
  // Includes denied calls whose error the function ignored.
  expect(permissions.flatMap(({ role, refused }) => refused.map((each) => ({ role, ...each })))).toEqual([]);
});

it('no grant is unused without a written reason', () => {
  const unexplained = unusedGrants().filter(
    ({ owner, grant }) => !reasons.some((reason) => reason.owner.test(owner) && reason.grant.test(grant)),
  );
  expect(unexplained).toEqual([]);
});

it('every reason belongs to an existing grant', () => {
  const grants = permissions.flatMap(({ owners, used, unused }) =>
    [...used, ...unused].map(({ action, resource }) => ({ owner: owners.join(', '), grant: `${action} ${resource}` })),
  );
  const idle = reasons.filter(
    (reason) => !grants.some(({ owner, grant }) => reason.owner.test(owner) && reason.grant.test(grant)),
  );
  expect(idle).toEqual([]);
});
