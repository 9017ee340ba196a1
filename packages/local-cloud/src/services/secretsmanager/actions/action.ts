import type { z } from 'zod';
import { parseInput } from '../../http.ts';
import type { ServiceInput, ServiceOutput } from '../../service.ts';
import type { SecretStore } from '../store.ts';

const CODES = { missing: 'InvalidParameterException', invalid: 'InvalidParameterException' };

export type SecretsAction = (store: SecretStore, input: ServiceInput) => ServiceOutput;

/** Makes an operation that parses its input. An operation that changes anything calls `store.save` before it returns. */
export function action<S extends z.ZodType>(
  schema: S,
  run: (store: SecretStore, input: z.output<S>) => ServiceOutput,
): SecretsAction {
  return (store, input) => run(store, parseInput(schema, input, CODES));
}

/** Converts a time to that of the JSON protocol: seconds since 1970. */
export const seconds = (milliseconds: number): number => milliseconds / 1000;
