import { z } from 'zod';
import { UserError } from '../user-error.ts';

/** The CloudFormation outputs of one stack. */
export type StackOutputs = Readonly<Record<string, string>>;

/** The outputs of a fleet's stacks by system; `platform` and `api` are the stacks that all systems share. */
export type FleetOutputs = Readonly<Record<string, StackOutputs>>;

/** Finds the outputs of each system among those of all stacks: each stack says whose it is by its output `System`. */
export function outputsBySystem(stacks: Readonly<Record<string, StackOutputs>>): FleetOutputs {
  return Object.fromEntries(
    Object.values(stacks).flatMap((outputs) => {
      const { System: system, ...others } = outputs;
      return system === undefined ? [] : [[system, others] as const];
    }),
  );
}

/** Parses the outputs of one system. Throws a `UserError` when the fleet does not have it. */
export function outputsOf<Schema extends z.ZodType>(
  outputs: FleetOutputs,
  system: string,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(outputs[system]);
  if (parsed.success) return parsed.data;
  const has = Object.keys(outputs).filter((name) => name !== 'platform' && name !== 'api');
  throw new UserError(
    `This fleet does not have the system "${system}"; it has ${has.join(', ') || 'none'}.`,
    `Stop it and start it again with npm start, or with --systems ${[...has, system].join(',')}.`,
  );
}

/** What the command line uses of the platform's stack. */
export const platformOutputsSchema = z.object({
  StateTable: z.string(),
  AuditBucket: z.string(),
  CallbackSecret: z.string(),
});

const apiOutputsSchema = z.object({ ApiUrl: z.string(), UsagePlanId: z.string() });

/** Where the task API answers, where its keys are, and where callbacks are sent. */
export const apiPlaceSchema = z.object({
  url: z.url(),
  table: z.string(),
  usagePlan: z.string(),
  callbackSecret: z.string(),
  /** The URL of the queue of callbacks. Absent if an earlier release started the fleet. */
  callbackQueue: z.string().optional(),
});
export type ApiPlace = z.infer<typeof apiPlaceSchema>;

/** The task API of a fleet. Throws a `UserError` when it has none. */
export function apiPlace(outputs: FleetOutputs): ApiPlace {
  const api = outputsOf(outputs, 'api', apiOutputsSchema);
  const platform = outputsOf(outputs, 'platform', platformOutputsSchema);
  return {
    url: api.ApiUrl.replace(/\/+$/, ''),
    table: platform.StateTable,
    usagePlan: api.UsagePlanId,
    callbackSecret: platform.CallbackSecret,
    callbackQueue: outputs['platform']?.['CallbackQueueUrl'],
  };
}
