import { z } from 'zod';

const states = z.record(z.string(), z.looseObject({ Type: z.string() }));
const definitionSchema = z.looseObject({
  QueryLanguage: z.literal('JSONata'),
  States: z.looseObject({
    Documents: z.looseObject({ ItemProcessor: z.looseObject({ StartAt: z.string(), States: states }) }),
    Aggregate: z.looseObject({ Type: z.literal('Task') }),
  }),
});

const FAILED_MAP = {
  Type: 'Pass',
  Output: { results: null, mapError: { error: 'Map.Missing', cause: 'MiniStack has no Distributed Map.' } },
  Next: 'Aggregate',
} as const;

/** State machines made from parts of the deployed fan-out, for a cloud without Distributed Maps. */
export interface DerivedMachines {
  /** The child of the Distributed Map. Its input is a batch. */
  readonly child: string;
  /** The states after the map. */
  readonly fanIn: string;
  /** All states, with a map that fails. MiniStack ends the execution at the real one. */
  readonly aroundMap: string;
}

/**
 * Splits the fan-out's definition as `DescribeStateMachine` returns it. States are unchanged, except that an expression
 * in `TimeoutSeconds` becomes a number, because MiniStack does not evaluate it.
 */
export function deriveMachines(definition: string): DerivedMachines {
  const plain = definition.replaceAll(/("TimeoutSeconds":\s*)"\{%\s*(\d+)\s*%\}"/g, '$1$2');
  const whole = definitionSchema.parse(JSON.parse(plain));
  const { QueryLanguage, States } = whole;
  const { StartAt, States: inner } = States.Documents.ItemProcessor;
  const { Begin: _, MayStart: ___, Documents: __, ...rest } = States;
  return {
    child: JSON.stringify({ QueryLanguage, StartAt, States: inner }),
    fanIn: JSON.stringify({ QueryLanguage, StartAt: 'Aggregate', States: rest }),
    aroundMap: JSON.stringify({ ...whole, States: { ...States, Documents: FAILED_MAP } }),
  };
}
