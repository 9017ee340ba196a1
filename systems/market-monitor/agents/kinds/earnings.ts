import { defineAnalyst } from '../factory.ts';

export const earnings = defineAnalyst({
  name: 'earnings',
  version: '1',
  explains: 'results against expectations',
  classes: ['beat', 'in-line', 'miss', 'mixed'],
  freshness: 3_600,
  instructions: `Compare earnings per share and revenue with what was expected, by the surprises that code computed. Where they disagree, it is
mixed.`,
});
