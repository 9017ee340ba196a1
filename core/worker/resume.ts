import { commitStep, forfeitCall } from '../tasks/progress.ts';
import type { Step } from '../tasks/step.ts';
import type { WorkerPorts } from './ports.ts';
import type { TaskHandle } from './task-handle.ts';

/**
 * The finished steps of a claimed task, in order. A call that an earlier worker had under way is settled first: if
 * its step was written it finished and counts (I3), otherwise its reservation stays charged (I4).
 */
export async function resume(ports: WorkerPorts, handle: TaskHandle): Promise<readonly Step[]> {
  const { steps: epochs, reservation, id } = handle.task;
  if (epochs.length === 0 && !reservation) return [];
  const written = await ports.store.steps(id);
  const byPlace = new Map(written.map((step) => [`${step.index}/${step.epoch}`, step]));
  const finished = epochs.map((epoch, index) => {
    const step = byPlace.get(`${index}/${epoch}`);
    if (!step) throw new Error(`Step ${index} of task ${id} is missing from the store.`);
    return step;
  });
  if (!reservation) return finished;
  const orphan = byPlace.get(`${reservation.step}/${reservation.epoch}`);
  if (!orphan) {
    await handle.update((task) => forfeitCall(task, handle.epoch));
    if (reservation.model !== undefined) handle.usage.lost(reservation.model, reservation.usd);
    return finished;
  }
  await handle.update((task) => commitStep(task, handle.epoch, orphan, ports.clock.now()));
  if (orphan.kind === 'model') handle.usage.answered(reservation.model ?? orphan.model, orphan);
  return [...finished, orphan];
}
