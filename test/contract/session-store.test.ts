import { describe, expect, it } from 'vitest';
import { readItem } from '#adapters/dynamodb/conditional-put.ts';
import { dynamodbSessionStore } from '#adapters/dynamodb/session-store.ts';
import { sessionKey } from '#adapters/dynamodb/state-table.ts';
import { enter, leave } from '#core/sessions/rules.ts';
import { DEFAULT_SESSION_POLICY, newSession } from '#core/sessions/session.ts';
import { inMemorySessionStore } from '../support/fakes/in-memory-session-store.ts';
import { stateTable } from './local-services.ts';
import { freshId, NOW } from './samples.ts';
import { sessionStoreContract } from './session-store.contract.ts';

describe('session store in memory', () => {
  sessionStoreContract(inMemorySessionStore);
});

describe('session store in DynamoDB', () => {
  const at = stateTable();
  sessionStoreContract(() => dynamodbSessionStore(at()));

  it('expires a day after its turns, and never while a task waits', async () => {
    const store = dynamodbSessionStore(at());
    const id = freshId('session');
    const task = freshId();
    const { pk, sk } = sessionKey('acme', id);
    const expiry = async () => (await readItem(at(), { pk: { S: pk }, sk: { S: sk } }))?.['expiresAt']?.N;
    const waiting = enter(newSession('acme', id, DEFAULT_SESSION_POLICY), task, NOW).session;
    await store.write(waiting);
    expect(await expiry()).toBeUndefined();
    await store.write(leave(waiting, task, null, NOW).session);
    expect(Number(await expiry())).toBe((NOW + DEFAULT_SESSION_POLICY.keptMs) / 1_000 + 86_400);
  });
});
