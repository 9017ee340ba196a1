import type { OperationId } from '#core/api/operations.ts';
import type { World } from '../../e2e/api/foreign/drive.ts';

export interface Request {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}
/** What the parrot's key made. */
export interface Made extends World {
  readonly task: string;
  readonly run: string;
  readonly bulk: string;
}
export interface Rule {
  /** `refused`: a 403 or 404. `silent`: a good answer in which nothing of the other agent appears. */
  readonly answer: 'refused' | 'silent';
  readonly asks: (made: Made) => Request;
}

export const SESSION = 'talk-of-the-parrot';
export const WORDS = 'The parrot said pineapple.';
export const parrots = { agent: 'parrot', instruction: WORDS };

/** One rule for each operation: how the API answers a key of the owl that asks for what is the parrot's. */
export const RULES: Readonly<Record<OperationId, readonly Rule[]>> = {
  submitTask: [
    { answer: 'refused', asks: () => ({ body: parrots }) },
    { answer: 'refused', asks: () => ({ body: { ...parrots, agent: 'owl', sessionId: SESSION } }) },
  ],
  waitForTasks: [{ answer: 'silent', asks: ({ task }) => ({ body: { ids: [task], wait: 0 } }) }],
  submitBatch: [{ answer: 'silent', asks: () => ({ body: { tasks: [parrots, { ...parrots, sessionId: SESSION }] } }) }],
  listTasks: [
    { answer: 'silent', asks: () => ({}) },
    { answer: 'silent', asks: () => ({ query: { sessionId: SESSION } }) },
    { answer: 'silent', asks: ({ run }) => ({ query: { runId: run } }) },
    { answer: 'refused', asks: () => ({ query: { agent: 'parrot' } }) },
    { answer: 'refused', asks: ({ task }) => ({ query: { parent: task } }) },
  ],
  getTask: [{ answer: 'refused', asks: ({ task }) => ({ params: { id: task } }) }],
  getSteps: [{ answer: 'refused', asks: ({ task }) => ({ params: { id: task } }) }],
  cancelTask: [{ answer: 'refused', asks: ({ task }) => ({ params: { id: task } }) }],
  retryTask: [{ answer: 'refused', asks: ({ failed }) => ({ params: { id: failed } }) }],
  prepareUpload: [{ answer: 'silent', asks: () => ({ body: { size: 9 } }) }],
  getSession: [{ answer: 'refused', asks: () => ({ params: { id: SESSION } }) }],
  forgetSession: [{ answer: 'refused', asks: () => ({ params: { id: SESSION } }) }],
  submitRun: [
    { answer: 'silent', asks: () => ({ body: { tasks: [{ ...parrots, sessionId: SESSION }] } }) },
    { answer: 'refused', asks: () => ({ body: { workflow: 'parrots', items: [{ id: 'one', text: WORDS }] } }) },
  ],
  listRuns: [{ answer: 'silent', asks: () => ({}) }],
  getRun: [{ answer: 'refused', asks: ({ run }) => ({ params: { id: run } }) }],
  getRunReport: [{ answer: 'refused', asks: ({ run }) => ({ params: { id: run } }) }],
  cancelRun: [{ answer: 'refused', asks: ({ run }) => ({ params: { id: run } }) }],
  listEscalations: [{ answer: 'silent', asks: () => ({}) }],
  claimEscalation: [
    { answer: 'refused', asks: ({ escalated }) => ({ params: { id: escalated }, body: { by: 'eve' } }) },
  ],
  answerEscalation: [
    { answer: 'refused', asks: ({ escalated }) => ({ params: { id: escalated }, body: { by: 'eve', reply: 'No.' } }) },
  ],
  submitBulkAction: [
    { answer: 'refused', asks: () => ({ body: { action: 'cancel', filter: { agent: 'parrot' } } }) },
    { answer: 'silent', asks: () => ({ body: { action: 'cancel', filter: { since: '2020-01-01T00:00:00Z' } } }) },
    {
      answer: 'silent',
      asks: ({ failed }) => ({ body: { action: 'retry', dryRun: true, filter: { tasks: [failed] } } }),
    },
    {
      answer: 'silent',
      asks: () => ({ body: { action: 'redrive', dryRun: true, filter: { since: '2020-01-01T00:00:00Z' } } }),
    },
  ],
  listBulkActions: [{ answer: 'silent', asks: () => ({}) }],
  getBulkAction: [{ answer: 'refused', asks: ({ bulk }) => ({ params: { id: bulk } }) }],
  cancelBulkAction: [{ answer: 'refused', asks: ({ bulk }) => ({ params: { id: bulk } }) }],
  listPools: [
    { answer: 'silent', asks: () => ({}) },
    { answer: 'silent', asks: () => ({ query: { tasks: 'true' } }) },
  ],
  pausePool: [{ answer: 'refused', asks: () => ({ params: { agent: 'parrot' }, body: { reason: 'No.', by: 'eve' } }) }],
  resumePool: [{ answer: 'refused', asks: () => ({ params: { agent: 'parrot' } }) }],
  pauseFleet: [{ answer: 'refused', asks: () => ({ body: { reason: 'No.', by: 'eve' } }) }],
  resumeFleet: [{ answer: 'refused', asks: () => ({}) }],
  pauseTenant: [
    { answer: 'refused', asks: () => ({ params: { tenant: 'acme' }, body: { reason: 'No.', by: 'eve' } }) },
  ],
  resumeTenant: [{ answer: 'refused', asks: () => ({ params: { tenant: 'acme' } }) }],
  listDeadLetters: [
    { answer: 'refused', asks: () => ({ params: { agent: 'parrot' } }) },
    { answer: 'silent', asks: () => ({ params: { agent: 'owl' } }) },
  ],
  redrive: [
    { answer: 'refused', asks: ({ dead }) => ({ params: { agent: 'parrot' }, body: { tasks: [dead] } }) },
    { answer: 'silent', asks: ({ dead }) => ({ params: { agent: 'owl' }, body: { tasks: [dead] } }) },
  ],
  getUsage: [
    { answer: 'silent', asks: () => ({}) },
    { answer: 'refused', asks: () => ({ query: { agent: 'parrot' } }) },
  ],
  getTaskLogs: [{ answer: 'refused', asks: ({ task }) => ({ params: { id: task } }) }],
  getTaskTrace: [{ answer: 'refused', asks: ({ task }) => ({ params: { id: task } }) }],
  whyTask: [{ answer: 'refused', asks: ({ task }) => ({ params: { id: task } }) }],
  listLogs: [
    { answer: 'silent', asks: () => ({}) },
    { answer: 'refused', asks: () => ({ query: { agent: 'parrot' } }) },
  ],
  listAlarms: [{ answer: 'silent', asks: () => ({}) }],
  getAlarm: [{ answer: 'refused', asks: () => ({ params: { name: 'fleet-parrot-alarm' } }) }],
  getTaskAlarms: [{ answer: 'refused', asks: ({ task }) => ({ params: { id: task } }) }],
  getTaskAudit: [{ answer: 'refused', asks: ({ task }) => ({ params: { id: task } }) }],
  getMetrics: [
    { answer: 'refused', asks: () => ({ query: { names: 'TasksSucceeded', agent: 'parrot' } }) },
    { answer: 'silent', asks: () => ({ query: { names: 'TasksSucceeded', agent: 'owl' } }) },
  ],
  listAgents: [{ answer: 'silent', asks: () => ({}) }],
  getOpenApi: [],
};
