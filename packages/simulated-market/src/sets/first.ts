import { firstProse } from '../prose/first.ts';
import type { MarketSet } from './types.ts';

export const firstSet: MarketSet = {
  prose: firstProse,
  urgent: [
    'fast-move',
    'filing-1.05',
    'slide',
    'halt',
    'plunge',
    'filing-4.02',
    'slide-further',
    'gap-open',
    'filing-3.01',
    'return',
    'halt-gap',
    'filing-1.03',
  ],
  quiet: ['almost-fast', 'luld', 'almost-slide', 'gap-small', 'split', 'filing-quiet', 'dividend', 'ticker-change'],
  up: 0.35,
  fast: [6.2, 7.2],
  almostFast: [3.7, 4.1],
  plunge: [10.9, 12.2],
  step: [0.4, 0.8],
  recovery: [0.1, 0.6],
  start: [0.05, 0.8],
  crash: [0.82, 0.86],
  crashDepth: [6.2, 7],
  amended: 0.5,
  injected: 0.004,
  outletsPerStory: [1, 3.4],
};
