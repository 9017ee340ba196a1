import { assumed, counted, type Sourced } from './sourced.ts';

/**
 * What one task asks of AWS, from its acceptance to its end. This module is the only input of the model that changes with
 * the fleet's own code.
 */
export interface TaskCalls {
  /** Calls of AWS in all, by the fleet's functions. */
  readonly calls: Sourced;
  /** Those of a worker that are waited for, one after the other. */
  readonly waitedFor: Sourced;
  /** DynamoDB: units of 1 KB written, with the entries of indexes. */
  readonly writeUnits: Sourced;
  /** DynamoDB: units of 4 KB read. */
  readonly readUnits: Sourced;
  /** Write units that all tasks of a tenant and an agent have on one item, and so in one partition. */
  readonly hotWriteUnits: Sourced;
  readonly sqsRequests: Sourced;
  readonly s3Puts: Sourced;
  readonly transitions: Sourced;
  /** Calls of SendTaskSuccess or SendTaskFailure. */
  readonly taskTokens: Sourced;
  readonly modelCalls: Sourced;
}

const COUNT = 'counted on a local fleet, 200 tasks of 2 KB';
const READ =
  'counted on the real adapters: test/adapters/calls-per-task.txt, and the message hidden once: calls of a model take over a second';
const UNITS = 'counted on the real adapters, tasks with an input of 1.1 KB';
const NONE = counted(0, 'this kind of task makes none');
const HOT = counted(1, 'the usage counter of a tenant and an agent, once a task');
const QUEUE = counted(2.5, `${COUNT}: send, receive, extend, delete; receives and deletes are batched`);
const DELIVERED_QUEUE = counted(2.5, 'as for a task; the state machine sends the message');

/** One model call, submitted over the API. */
const TASK = {
  calls: counted(8, READ),
  waitedFor: counted(4, READ),
  writeUnits: counted(14, `${UNITS}: 4 writes`),
  readUnits: counted(1, READ),
  hotWriteUnits: HOT,
  sqsRequests: QUEUE,
  s3Puts: NONE,
  transitions: NONE,
  taskTokens: NONE,
  modelCalls: counted(1, 'one model call'),
} as const satisfies TaskCalls;

/** By kind of task. */
export const CALLS = {
  task: TASK,
  /** The same in a session of its own. */
  session: {
    ...TASK,
    calls: counted(10, READ),
    waitedFor: counted(5, READ),
    writeUnits: counted(18, `${UNITS}: 6 writes`),
  },
  /** Two model calls with a tool call between them. */
  tool: {
    calls: counted(15, READ),
    waitedFor: counted(10, READ),
    writeUnits: counted(27, `${UNITS}: 8 writes`),
    readUnits: counted(1, READ),
    hotWriteUnits: counted(2, 'the usage counter of a tenant and an agent, once a model call'),
    sqsRequests: QUEUE,
    s3Puts: counted(2, 'an audit entry before and one after the tool call'),
    transitions: NONE,
    taskTokens: NONE,
    modelCalls: counted(2, 'two model calls'),
  },
  /** A document of a fan-out. */
  document: {
    calls: counted(12, READ),
    waitedFor: counted(10, READ),
    writeUnits: counted(24, `as for a task, and its note, ${UNITS}`),
    readUnits: counted(2, READ),
    hotWriteUnits: HOT,
    sqsRequests: DELIVERED_QUEUE,
    s3Puts: NONE,
    transitions: assumed(3, 'state-machines/fan-out.asl.json: two states a document, and its share of a batch'),
    taskTokens: counted(1, 'SendTaskSuccess at its end'),
    modelCalls: counted(1, 'one model call'),
  },
} as const satisfies Record<string, TaskCalls>;

export type Kind = keyof typeof CALLS;
export const KINDS = Object.keys(CALLS) as Kind[];
