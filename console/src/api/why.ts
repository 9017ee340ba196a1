import { whyViewSchema, type WhyView } from '#core/api/why/messages.ts';
import { whyOperations } from '#core/api/why/operations.ts';
import { call } from './call.ts';
import { hasEnded, type TaskView } from './tasks.ts';
import { useLive } from './use-live.ts';

/** Why a task is where it is. The status is in the key, so that another one is explained at once. */
export const useWhy = (task: Pick<TaskView, 'id' | 'status'>) =>
  useLive(
    ['why', task.id, task.status],
    (signal) => call(whyOperations.whyTask, whyViewSchema, { params: { id: task.id }, signal }),
    { isBusy: (why) => !hasEnded(task) && !countsItsPool(why) },
  );

/** Whether the answer says how many tasks are before it. Each read of such an answer reads up to 1,000 tasks. */
const countsItsPool = ({ status, cause }: WhyView): boolean => status === 'queued' || cause === 'yielded';
