import { z } from 'zod';

const states = z.record(z.string(), z.looseObject({ Type: z.string() }));
const definitionSchema = z.looseObject({
  QueryLanguage: z.literal('JSONata'),
  States: z.looseObject({
    Documents: z.looseObject({ ItemProcessor: z.looseObject({ StartAt: z.string(), States: states }) }),
    Aggregate: z.looseObject({ Type: z.literal('Task') }),
  }),
});

/** Machines made of parts of the deployed fan-out, for a cloud without Distributed Maps. */
export interface DerivedMachines {
  /** What the Distributed Map runs as a child: its input is a batch. */
  readonly child: string;
  /** What comes after the map. */
  readonly fanIn: string;
}

/**
 * Takes the fan-out's deployed definition, as `DescribeStateMachine` tells it. States stay word for word, but for
 * `TimeoutSeconds`, whose expressions MiniStack does not evaluate: they become their number.
 */
export function deriveMachines(definition: string): DerivedMachines {
  const plain = definition.replaceAll(/("TimeoutSeconds":\s*)"\{%\s*(\d+)\s*%\}"/g, '$1$2');
  const { QueryLanguage, States } = definitionSchema.parse(JSON.parse(plain));
  const { StartAt, States: inner } = States.Documents.ItemProcessor;
  const { ReadManifest: _, Documents: __, ...rest } = States;
  return {
    child: JSON.stringify({ QueryLanguage, StartAt, States: inner }),
    fanIn: JSON.stringify({ QueryLanguage, StartAt: 'Aggregate', States: rest }),
  };
}
