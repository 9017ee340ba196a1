import { z } from 'zod';
import type { MappingState } from '../../../lambda/mappings/mappings.ts';
import { parseInput } from '../../http.ts';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import { INPUT_CODES } from '../context.ts';
import type { LambdaAction } from '../context.ts';

const Named = z.strictObject({ UUID: z.string() });
const Listed = z.strictObject({
  FunctionName: z.string().optional(),
  EventSourceArn: z.string().optional(),
  MaxItems: z.coerce.number().optional(),
});
const Updated = z.strictObject({
  UUID: z.string(),
  FunctionName: z.string().optional(),
  Enabled: z.boolean().optional(),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.int().min(2).max(1000) }).optional(),
});

export const getEventSourceMapping: LambdaAction = ({ mappings }, input) =>
  describe(mappings.get(parseInput(Named, input, INPUT_CODES).UUID));

export const listEventSourceMappings: LambdaAction = ({ mappings, functions }, input) => {
  const { FunctionName, EventSourceArn } = parseInput(Listed, input, INPUT_CODES);
  const functionName =
    FunctionName === undefined ? undefined : functions.find(FunctionName).function.config.functionName;
  const listed = mappings
    .list()
    .filter(({ config }) => functionName === undefined || config.functionName === functionName)
    .filter(({ config }) => EventSourceArn === undefined || config.queueArn === EventSourceArn);
  return { EventSourceMappings: listed.map(describe) };
};

/** Pauses, resumes or rescales a mapping. Pausing all mappings stops a fleet's work without losing any of it. */
export const updateEventSourceMapping: LambdaAction = ({ mappings, functions }, input) => {
  const { UUID, FunctionName, Enabled, ScalingConfig } = parseInput(Updated, input, INPUT_CODES);
  const { config } = mappings.get(UUID);
  if (FunctionName !== undefined && functions.find(FunctionName).arn !== config.functionArn) {
    const message = 'The local cloud cannot move a mapping to another function. Change the template instead.';
    throw new ServiceError('InvalidParameterValueException', message);
  }
  return describe(mappings.update(UUID, { enabled: Enabled, maximumConcurrency: ScalingConfig?.MaximumConcurrency }));
};

function describe({ config, enabled, modifiedAt }: MappingState): ServiceOutput {
  return {
    UUID: config.uuid,
    EventSourceArn: config.queueArn,
    FunctionArn: config.functionArn,
    BatchSize: config.batchSize,
    MaximumBatchingWindowInSeconds: config.batchingWindowSeconds,
    FunctionResponseTypes: config.reportBatchItemFailures ? ['ReportBatchItemFailures'] : [],
    ...(config.maximumConcurrency !== undefined && {
      ScalingConfig: { MaximumConcurrency: config.maximumConcurrency },
    }),
    State: enabled ? 'Enabled' : 'Disabled',
    LastModified: modifiedAt / 1000,
  };
}
