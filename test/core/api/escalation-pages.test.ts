import { expect, it } from 'vitest';
import { listEscalations } from '#core/api/escalations/rules.ts';
import { sampleEscalation } from '../../contract/samples.ts';
import { inMemoryEscalationStore } from '../../support/fakes/in-memory-escalation-store.ts';

const FOREIGN = 1_200;

/** Escalations of another agent of the tenant, then one of the key's own agent. */
async function crowd() {
  const escalations = inMemoryEscalationStore();
  for (let at = 0; at <= FOREIGN; at += 1) {
    const agent = at === FOREIGN ? 'owl' : 'parrot';
    await escalations.create({ ...sampleEscalation(), tenant: 'acme', agent, createdAt: at });
  }
  let reads = 0;
  const counted: typeof escalations = {
    ...escalations,
    async *list(listing) {
      for await (const escalation of escalations.list(listing)) {
        reads += 1;
        yield escalation;
      }
    },
  };
  const list = async (agents: string[] | null, limit: number, cursor?: string) => {
    reads = 0;
    const caller = { tenant: 'acme', keyId: 'key-1', scopes: ['read' as const], agents };
    const page = await listEscalations({ escalations: counted, clock: { now: () => 0 } as never }, caller, {
      status: 'waiting',
      limit,
      cursor,
    });
    return { ...page, reads };
  };
  return list;
}

it('a page reads a bounded number of escalations, and a key of some agents still finds each of its own once', async () => {
  const list = await crowd();
  const found: string[] = [];
  let pages = 0;
  let cursor: string | undefined;
  do {
    const page = await list(['owl'], 50, cursor);
    expect(page.reads).toBeLessThanOrEqual(501);
    found.push(...page.escalations.map(({ agent }) => agent));
    cursor = page.next;
    pages += 1;
  } while (cursor !== undefined);
  expect(found).toEqual(['owl']);
  expect(pages).toBe(3);
});

it('pages of a key of all agents are full, and a page reads one more than it shows', async () => {
  const list = await crowd();
  const first = await list(null, 50);
  expect(first).toMatchObject({ reads: 51, next: expect.any(String) });
  expect(first.escalations).toHaveLength(50);
  const second = await list(null, 50, first.next);
  expect(second.escalations.map(({ createdAt }) => Date.parse(createdAt))).toEqual(
    Array.from({ length: 50 }, (_, index) => 50 + index),
  );
});
