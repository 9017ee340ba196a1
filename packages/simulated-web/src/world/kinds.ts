export const EVENT_KINDS = [
  'launch',
  'price-cut',
  'price-rise',
  'funding',
  'hire',
  'layoffs',
  'deal',
  'lawsuit',
  'outage',
  'results',
  'officer-change',
  'rename',
] as const;

/** What can happen to a company. */
export type EventKind = (typeof EVENT_KINDS)[number];
