import { expect, it } from 'vitest';
import { whyTask } from '#core/api/why/rules.ts';
import { apply } from '#core/tasks/apply.ts';
import { claim } from '#core/tasks/claim.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const CALLER = { tenant: 'acme', keyId: 'key-1', scopes: ['read' as const], agents: null };

it('a task behind more than are counted is not said to have no worker, although the running one was not read', async () => {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const accept = (idempotencyKey: string) => h.accept({ tenant: 'acme', idempotencyKey });
  for (let index = 0; index < 1_000; index += 1) await accept(`k${index}`);
  h.clock.advance(1);
  const last = await accept('last');
  h.clock.advance(90_000);
  await apply(h.ports.store, await accept('running'), (current) => claim(current, 'worker', h.clock.now()));
  const why = await whyTask(h.ports, CALLER, last.id);
  expect(why).toMatchObject({ cause: 'workers-busy', ahead: 1_000, aheadAtLeast: true });
  expect(why.says).not.toContain('No worker');
});
