import type { Amount, DayLimit } from '#core/budgets/day-budget.ts';
import type { PartCounter } from '#core/regions/day-gifts.ts';
import { expectThat } from '../../checks/violation.ts';
import { chanceOf } from '../../world/chance.ts';
import { Scheduler } from '../../world/scheduler.ts';
import { Trace } from '../../world/trace.ts';
import { RegionsJudge } from '../checks/regions-judge.ts';
import type { RegionsCore } from '../core.ts';
import { Globe, othersOf, type Life } from './globe.ts';
import { globalPlanOf, NAMES, REGIONS } from './plan.ts';
import { ReplicatedTable } from './replicated-table.ts';

/** What one day may cost, in US dollars, over all regions. */
const DAY_USD = 30;
/** After the last fault, so that what was held back arrives. */
const SETTLE_MS = 60_000;

export interface SpendingResult {
  readonly violation: { readonly check: string; readonly what: string } | null;
  /** What calls of all regions hold in the end, in US dollars. */
  readonly heldUsd: number;
  readonly seen: Readonly<Record<string, number>>;
}

/**
 * Three regions spend one day's budget (I4) over a replicated table, under the faults of a seed: one of them much more than
 * its part. Nothing else happens in this world.
 */
export async function runSpending(core: RegionsCore, seed: number): Promise<SpendingResult> {
  const plan = globalPlanOf(seed);
  const scheduler = new Scheduler();
  const globe = new Globe(scheduler, chanceOf(seed, 21), plan, new Trace(() => scheduler.now, false));
  const judge = new RegionsJudge();
  const table = new ReplicatedTable(globe, judge);
  const busiest = globe.chance.between(0, 2);
  const ledger = { heldUsd: 0 };
  const parts = { core, globe, judge, table, ledger };
  const start = (region: number): void =>
    new Spender(parts, globe.begins(region), region === busiest ? 400 : 4_000).start();
  for (const region of REGIONS) start(region);
  for (const fault of plan.faults) {
    globe.scheduler.at(fault.from, () => {
      if (fault.kind === 'dies' || fault.kind === 'is lost') globe.dies(fault.region);
    });
    if (fault.kind === 'dies') globe.scheduler.at(fault.to, () => start(fault.region));
  }
  await scheduler.run(() => judge.violation !== null || scheduler.now > plan.faultsUntil + SETTLE_MS);
  const { violation } = judge;
  return {
    violation: violation && { check: violation.check, what: violation.message },
    heldUsd: ledger.heldUsd,
    seen: Object.fromEntries(judge.seen),
  };
}

interface SpendingParts {
  readonly core: RegionsCore;
  readonly globe: Globe;
  readonly judge: RegionsJudge;
  readonly table: ReplicatedTable;
  /** What calls of all regions hold, as the judge counts it. */
  readonly ledger: { heldUsd: number };
}

const LIMIT: DayLimit = { counter: { of: 'agent', name: 'a', day: '2026-12-01' }, most: { usd: DAY_USD } };
const PK = 'SPEND#AGENT#a';

/** A region's counter as a replica has it. */
const counterIn = (core: RegionsCore, table: ReplicatedTable, replica: number, region: number): PartCounter =>
  (table.read(replica, PK).get(NAMES[region] ?? '') as PartCounter | undefined) ?? { held: core.NO_GIFT, gave: {} };

/** A process that makes calls, in one life of its region. It forgets what its region was given when it dies. */
class Spender {
  readonly #parts: SpendingParts;
  readonly #life: Life;
  readonly #everyMs: number;
  readonly #given = new Map<number, Amount>();

  constructor(parts: SpendingParts, life: Life, everyMs: number) {
    this.#parts = parts;
    this.#life = life;
    this.#everyMs = everyMs;
  }

  start(): void {
    void this.#spend();
  }

  async #spend(): Promise<void> {
    const { globe, judge } = this.#parts;
    for (;;) {
      await globe.sleep(this.#life, this.#everyMs * 2 * globe.chance.next());
      const amount = { usd: globe.chance.between(1, 8) / 10, tokens: 0 };
      const fits = this.#reserve(amount) || ((await this.#ask(amount)) && this.#reserve(amount));
      judge.count(fits ? 'call' : 'call without room');
    }
  }

  get #limit(): DayLimit {
    const { core } = this.#parts;
    return core.limitOfPart(LIMIT, REGIONS.length, [...this.#given.values()]);
  }

  #reserve(amount: Amount): boolean {
    const { core, judge, ledger, table } = this.#parts;
    const { region } = this.#life;
    const stored = counterIn(core, table, region, region);
    if (!core.fitsOn(stored.held, amount, this.#limit)) return false;
    const next: PartCounter = { ...stored, held: core.plus(stored.held, amount) };
    table.write(region, PK, NAMES[region] ?? '', next, () => true);
    ledger.heldUsd += amount.usd;
    const { heldUsd } = ledger;
    judge.observe(() =>
      expectThat(heldUsd <= DAY_USD + 1e-6, 'I4', () => `calls of one day hold $${heldUsd} of $${DAY_USD}`),
    );
    return true;
  }

  /** First what others gave before, as this replica has it; then a gift of each, until it is enough. */
  async #ask(amount: Amount): Promise<boolean> {
    const { core, globe, table } = this.#parts;
    const { region } = this.#life;
    const { held } = counterIn(core, table, region, region);
    for (const giver of othersOf(region)) this.#note(giver, counterIn(core, table, region, giver));
    for (const giver of othersOf(region)) {
      const lacking = core.lackingFor(this.#limit, held, amount);
      if (lacking.usd === 0) return true;
      const counter = await globe.call(this.#life, giver, () => this.#give(giver, lacking)).catch(() => null);
      if (counter) this.#note(giver, counter);
    }
    return true;
  }

  /** In the giver's region. */
  #give(giver: number, lacking: Amount): PartCounter | null {
    const { core, judge, table } = this.#parts;
    const stored = counterIn(core, table, giver, giver);
    const gift = core.giftOf(core.limitOfPart(LIMIT, REGIONS.length, []), stored.held, lacking);
    if (!gift) return null;
    judge.count('gift');
    const next = core.withGift(stored, NAMES[this.#life.region] ?? '', gift);
    table.write(giver, PK, NAMES[giver] ?? '', next, () => true);
    return next;
  }

  #note(giver: number, { gave }: PartCounter): void {
    const { core } = this.#parts;
    const given = gave[NAMES[this.#life.region] ?? ''] ?? core.NO_GIFT;
    const before = this.#given.get(giver) ?? core.NO_GIFT;
    if (given.usd > before.usd) this.#given.set(giver, given);
  }
}
