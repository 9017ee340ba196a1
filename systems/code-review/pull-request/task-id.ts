import { keyedTaskId, type TaskId } from '#core/tasks/task-id.ts';
import type { Execution } from './claim.ts';
import type { ReviewPorts } from './ports.ts';

/** The id of the supervisor's task is made from the execution, so that no repetition makes it twice. */
export const taskIdOf = ({ ids, settings }: Pick<ReviewPorts, 'ids' | 'settings'>, { name }: Execution): TaskId =>
  keyedTaskId(ids, settings.tenant, taskKeyOf(name));
export const taskKeyOf = (execution: string): string => `code-review:${execution}`;
