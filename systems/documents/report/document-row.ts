import { NO_USAGE } from '#core/models/price.ts';
import { isTerminal, type Task } from '#core/tasks/task.ts';
import type { RunDocument } from '#runtime/index.ts';
import { parseFault } from '../pdf/faults.ts';
import { analysisSchema, type DocumentRow } from './schema.ts';

/** The agent named in the row of a document that never became a task. */
export interface AgentIdentity {
  readonly name: string;
  readonly version: string;
}

interface RowSource {
  readonly document: RunDocument;
  readonly file: string;
  readonly duplicateOf: string | undefined;
  readonly reused: boolean;
}

/** Returns the row of one document. */
export function documentRow(row: RowSource, agent: AgentIdentity): DocumentRow {
  const { file, duplicateOf, reused } = row;
  const { task } = row.document;
  const paid = task !== null && duplicateOf === undefined && !reused;
  const common = {
    file,
    taskId: task?.id ?? null,
    agent: task?.agent ?? agent.name,
    agentVersion: task?.agentVersion ?? agent.version,
    model: task?.model ?? null,
    modelCalls: paid ? task.steps.length : 0,
    tokens: paid ? task.spend.usage : NO_USAGE,
    usd: paid ? task.spend.usd : 0,
    savedUsd: paid ? (task.spend.savedUsd ?? 0) : 0,
    seconds: task ? secondsOf(task) : null,
    ...(duplicateOf === undefined ? {} : { duplicateOf }),
    ...(reused ? { reused } : {}),
  } as const;
  if (task?.state.status !== 'succeeded') return { ...common, status: 'failed', ...whyFailed(row.document) };
  const analysis = analysisSchema.safeParse(task.state.output);
  if (analysis.success) return { ...common, status: 'succeeded', ...analysis.data, warnings: task.state.warnings };
  return {
    ...common,
    status: 'failed',
    reasonCode: 'other-version',
    reason: otherFormat(task.agentVersion, agent.version),
  };
}

/** During a deploy a run may end with results of a version that this code does not know yet. */
function otherFormat(version: string, own: string): string {
  const made = `Version ${version} of the agent produced a result in another format`;
  if (version === own) return `${made}. Raise the agent's version and run the document again.`;
  return `${made} than version ${own}, which wrote this report. The result is kept. When the deploy is complete, retry the failed documents: it is reused at no cost.`;
}

function whyFailed({ task, reason }: RunDocument): { readonly reasonCode: string; readonly reason: string } {
  const state = task?.state;
  if (state?.status === 'failed') {
    const { fault, sentence } = parseFault(state.failure.reason);
    return { reasonCode: fault ?? state.failure.kind, reason: sentence };
  }
  if (state?.status === 'cancelled')
    return {
      reasonCode: 'cancelled',
      reason: 'The task was cancelled. To analyse the document after all, retry the failed documents.',
    };
  if (state?.status === 'escalated')
    return { reasonCode: 'escalated', reason: `The task was escalated to a person: ${state.reason}` };
  return {
    reasonCode: task ? 'unfinished' : 'not-processed',
    reason: reason ?? 'The task had not ended when the run ended. Retry the failed documents.',
  };
}

function secondsOf({ createdAt, state }: Task): number | null {
  return isTerminal(state) ? Math.max(0, state.finishedAt - createdAt) / 1_000 : null;
}
