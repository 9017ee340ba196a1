import type { Submission } from '#core/tasks/submit.ts';
import type { Task } from '#core/tasks/task.ts';
import type { WorkerPorts } from '#core/worker/ports.ts';
import type { Actor } from './actor.ts';
import type { Core } from './core.ts';
import type { ObjectOrder, Plan, TaskOrder } from './plan.ts';
import { EPOCH } from './machine.ts';
import type { Pool } from './pool.ts';
import type { Surroundings } from './surroundings.ts';
import type { Judge } from '../checks/judge.ts';

/** How often a client without an answer sends its request again. */
const ASK_AGAIN_MS = 5_000;
const TRIES = 5;
/** How often an operator checks that the pool is active again. */
const LOOK_AGAIN_MS = 60_000;

/** Schedules the plan's orders: clients submit tasks, and state machines send objects. */
export function placeOrders(world: Surroundings, pool: Pool, core: Core, judge: Judge): void {
  for (const order of world.plan.orders) {
    world.scheduler.at(order.at, () =>
      order.kind === 'task' ? submitTask({ world, pool, core, judge }, order) : handOver(world, pool, order),
    );
    if (order.cancelAt !== null) world.scheduler.at(order.cancelAt, () => cancelTask(pool, core, judge, order));
  }
  for (const at of world.plan.area?.sessions?.forgets ?? []) world.scheduler.at(at, () => forget(pool, core, judge));
}

/** An operator who pauses and resumes the pool, the fleet or a tenant, and retries until it succeeds. */
export function operatePool({ plan, scheduler }: Surroundings, pool: Pool, core: Core): void {
  if (!plan.pause) return;
  const insist = (act: (actor: Actor) => Promise<unknown>): void => {
    let done = false;
    pool.spawn('operator', async (actor) => {
      await act(actor);
      done = true;
    });
    scheduler.at(scheduler.now + ASK_AGAIN_MS, () => (done ? 'idle' : insist(act)));
  };
  const { from, to } = plan.pause;
  scheduler.at(from, () => insist((actor) => pauseIt(core, plan.pause, pool.ports(actor))));
  // A late pause may take effect after the resume. The operator then resumes again.
  const resume = (): 'idle' | void => {
    if (pool.paused) insist((actor) => resumeIt(core, plan.pause, pool.ports(actor)));
    scheduler.at(scheduler.now + LOOK_AGAIN_MS, resume);
    return pool.paused ? undefined : 'idle';
  };
  scheduler.at(to, resume);
}

const AGENT = 'book-keeper';
const TENANT = 'default';
const FLEET = '*';

function pauseIt(core: Core, pause: Plan['pause'], ports: WorkerPorts): Promise<unknown> {
  const words = { reason: 'let me look', by: 'operator' };
  if (pause?.of === 'tenant') return core.pauseTenant(ports, TENANT, words);
  return core.pausePool(ports, pause?.of === 'fleet' ? FLEET : AGENT, words);
}

function resumeIt(core: Core, pause: Plan['pause'], ports: WorkerPorts): Promise<unknown> {
  const steps = pause?.steps;
  const ofTenant = pause?.of === 'tenant';
  const of = { [ofTenant ? '*' : AGENT]: steps?.all ?? 1 };
  const ramp = steps && core.newRamp(of, steps.percents, steps.everyMs, ports.clock.now());
  if (ofTenant) return core.resumeTenant(ports, TENANT, ramp);
  return core.resumePool(ports, pause?.of === 'fleet' ? FLEET : AGENT, ramp);
}

interface Client {
  readonly world: Surroundings;
  readonly pool: Pool;
  readonly core: Core;
  readonly judge: Judge;
}

/** Submits a task as the API does. A client without an answer sends it again with the same key. */
function submitTask(client: Client, order: TaskOrder, tries = 1): void {
  const { world, pool, core, judge } = client;
  const { plan, scheduler } = world;
  let answered = false;
  pool.spawn('client', async (actor) => {
    const ports = pool.ports(actor);
    const submission: Submission = {
      tenant: order.tenant ?? 'default',
      agent: 'book-keeper',
      agentVersion: order.version ?? '1',
      idempotencyKey: order.key,
      priority: order.priority,
      input: inputOf(order),
      budget: plan.budget,
      createdAt: EPOCH + order.at,
      deadline: EPOCH + order.at + plan.deadlineMs,
      request: { id: 'api', retry: 0 },
      waiter: order.token ?? undefined,
      callback: order.callback === undefined ? undefined : { url: order.callback },
      sessionId: order.session,
    };
    const { id } = plan.area
      ? (await core.acceptTask(ports, submission)).task
      : await acceptAndSend(core, ports, submission);
    answered = true;
    judge.gate.accepted(id);
  });
  if (tries === TRIES) return;
  scheduler.at(scheduler.now + ASK_AGAIN_MS, () => (answered ? 'idle' : submitTask(client, order, tries + 1)));
}

/** The same as `acceptTask`, but a client whose message cannot be sent has no answer. */
async function acceptAndSend(core: Core, ports: WorkerPorts, submission: Submission): Promise<Task> {
  const { task } = await core.submit(ports, submission);
  const opened = (await core.enterSession(ports, task)) === 'opened';
  await ports.queue.send({ ...task, ...(opened && { opensSession: { tokenLimit: 20_000, keptMs: 3_600_000 } }) });
  return task;
}

const inputOf = ({ session, key, instruction = `add what ${key} says` }: TaskOrder): object =>
  session === undefined ? { numbers: [1, 2] } : { instruction };

/** Sends an object as a state machine does: a message with its location and a task token. */
function handOver({ trace }: Surroundings, pool: Pool, { key, bytes, request, token }: ObjectOrder): void {
  trace.add(
    'workflow',
    'sends object',
    () => `${key} (bytes ${bytes}) for ${token}, request ${request.id}/${request.retry}`,
  );
  const object = { bucket: 'uploads', key, etag: 'etag', size: bytes.length };
  pool.queue.put(
    { type: 'object', tenant: 'default', runId: `run-${request.id}`, request, object, taskToken: token },
    'default',
  );
}

/** An operator cancels the task of the order. */
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
    judge.areas.cancelled(history.id, actor);
    await core.notifyWaiters(ports, decision.task);
  });
  return undefined;
}

/** An operator forgets a session. */
function forget(pool: Pool, core: Core, judge: Judge): void {
  pool.spawn('operator', async (actor) => {
    const { turns } = judge.areas;
    const ended = turns.endedIn('first', judge.histories);
    if (await core.forgetSession(pool.ports(actor), TENANT, 'first')) turns.forgotten(ended);
  });
}
