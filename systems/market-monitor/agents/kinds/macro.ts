import { defineAnalyst } from '../factory.ts';

export const macro = defineAnalyst({
  name: 'macro',
  version: '1',
  explains: 'figures of the economy',
  classes: ['above-expectation', 'below-expectation', 'in-line', 'policy'],
  freshness: 3_600,
  instructions: `The surprise is given in standard deviations. Say which kinds of companies it touches most, and what is not known yet.`,
});
