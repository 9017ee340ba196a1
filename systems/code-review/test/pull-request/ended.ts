import { verifyTask } from '#core/audit/verify-task.ts';
import { apply } from '#core/tasks/apply.ts';
import { advance } from '#core/tasks/transition.ts';
import { succeeded } from '#test/contract/samples.ts';
import { prepareReview } from '../../pull-request/prepare.ts';
import { taskIdOf } from '../../pull-request/task-id.ts';
import { submitReview } from '../../pull-request/submit.ts';
import { execution, reviewing } from './reviewing.ts';

export const first = execution('first');

/** A review whose supervisor has ended without a specialist. */
export async function ended() {
  const on = await reviewing();
  await prepareReview(on.ports, on.order(), first);
  await submitReview(on.ports, on.order(), first, 'token');
  const id = taskIdOf(on.ports, first);
  const task = await on.ports.store.get(id);
  if (task === null) throw new Error('The task is not there.');
  await apply(on.ports.store, task, (current) => advance(current, { state: succeeded(1) }));
  const { store, ids } = on.ports;
  const verdict = async () => (await verifyTask({ reader: on.audit, store, ids }, id))[0];
  return { ...on, id, verdict };
}
