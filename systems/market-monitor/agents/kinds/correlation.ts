import { defineAnalyst } from '../factory.ts';

export const correlation = defineAnalyst({
  name: 'correlation',
  version: '1',
  explains: 'holdings that move together',
  classes: ['sector-move', 'market-move', 'coincidence', 'unexplained'],
  freshness: 600,
  instructions: `Companies that move together share a sector, a supplier, a rate or a piece of news. Say which the signals show. Without one, it
may be a coincidence.`,
});
