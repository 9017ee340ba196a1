import { defineAnalyst } from '../factory.ts';

export const analystRating = defineAnalyst({
  name: 'analyst-rating',
  version: '1',
  explains: 'changed ratings of analysts',
  classes: ['upgrade', 'downgrade', 'target-change', 'confirmation'],
  freshness: 3_600,
  instructions: `Say who changed what, and the reason that the text gives. Several changes on one day mean more than one.`,
});
