import { defineAnalyst } from '../factory.ts';

export const insiderTrades = defineAnalyst({
  name: 'insider-trades',
  version: '1',
  explains: 'trades of insiders',
  classes: ['routine', 'notable-sale', 'notable-purchase', 'unexplained'],
  freshness: 21_600,
  instructions: `Sales on a plan, for taxes or after options are routine. A purchase in the open market, or a sale that is large for the insider, is
notable.`,
});
