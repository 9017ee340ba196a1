import { describe, expect, it } from 'vitest';
import { withServices } from '#core/agents/define-agent.ts';
import { stateTable } from '#test/contract/local-services.ts';
import { inMemoryArtifacts } from '#test/support/fakes/in-memory-artifacts.ts';
import { companyAnalyst } from '../../agents/company-analyst.ts';
import { dynamodbMemory } from '../../memory/dynamodb-memory.ts';
import { collectedStore } from '../../night/collected.ts';
import { TENANT, tenantOfRun } from '../../night/tenant-of-run.ts';
import { row } from '../brief/support.ts';
import { item, kept } from './offline-run.ts';

const NIGHT = '2026-11-10';
const ACME = item('Acme', NIGHT);
const OURS = [kept('s1', 'Acme launched a drill.')];
const THEIRS = [kept('s1', 'Acme is bankrupt.')];

function stores() {
  const artifacts = inMemoryArtifacts();
  return { artifacts, of: (tenant: string) => collectedStore(artifacts, 'snapshots', tenant) };
}

describe('what scouts have collected', () => {
  it('I2: does not change under its key when another scout collects for the same night', async () => {
    const store = stores().of('acme');
    const [first, second] = [await store.keep(ACME, OURS), await store.keep(ACME, [...OURS, ...THEIRS])];
    expect(second).not.toBe(first);
    expect(await store.read(first)).toEqual(OURS);
    expect(await store.keep(ACME, OURS)).toBe(first);
  });

  it('I8: is neither replaced nor read by another tenant', async () => {
    const { of, artifacts } = stores();
    const ours = await of('acme').keep(ACME, OURS);
    await of('other').keep(ACME, THEIRS);
    expect(await of('acme').read(ours)).toEqual(OURS);
    const refused = {
      failure: { kind: 'permanent', reason: expect.stringContaining('not one of this tenant') as string },
    };
    await expect(of('other').read(ours)).rejects.toMatchObject(refused);
    await expect(of('other').read(`collected/other/../${ours.slice(10)}`)).rejects.toMatchObject(refused);
    const analyst = withServices(companyAnalyst, {
      collected: (tenant, key) => of(tenant).read(key),
      recall: () => Promise.resolve(null),
    });
    const input = { item: ACME, previous: { collected: ours, documents: 1, failures: [] } };
    await expect(analyst.prepare(input, { artifacts, tenant: 'other' })).rejects.toMatchObject(refused);
    expect(await analyst.prepare(input, { artifacts, tenant: 'acme' })).toMatchObject({ content: [{ type: 'text' }] });
  });
});

describe('the memory', () => {
  const at = stateTable();
  const learned = (read: string) => ({
    id: 'Acme',
    name: 'Acme',
    claims: [],
    moves: [],
    unconfirmed: [],
    scores: [],
    read: { u: read },
  });

  it('I8: of a night is one for each tenant', async () => {
    const of = (tenant: string) => {
      const { client, table } = at();
      return dynamodbMemory({ client, table }, { tenant, space: 'web' });
    };
    await of('acme').remember(learned('ours'), row('Acme', { night: NIGHT }));
    await of('other').remember(learned('theirs'), row('Acme', { night: NIGHT, known: 9 }));
    expect(await of('acme').recall('Acme', '2026-11-11')).toMatchObject({ read: { u: 'ours' } });
    expect(await of('third').recall('Acme', '2026-11-11')).toBeNull();
    expect(await Array.fromAsync(of('acme').night(NIGHT))).toMatchObject([{ known: 3 }]);
  });
});

describe('the tenant of a run', () => {
  it.each([
    ['its own', { run: { id: 'r', tenant: 'acme' }, input: { tenant: 'other' } }, 'acme'],
    ['that of its input, if it ended before it began', { run: { id: 'r' }, input: { tenant: 'acme' } }, 'acme'],
    ['the default one, if its input names none', { run: { id: 'r' }, input: {} }, TENANT],
  ])('is %s', (_, event, tenant) => {
    expect(tenantOfRun(event)).toBe(tenant);
  });
});
