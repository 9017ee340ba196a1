import { Choices } from '../random.ts';
import { allInstruments, type Instrument } from './instruments.ts';

/** What somebody holds and watches. `judge` needs it, since an alert is for a portfolio. */
export interface Holdings {
  readonly holdings: readonly {
    readonly subject: string;
    /** Number of shares. Below 0: sold short. */
    readonly quantity: number;
  }[];
  readonly watch: readonly string[];
  /** US dollars that one position may lose since the previous close without an alert. @default no limit */
  readonly maxPositionLossUsd?: number;
}

/** A portfolio that every simulated day has incidents for. It does not depend on the seed. */
export interface DemoPortfolio extends Holdings {
  readonly id: string;
  readonly name: string;
  readonly holdings: readonly { readonly subject: string; readonly ticker: string; readonly quantity: number }[];
  readonly maxPositionLossUsd: number;
}

/** Its shares and watch list are chosen by its id. A position is worth 50,000 to 900,000 US dollars. */
function portfolio(id: string, name: string, held: number, watched: number, maxPositionLossUsd: number): DemoPortfolio {
  const choices = new Choices(`portfolio/${id}`);
  const chosen = choices.sample(allInstruments(), held + watched);
  return {
    id,
    name,
    holdings: chosen.slice(0, held).map((instrument) => position(instrument, choices)),
    watch: chosen.slice(held).map(({ subject }) => subject),
    maxPositionLossUsd,
  };
}

function position({ subject, ticker, level }: Instrument, choices: Choices): DemoPortfolio['holdings'][number] {
  const usd = choices.within([50_000, 900_000]);
  return { subject, ticker, quantity: Math.max(10, Math.round(usd / level / 10) * 10) };
}

let demo: readonly DemoPortfolio[] | undefined;

/** Two portfolios of 40 and 32 holdings. */
export const demoPortfolios = (): readonly DemoPortfolio[] =>
  (demo ??= [portfolio('core-equity', 'Core equity', 40, 10, 40_000), portfolio('income', 'Income', 32, 8, 25_000)]);

/** The subjects that a portfolio holds or watches. */
export const subjectsOf = ({ holdings, watch }: Holdings): Set<string> =>
  new Set([...holdings.map(({ subject }) => subject), ...watch]);
