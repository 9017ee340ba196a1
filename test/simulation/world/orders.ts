import type { Core } from './core.ts';
import type { ObjectOrder, TaskOrder } from './plan.ts';
import { EPOCH } from './machine.ts';
import type { Pool } from './pool.ts';
import type { Surroundings } from './surroundings.ts';
import type { Judge } from '../checks/judge.ts';

/** How often a client that got no answer asks again. */
const ASK_AGAIN_MS = 5_000;
const TRIES = 5;

/** Places the plan's orders, each at its time: clients that submit tasks, state machines that hand over objects. */
export function placeOrders(world: Surroundings, pool: Pool, core: Core, judge: Judge): void {
  for (const order of world.plan.orders) {
    world.scheduler.at(order.at, () =>
      order.kind === 'task' ? submitTask(world, pool, core, order) : handOver(world, pool, order),
    );
    if (order.cancelAt !== null) world.scheduler.at(order.cancelAt, () => cancelTask(pool, core, judge, order));
  }
}

/** As an API would: put the task, send its id; whoever got no answer asks again, by the same key. */
function submitTask({ plan, scheduler }: Surroundings, pool: Pool, core: Core, order: TaskOrder, tries = 1): void {
  let answered = false;
  pool.spawn('client', async (actor) => {
    const ports = pool.ports(actor);
    const { task } = await core.submit(ports, {
      tenant: 'default',
      agent: 'book-keeper',
      agentVersion: '1',
      idempotencyKey: order.key,
      priority: order.priority,
      input: { numbers: [1, 2] },
      budget: plan.budget,
      createdAt: EPOCH + order.at,
      deadline: EPOCH + order.at + plan.deadlineMs,
      request: { id: 'api', retry: 0 },
      waiter: order.token ?? undefined,
      callback: order.callback === undefined ? undefined : { url: order.callback },
    });
    await ports.queue.send(task);
    answered = true;
  });
  if (tries === TRIES) return;
  const again = { plan, scheduler } as Surroundings;
  scheduler.at(scheduler.now + ASK_AGAIN_MS, () =>
    answered ? 'idle' : submitTask(again, pool, core, order, tries + 1),
  );
}

/** As a state machine does: a message with the object's place and a token. */
function handOver({ trace }: Surroundings, pool: Pool, { key, bytes, request, token }: ObjectOrder): void {
  trace.add(
    'workflow',
    'hands over',
    () => `${key} (bytes ${bytes}) for ${token}, request ${request.id}/${request.retry}`,
  );
  const object = { bucket: 'uploads', key, etag: 'etag', size: bytes.length };
  pool.queue.put({ type: 'object', runId: `run-${request.id}`, request, object, taskToken: token }, 'default');
}

/** An operator asks for the end of whatever task the order led to. */
function cancelTask(pool: Pool, core: Core, judge: Judge, order: TaskOrder | ObjectOrder): 'idle' | void {
  const history = [...judge.histories.values()].find(
    ({ task }) => order.token !== null && task.waiters.includes(order.token),
  );
  if (!history) return 'idle';
  pool.spawn('operator', async (actor) => {
    const ports = pool.ports(actor);
    const task = await ports.store.get(history.id);
    if (!task) return;
    const decision = await core.apply(ports.store, task, (current) => core.cancel(current, actor.clock.now()));
    await core.notifyWaiters(ports, decision.task);
  });
  return undefined;
}
