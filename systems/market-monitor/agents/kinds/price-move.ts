import { defineAnalyst } from '../factory.ts';

export const priceMove = defineAnalyst({
  name: 'price-move',
  version: '1',
  explains: 'fast moves of a price',
  classes: ['company-news', 'sector-wide', 'technical', 'unexplained'],
  freshness: 600,
  instructions: `A move has a reason of the company, of its sector or market, or of trading itself, such as a thin order book. Without a text that
shows a reason, it is unexplained: say so.`,
});
