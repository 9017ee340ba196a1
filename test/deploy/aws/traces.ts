import { BatchGetTracesCommand } from '@aws-sdk/client-xray';
import type { TaskView } from '#client/types.ts';
import type { Clients } from '../clients.ts';
import type { Findings } from '../findings.ts';
import { until } from '../until.ts';

/** X-Ray has the trace that the task names, with the worker's segment. Segments arrive within a minute or so. */
export async function checkTraces(
  { xray }: Clients,
  tasks: readonly TaskView[],
  findings: Findings,
  signal: AbortSignal,
): Promise<void> {
  const id = tasks.flatMap(({ worker }) => worker?.trace ?? [])[0];
  if (id === undefined) {
    findings.expect('trace of a task', false, 'no task names its trace');
    return;
  }
  const segments = await until('the trace', 180, signal, async () => {
    const { Traces: [trace] = [] } = await xray.send(new BatchGetTracesCommand({ TraceIds: [id] }));
    return trace?.Segments?.length === 0 ? undefined : trace?.Segments;
  }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return [];
  });
  findings.expect('trace of a task', segments.length > 0, `${id}: ${segments.length} segments`);
}
