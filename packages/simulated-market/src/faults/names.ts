/** The faults of feeds. Each is a share of the events; `huge` happens once for each 20,000 at the default rate. */
export const FAULT_NAMES = [
  'duplicate',
  'late-duplicate',
  'reordered',
  'gap',
  'clock-skew',
  'wrong-symbol',
  'malformed',
  'unknown-type',
  'unknown-version',
  'bad-price',
  'huge',
  'future',
] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

export const DEFAULT_RATES: Readonly<Record<FaultName, number>> = {
  duplicate: 0.005,
  'late-duplicate': 0.002,
  reordered: 0.003,
  gap: 0.001,
  'clock-skew': 0.002,
  'wrong-symbol': 0.001,
  malformed: 0.0006,
  'unknown-type': 0.0003,
  'unknown-version': 0.0003,
  'bad-price': 0.0006,
  huge: 0.000_05,
  future: 0.0002,
};

/** No faults at all, for `faults` of the options. */
export const NO_FAULTS: Readonly<Record<FaultName, number>> = {
  duplicate: 0,
  'late-duplicate': 0,
  reordered: 0,
  gap: 0,
  'clock-skew': 0,
  'wrong-symbol': 0,
  malformed: 0,
  'unknown-type': 0,
  'unknown-version': 0,
  'bad-price': 0,
  huge: 0,
  future: 0,
};
