import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { invalidValue } from '../errors.ts';
import { action } from './action.ts';

const StartInput = z.strictObject({
  SourceArn: z.string(),
  DestinationArn: z.string().optional(),
  MaxNumberOfMessagesPerSecond: z.int().min(1).max(500).optional(),
});

/** Starts moving a dead-letter queue's messages to their source queues or to one other queue. */
export const startMessageMoveTask = action(StartInput, ({ store, moveTasks }, input) => {
  const source = store.byArn(input.SourceArn);
  if (source === undefined) throw notFound(`The queue ${input.SourceArn} does not exist.`);
  if (store.deadLetterSources(source).length === 0) {
    throw invalidValue('SourceArn', 'The source queue must be configured as a dead letter queue of another queue.');
  }
  if (input.DestinationArn !== undefined && store.byArn(input.DestinationArn) === undefined) {
    throw notFound(`The queue ${input.DestinationArn} does not exist.`);
  }
  const task = moveTasks.start(source, input.DestinationArn, input.MaxNumberOfMessagesPerSecond);
  return { TaskHandle: task.handle };
});

const ListInput = z.strictObject({ SourceArn: z.string(), MaxResults: z.int().min(1).max(10).default(1) });

export const listMessageMoveTasks = action(ListInput, ({ store, moveTasks }, { SourceArn, MaxResults }) => {
  const source = store.byArn(SourceArn);
  if (source === undefined) throw notFound(`The queue ${SourceArn} does not exist.`);
  const Results = moveTasks
    .of(source)
    .slice(0, MaxResults)
    .map((task) => ({
      ...(task.status === 'RUNNING' && { TaskHandle: task.handle }),
      Status: task.status,
      SourceArn: task.source.arn,
      ...(task.destinationArn !== undefined && { DestinationArn: task.destinationArn }),
      ...(task.perSecond !== undefined && { MaxNumberOfMessagesPerSecond: task.perSecond }),
      ApproximateNumberOfMessagesMoved: task.moved,
      ApproximateNumberOfMessagesToMove: task.toMove,
      ...(task.failure !== undefined && { FailureReason: task.failure }),
      StartedTimestamp: task.startedAt,
    }));
  return { Results };
});

export const cancelMessageMoveTask = action(
  z.strictObject({ TaskHandle: z.string() }),
  ({ moveTasks }, { TaskHandle }) => {
    const task = moveTasks.cancel(TaskHandle);
    if (task === undefined) throw notFound(`No running task has the handle ${TaskHandle}.`);
    return { ApproximateNumberOfMessagesMoved: task.moved };
  },
);

const notFound = (message: string): ServiceError => new ServiceError('ResourceNotFoundException', message, 404);
