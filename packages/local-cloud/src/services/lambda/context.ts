import type { AsyncInvocations } from '../../lambda/async-invocations.ts';
import type { Functions } from '../../lambda/functions.ts';
import type { Mappings } from '../../lambda/mappings/mappings.ts';
import type { ServiceInput, ServiceOutput } from '../service.ts';

/** The context of Lambda's operations. */
export interface LambdaContext {
  readonly functions: Functions;
  readonly mappings: Mappings;
  readonly asyncInvocations: AsyncInvocations;
}

export type LambdaAction = (context: LambdaContext, input: ServiceInput) => Promise<ServiceOutput> | ServiceOutput;

/** Lambda's error codes for invalid input. */
export const INPUT_CODES = { missing: 'InvalidParameterValueException', invalid: 'InvalidParameterValueException' };
