import type { z } from 'zod';
import { parseInput } from '../../http.ts';
import type { ServiceInput, ServiceOutput } from '../../service.ts';
import type { SecretStore } from '../store.ts';

const CODES = { missing: 'InvalidParameterException', invalid: 'InvalidParameterException' };

export type SecretsAction = (store: SecretStore, input: ServiceInput) => ServiceOutput;

/** An operation whose input is parsed; one that changes something calls `store.save` before it returns. */
export function action<S extends z.ZodType>(
  schema: S,
  run: (store: SecretStore, input: z.output<S>) => ServiceOutput,
): SecretsAction {
  return (store, input) => run(store, parseInput(schema, input, CODES));
}

/** Times of the JSON protocol: seconds since 1970. */
export const seconds = (milliseconds: number): number => milliseconds / 1000;
