import { describe, expect, it } from 'vitest';
import { dynamodbSubjectStore } from '#adapters/dynamodb/subject-store.ts';
import { EMPTY } from '#core/streams/subject-item.ts';
import { inMemorySubjects } from '../support/fakes/in-memory-subjects.ts';
import { routerTable } from './router-table.ts';
import { subjectStoreContract } from './subject-store.contract.ts';

describe('subjects in memory', () => {
  subjectStoreContract(() => inMemorySubjects().store);
});

describe('subjects in DynamoDB', () => {
  const at = routerTable();
  subjectStoreContract(() => dynamodbSubjectStore({ router: 'market', ...at() }));

  it('of routers that share a table are apart', async () => {
    const [one, other] = ['one', 'other'].map((router) => dynamodbSubjectStore({ router, ...at() }));
    const outbox = [{ id: 'f', effect: {}, since: 0, attempts: 0 }];
    await one?.write('s-shared', { ...EMPTY, version: 1, outbox });
    await one?.spill('s-shared', [['news', 'a', 0]], 1_000);
    expect(await other?.getMany(['s-shared'])).toEqual(new Map());
    expect(await other?.spilled('s-shared', [['news', 'a']])).toEqual([]);
    expect(await Array.fromAsync(other?.waiting(1e15) ?? [])).toEqual([]);
    expect(await Array.fromAsync(one?.waiting(1e15) ?? [])).toEqual(['s-shared']);
  });
});
