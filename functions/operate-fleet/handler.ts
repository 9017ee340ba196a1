import { cancelTask } from '../../core/api/cancel-task.ts';
import { readTask } from '../../core/api/read-tasks.ts';
import { taskView } from '../../core/api/task-view.ts';
import { apiPorts } from '../_shared/http/api-ports.ts';
import { serve } from '../_shared/http/serve.ts';
import { parseEnv } from '../_shared/parse-env.ts';
import { operateFleetEnv } from './env.ts';

const ports = apiPorts(parseEnv(operateFleetEnv));

/** Changes what runs: cancels tasks. */
export const handler = serve('operate-fleet', {
  async cancelTask({ caller, params }) {
    const task = await readTask(ports.store, caller, params.id);
    return { body: taskView(await cancelTask(ports, task)) };
  },
});
