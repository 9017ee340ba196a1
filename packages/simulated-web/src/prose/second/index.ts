import type { Prose } from '../types.ts';
import * as context from './context.ts';
import { deal, funding, results } from './money.ts';
import { launch, cheaper, dearer } from './offers.ts';
import { hire, layoffs, officerChange, rename } from './people.ts';
import { lawsuit, outage } from './trouble.ts';

export const second: Prose = {
  kinds: {
    launch,
    'price-cut': cheaper,
    'price-rise': dearer,
    funding,
    hire,
    layoffs,
    deal,
    lawsuit,
    outage,
    results,
    'officer-change': officerChange,
    rename,
  },
  ...context,
};
