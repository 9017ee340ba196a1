import { chanceOf, type Chance } from '../../world/chance.ts';

export const REGIONS = [0, 1, 2] as const;
export const NAMES = ['us', 'eu', 'ap'] as const;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** What goes wrong, from when to when. */
export type Fault =
  /** The region dies, and returns with its data; its last writes arrive elsewhere only then. */
  | { readonly kind: 'dies'; readonly region: number; readonly from: number; readonly to: number }
  /** The region is gone for good, and with it the writes that were confirmed there and had not arrived elsewhere. */
  | { readonly kind: 'is lost'; readonly region: number; readonly from: number; readonly to: number }
  /** Nothing arrives from one region at another. */
  | {
      readonly kind: 'is cut off';
      readonly region: number;
      readonly toward: number;
      readonly from: number;
      readonly to: number;
    }
  /** The region's workers do nothing. Everything else answers. */
  | { readonly kind: 'does no work'; readonly region: number; readonly from: number; readonly to: number }
  /** The region's keeper stands still, and goes on as if nothing had happened. */
  | { readonly kind: 'stands still'; readonly region: number; readonly from: number; readonly to: number }
  /** What the region writes is replicated only afterwards. */
  | { readonly kind: 'lags'; readonly region: number; readonly from: number; readonly to: number };

export interface Order {
  readonly at: number;
  readonly key: string;
  /** The nearest region. */
  readonly region: number;
  readonly durability: 'region' | 'global';
  /** Model calls that it takes. */
  readonly calls: number;
  readonly budgetUsd: number;
  /** The same request is sent to another region as well. */
  readonly twice: boolean;
}

export interface GlobalPlan {
  readonly seed: number;
  readonly orders: readonly Order[];
  readonly faults: readonly Fault[];
  /** By region: how fast its stopwatch is. */
  readonly speeds: readonly number[];
  /** Usual replication takes up to this long. */
  readonly lagMs: number;
  /** From here on nothing goes wrong. */
  readonly faultsUntil: number;
}

/** The cost of a call, in US dollars. */
export const CALL_USD = 0.1;

/** The world of a seed. */
export function globalPlanOf(seed: number): GlobalPlan {
  const chance = chanceOf(seed, 11);
  const faults = faultsOf(chance);
  const faultsUntil = Math.max(
    MINUTE,
    ...faults.map(({ from, to }) => Math.max(from, Number.isFinite(to) ? to : from)),
  );
  const orders = Array.from({ length: chance.between(3, 9) }, (_, index) => orderOf(chance, index, seed, faults[0]));
  const speeds = REGIONS.map(() => (chance.hits(0.5) ? 1 : 0.97 + chance.next() * 0.06));
  return { seed, orders, faults, speeds, lagMs: chance.pick([300, 1_000, 5_000]), faultsUntil };
}

/** Most orders are for the region that something happens to, shortly before it does. */
function orderOf(chance: Chance, index: number, seed: number, fault?: Fault): Order {
  const isThere = fault !== undefined && chance.hits(0.6);
  const name = isThere ? (NAMES[fault.region] ?? 'us') : chance.pick(NAMES);
  const uuid = `00000000-0000-4000-8000-${String(seed * 100 + index).padStart(12, '0')}`;
  const calls = chance.between(1, 4);
  return {
    at: isThere
      ? Math.max(0, fault.from + chance.between(-15, 5) * SECOND)
      : chance.between(0, chance.hits(0.7) ? MINUTE : 4 * MINUTE),
    key: chance.hits(0.7) ? `${name}.${uuid}` : `order-${index}`,
    region: chance.between(0, 2),
    durability: chance.hits(0.5) ? 'global' : 'region',
    calls,
    // In some the calls fit exactly, so that nothing may be spent twice.
    budgetUsd: chance.hits(0.3) ? calls * CALL_USD : 2,
    twice: chance.hits(0.3),
  };
}

/** One region at a time is gone. All else may come together. */
function faultsOf(chance: Chance): readonly Fault[] {
  const region = chance.between(0, 2);
  const others = REGIONS.filter((one) => one !== region);
  const from = chance.between(5 * SECOND, 90 * SECOND);
  const to = from + chance.between(5 * SECOND, chance.pick([MINUTE, 5 * MINUTE]));
  const kind = chance.pick([
    'none',
    'dies',
    'is lost',
    'is cut off',
    'does no work',
    'stands still',
    'several',
  ] as const);
  const lag = { kind: 'lags', region, from: Math.max(0, from - chance.between(0, 30 * SECOND)) } as const;
  const lags: Fault[] = chance.hits(0.4) ? [{ ...lag, to: to + chance.pick([0, 30 * SECOND, 30 * MINUTE]) }] : [];
  const cut = (): Fault[] => {
    const directions = others.flatMap(
      (other) =>
        [
          [region, other],
          [other, region],
        ] as const,
    );
    const chosen = chance.hits(0.4) ? directions : directions.filter(() => chance.hits(0.5));
    return chosen.map(([one, toward]) => ({ kind: 'is cut off', region: one, toward, from, to }));
  };
  switch (kind) {
    case 'none':
      return lags;
    case 'is lost':
      return [{ kind, region, from, to: Infinity }];
    case 'dies':
      return [{ kind, region, from, to }, ...lags];
    case 'does no work':
      return [{ kind, region, from, to: chance.hits(0.5) ? Infinity : to }, ...lags];
    case 'stands still':
      return [{ kind, region, from, to }, ...lags];
    case 'is cut off':
      return [...cut(), ...lags];
    case 'several': {
      const second = to + chance.between(0, MINUTE);
      const other = chance.pick(others.length > 1 ? [others[0] ?? 0, others[1] ?? 0] : [0]);
      const later: Fault = {
        kind: 'dies',
        region: other,
        from: second,
        to: second + chance.between(5 * SECOND, 2 * MINUTE),
      };
      return [...cut(), { kind: 'stands still', region, from: to, to: to + 20 * SECOND }, later, ...lags];
    }
  }
}
